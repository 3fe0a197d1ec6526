// @ts-check
// Builds a server written in Go from its module, at a fixed version, into the cache.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailed, runCommand } from './run-command.mjs';
import { SetupFailure } from './failure.mjs';

/** @typedef {import('./server-cache.mjs').InstallContext} InstallContext */
/** @typedef {import('./server-cache.mjs').Recipe} Recipe */

/**
 * Go learned to fetch the toolchain that a module asks for in 1.21 (go.dev/doc/toolchain).
 * @param {string} versionText  the output of `go version`
 * @returns {boolean}
 */
export function isGoNewEnough(versionText) {
  const match = /go(\d+)\.(\d+)/.exec(versionText);
  return match !== null && (Number(match[1]) > 1 || Number(match[2]) >= 21);
}

/**
 * @param {string} needed    what Go is needed for
 * @param {string} variable  the environment variable that names a server of one's own
 * @param {string} [found]   the output of `go version`, when Go is there but too old
 * @param {string} [least]    the version that is needed where Go may fetch none by itself (GOTOOLCHAIN is `local`)
 */
export function goMissing(needed, variable, found, least) {
  const enough = least
    ? `Go ${least} is needed, or GOTOOLCHAIN=auto, with which Go fetches it by itself`
    : 'Go 1.21 is needed (it fetches a newer one by itself)';
  return new SetupFailure(
    found ? `Go is too old to build ${needed}` : `Go was not found; it is needed to build ${needed}`,
    found ? `This is ${found.trim()}; at least ${enough}.` : 'There is no `go` on PATH.',
    [
      'install Go from https://go.dev/dl/ and have its bin folder on PATH',
      'or use Docker: `docker compose up`',
      `or run a server of your own and set ${variable}`,
    ],
  );
}

/**
 * @param {{ name: string, version: string, module: string, variable: string, ldflags?: string, asTool?: boolean }} program
 *   `asTool`: its go.mod has replace lines, so that `go install module@version` is refused; it is built as a
 *   tool of a module made for it instead
 * @returns {Recipe}
 */
export function goRecipe(program) {
  const label = `${program.name} ${program.version}`;
  return {
    name: program.name,
    variable: program.variable,
    revision: 1,
    accepts: (version) => version === program.version,
    async unpack(work, context) {
      const run = { signal: context.signal, logFile: context.logFile, cwd: work };
      await requireGo(label, program.variable, context);
      const env = { ...process.env, GOBIN: join(work, 'bin'), GOFLAGS: '-trimpath -buildvcs=false' };
      if (process.env['GOFLAGS']) env.GOFLAGS += ` ${process.env['GOFLAGS']}`;
      const flags = program.ldflags ? ['-ldflags', program.ldflags] : [];
      const onLine = (/** @type {string} */ line) => context.note(line.replace(/^go: /, '').slice(0, 60));
      context.note('compiling');
      const at = `${program.module}@v${program.version}`;
      try {
        if (program.asTool) {
          const source = join(work, 'source');
          mkdirSync(source);
          const inSource = { ...run, env, cwd: source, onLine };
          await runCommand('go', ['mod', 'init', 'offload.invalid/tool'], inSource);
          await runCommand('go', ['get', '-tool', at], inSource);
          context.note('compiling');
          await runCommand('go', ['install', ...flags, program.module], inSource);
          rmSync(source, { recursive: true });
        } else {
          await runCommand('go', ['install', ...flags, at], { ...run, env, onLine });
        }
      } catch (error) {
        if (error instanceof CommandFailed && /GOTOOLCHAIN=local/.test(error.output)) {
          throw goMissing(
            label,
            program.variable,
            /running (go [\d.]+)/.exec(error.output)?.[1] ?? 'an older Go',
            /requires go >= ([\d.]+\d)/.exec(error.output)?.[1],
          );
        }
        throw error;
      }
      return program.version;
    },
  };
}

/**
 * @param {string} needed
 * @param {string} variable
 * @param {InstallContext} context
 */
async function requireGo(needed, variable, context) {
  let found;
  try {
    found = await runCommand('go', ['version'], { signal: context.signal });
  } catch (error) {
    if (error instanceof CommandFailed && error.ending === 'ENOENT') throw goMissing(needed, variable);
    throw error;
  }
  if (!isGoNewEnough(found)) throw goMissing(needed, variable, found);
}
