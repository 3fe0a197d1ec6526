// @ts-check
// PostgreSQL refuses to run as root. As root, it is run under a user namespace in which root has another number;
// where those are forbidden, as the user `nobody`.

import { chmodSync, lchownSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandFailed, runCommand } from './run-command.mjs';
import { SetupFailure } from './failure.mjs';

/**
 * @typedef {object} OrdinaryUser
 * @property {(file: string, args: string[]) => [string, string[]]} command  the command, so that it runs as that user
 * @property {(folder: string) => void} own  gives the folder to that user
 */

const NOBODY = 65_534;

/**
 * @param {string} program  that the user must be able to run
 * @param {string[]} folders  that the user must be able to write to
 * @param {AbortSignal} signal
 * @returns {Promise<OrdinaryUser>}
 */
export async function ordinaryUser(program, folders, signal) {
  const nothing = () => undefined;
  if (process.getuid?.() !== 0) return { command: (file, args) => [file, args], own: nothing };
  const namespace = ['-U', '--map-user=1000', '--map-group=1000'];
  if (await succeeds('unshare', [...namespace, 'true'], signal)) {
    // unshare(1) executes the command in its own place: the pid is the server's.
    return { command: (file, args) => ['unshare', [...namespace, file, ...args]], own: nothing };
  }
  const drop = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  for (const folder of folders) {
    chmodSync(dirname(folder), 0o711); // may be passed, not listed; what lies in it is private by its own modes
    ownRecursively(folder);
  }
  const reachable = await succeeds('setpriv', [...drop, 'test', '-x', program], signal);
  for (const folder of folders) {
    if (reachable && (await succeeds('setpriv', [...drop, 'test', '-w', folder], signal))) continue;
    throw rootNotPossible(reachable ? folder : program);
  }
  return { command: (file, args) => ['setpriv', [...drop, file, ...args]], own: ownRecursively };
}

/** @param {string} folder */
function ownRecursively(folder) {
  lchownSync(folder, NOBODY, NOBODY);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) ownRecursively(path);
    else lchownSync(path, NOBODY, NOBODY);
  }
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {AbortSignal} signal
 */
async function succeeds(file, args, signal) {
  try {
    await runCommand(file, args, { signal });
    return true;
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}

/** @param {string} path */
export function rootNotPossible(path) {
  return new SetupFailure(
    'The database cannot be started as root here',
    `PostgreSQL refuses to run as root, user namespaces are forbidden, and the user nobody cannot reach ${path}.`,
    [
      'run this as an ordinary user (nothing here needs root)',
      'or have the checkout and the cache (XDG_CACHE_HOME) in folders that every user can enter, for example below /srv',
      'or set MONGODB_URI to a database that runs already, or use Docker: `docker compose up`',
    ],
  );
}
