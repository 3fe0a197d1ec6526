// @ts-check
// `npm ci`, but only when node_modules is not what the lock file says.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure } from './explain-failure.mjs';
import { checkout } from './folders.mjs';
import { withLock } from './lock.mjs';
import { runCommand } from './run-command.mjs';

/** @typedef {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean, link?: boolean }> }} Lockfile */

/**
 * Whether what npm wrote down of node_modules (its hidden lock file) is what the lock file asks for.
 * @param {Lockfile} wanted     package-lock.json
 * @param {Lockfile} installed  node_modules/.package-lock.json
 * @returns {boolean}
 */
export function isInstalled(wanted, installed) {
  const have = installed.packages ?? {};
  const want = wanted.packages ?? {};
  for (const [path, entry] of Object.entries(want)) {
    if (!path.includes('node_modules/')) continue; // the root and the workspaces themselves
    const found = have[path];
    // Optional packages are those of other platforms.
    if (!found && entry.optional) continue;
    if (!found || found.version !== entry.version || found.integrity !== entry.integrity) return false;
  }
  return Object.keys(have).every((path) => !path.includes('node_modules/') || path in want);
}

/**
 * @param {{ base: string, signal: AbortSignal, note: (text: string) => void, logFile: string }} context
 * @returns {Promise<void>}
 */
export async function installDependencies({ base, signal, note, logFile }) {
  const stamp = join(checkout, 'node_modules', '.offload-lock');
  const lockText = readFileSync(join(checkout, 'package-lock.json'), 'utf8');
  const digest = createHash('sha256').update(lockText).digest('hex');
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === digest;
  if (isCurrent()) return;
  /** @type {(holder: { pid: number }) => void} */
  const onWait = ({ pid }) => note(`process ${pid} is doing it; waiting`);
  await withLock(join(base, 'npm.lock'), { signal, onWait }, async () => {
    if (isCurrent()) return;
    const hidden = join(checkout, 'node_modules', '.package-lock.json');
    const present =
      existsSync(hidden) && isInstalled(JSON.parse(lockText), JSON.parse(readFileSync(hidden, 'utf8')));
    if (!present) {
      // --include=dev: a NODE_ENV=production of the user's must not leave the compiler out.
      const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=warn'];
      try {
        await runCommand('npm', args, { cwd: checkout, signal, logFile });
      } catch (error) {
        throw explainFailure(error, { step: 'npm ci', logFile });
      }
    }
    writeFileSync(stamp, digest + '\n');
  });
}
