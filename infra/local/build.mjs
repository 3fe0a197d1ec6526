// @ts-check
// Compiles the checkout and bundles the web app, one process at a time: two compilers would write the same files.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { checkout } from './folders.mjs';
import { withLock } from './lock.mjs';
import { CommandFailed, runCommand } from './run-command.mjs';

/** @param {string} name of a program that npm has installed */
const program = (name) => join(checkout, 'node_modules/.bin', name);

/** @typedef {{ base: string, signal: AbortSignal, note: (text: string) => void, logFile: string }} BuildContext */

/**
 * Compiles the services and what they are made of. Tests are left out: a fault in their types stops no service.
 * @param {BuildContext} context
 * @returns {Promise<void>}
 */
export async function buildServices(context) {
  const services = readdirSync(join(checkout, 'services'))
    .map((name) => join('services', name))
    .filter((folder) => existsSync(join(checkout, folder, 'tsconfig.json')));
  await compile(context, [
    [program('tsc'), ['-b', ...services]],
    // After the compiler: the web app is bundled with what it made of libs/client.
    [program('vite'), ['build', 'services/pages', '--logLevel', 'warn']],
  ]);
}

/**
 * Compiles everything, the tests included.
 * @param {BuildContext} context
 * @returns {Promise<void>}
 */
export async function buildAll(context) {
  await compile(context, [['npm', ['run', '--silent', 'build']]]);
}

/**
 * @param {BuildContext} context
 * @param {readonly (readonly [file: string, args: string[]])[]} commands  one after the other
 */
async function compile({ base, signal, note, logFile }, commands) {
  /** @type {(holder: { pid: number }) => void} */
  const onWait = ({ pid }) => note(`process ${pid} is compiling; waiting`);
  await withLock(join(base, 'build.lock'), { signal, onWait }, async () => {
    try {
      for (const [file, args] of commands) await runCommand(file, args, { cwd: checkout, signal, logFile });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw new SetupFailure('The code does not compile', error.output.trim() || error.message, [
        'correct what the compiler says above',
        `or go back to a commit that compiles (\`git status\` shows your changes); the whole output is in ${logFile}`,
      ]);
    }
  });
}
