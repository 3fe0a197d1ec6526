// @ts-check
// The Procfile: one line a process type, `name: command`. Commands run without a shell, so they hold plain words.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from './failure.mjs';

/**
 * @typedef {object} ProcessType
 * @property {string} name
 * @property {string} script          path of the script, relative to the checkout
 * @property {string[]} args
 * @property {string[]} needs         servers beyond broker and database, for example `s3`
 * @property {Record<string, string>} env  variables that only this process gets
 */

/**
 * @param {string} text
 * @returns {{ name: string, script: string, args: string[] }[]}
 * @throws {SetupFailure} on a line that cannot be run without a shell
 */
export function parseProcfile(text) {
  const types = [];
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const match = /^([A-Za-z0-9_-]+):\s*node\s+([^\s"'$&|;<>]+)((?:\s+[^\s"'$&|;<>]+)*)$/.exec(line);
    if (!match) {
      throw new SetupFailure('The Procfile has a line that cannot be run', line, [
        'write it as `name: node path/to/script.js arguments`: there is no shell, so no quotes, variables or pipes',
      ]);
    }
    const [, name = '', script = '', rest = ''] = match;
    types.push({ name, script, args: rest.split(/\s+/).filter(Boolean) });
  }
  return types;
}

/**
 * Reads the Procfile, and from each process's package.json what it needs: `"offload": { "needs": ["s3"] }`.
 * @param {string} root the checkout
 * @returns {ProcessType[]}
 */
export function readProcessTypes(root) {
  return parseProcfile(readFileSync(join(root, 'Procfile'), 'utf8')).map((type) => {
    const folder = type.script.split('/').slice(0, 2).join('/'); // services/<name>/dist/main.js
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    // glibc's malloc keeps one arena a thread, and images of changing sizes fragment each of them (mallopt(3)).
    /** @type {Record<string, string>} */
    const env = manifest.dependencies?.sharp ? { MALLOC_ARENA_MAX: '2' } : {};
    return { ...type, needs: manifest.offload?.needs ?? [], env };
  });
}

/**
 * How many of each type are to run: one, unless an argument `name=count` says otherwise.
 * @param {string[]} args
 * @param {string[]} names   of the process types
 * @returns {Map<string, number>}
 * @throws {SetupFailure}
 */
export function parseCounts(args, names) {
  const counts = new Map(names.map((name) => [name, 1]));
  for (const arg of args) {
    const match = /^([^=]+)=(\d{1,3})$/.exec(arg);
    const [, name = '', count = ''] = match ?? [];
    if (!match) {
      throw badCount(`\`${arg}\` is not a process type and a number`, names);
    }
    requireType(name, names);
    if (name === 'web' && Number(count) > 1) {
      throw badCount(
        'There can be only one `web` here, since it has one port; web=0 and web=1 are possible',
        names,
      );
    }
    counts.set(name, Number(count));
  }
  return counts;
}

/**
 * @param {string} name
 * @param {string[]} names
 * @throws {SetupFailure} when there is no such process type
 */
export function requireType(name, names) {
  if (!names.includes(name)) throw badCount(`There is no process type \`${name}\``, names);
}

/**
 * @param {string} what
 * @param {string[]} names
 */
function badCount(what, names) {
  return new SetupFailure(what, `The process types are: ${names.join(', ')} (see Procfile).`, [
    'for example: `npm start -- feed-fetcher=3 image-resizer=2`, a number from 0 to 999 each',
  ]);
}
