// @ts-check
// `npm run reset`: removes the data, logs and passwords of this checkout's local servers. Binaries stay in the cache.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SetupFailure, failureText } from './failure.mjs';
import { defaultBase } from './folders.mjs';
import { runningRecords } from './process-record.mjs';
import { systemPid } from './running-system.mjs';

process.exitCode = main();

/** @returns {number} the exit code */
function main() {
  try {
    if (!existsSync(defaultBase)) {
      process.stdout.write('There is nothing to remove.\n');
      return 0;
    }
    // The tests' own base, and others that servers.mjs was given, lie below ours.
    const bases = [defaultBase, ...subfolders(defaultBase)];
    for (const base of bases) refuseIfRunning(base);
    rmSync(defaultBase, { recursive: true });
    process.stdout.write('Removed .local: all tasks, files, passwords and logs of the local servers.\n');
    return 0;
  } catch (error) {
    process.stdout.write(`${failureText(error)}\n`);
    return 1;
  }
}

/** @param {string} folder */
function subfolders(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** @param {string} base */
function refuseIfRunning(base) {
  const pid = systemPid(base);
  const names = runningRecords(base).map(({ name }) => name);
  if (pid === undefined && names.length === 0) return;
  const which = base === defaultBase ? 'The system' : `What runs in .local/${basename(base)}`;
  const why =
    names.length > 0 ? `These processes use the data: ${names.join(', ')}.` : `Process ${pid} uses the data.`;
  throw new SetupFailure(`${which} must be stopped first`, why, [
    pid === undefined
      ? 'they were left behind by a kill -9: `npm start` finds and stops them; then stop it with Ctrl-C'
      : `Ctrl-C in its terminal, or \`kill ${pid}\``,
  ]);
}
