// @ts-check
// Where things are: the checkout, the cache of server binaries (shared by every checkout of this user) and
// the data of one running system (its base folder, `.local` unless told otherwise).

import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The base folder of `npm start`: secrets, data, logs and pid files. */
export const defaultBase = join(checkout, '.local');

/** The base folder of `npm test`, so that it can run next to a running `npm start`. */
export const testBase = join(defaultBase, 'test');

/**
 * The folder of downloaded and built servers (XDG Base Directory Specification: `$XDG_CACHE_HOME`, which
 * must be absolute to count, else `~/.cache`).
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function cacheFolder(env = process.env) {
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.cache'), 'offload');
}
