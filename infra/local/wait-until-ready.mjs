// @ts-check
// Waits for a server to answer, and says in its own words why it does not.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupFailure } from './failure.mjs';

/**
 * @typedef {object} Readiness
 * @property {import('./managed-process.mjs').ManagedProcess} process
 * @property {() => Promise<void>} probe  rejects while the server is not ready
 * @property {string} logFile             quoted when it never gets ready
 * @property {string} variable            the environment variable that names a server of one's own
 * @property {AbortSignal} signal
 * @property {number} [patience]          milliseconds, default 90,000
 */

/** A server that crashed this often at its start will not come up by being started again. */
const CRASHES = 5;

/**
 * @param {Readiness} readiness
 * @returns {Promise<void>}
 */
export async function waitUntilReady(readiness) {
  const deadline = performance.now() + (readiness.patience ?? 90_000);
  for (;;) {
    readiness.signal.throwIfAborted();
    try {
      await readiness.probe();
      return;
    } catch (error) {
      if (performance.now() > deadline || readiness.process.crashes >= CRASHES)
        throw notReady(readiness, error);
    }
    await sleep(100, undefined, { signal: readiness.signal });
  }
}

/**
 * @param {Readiness} readiness
 * @param {unknown} error the last probe's
 */
function notReady(readiness, error) {
  const { name, lastEnding } = readiness.process;
  const why = [
    error instanceof Error ? error.message : String(error),
    ...(lastEnding ? [`Its process ${lastEnding}.`] : []),
    `The end of ${readiness.logFile}:`,
    ...lastLines(readiness.logFile, 12).map((line) => `  ${line}`),
  ];
  return new SetupFailure(`${name} does not get ready`, why.join('\n'), [
    'see its log, named above, and start again',
    'if its data is damaged and you can do without it: `npm run reset`',
    `or run a server of your own and set ${readiness.variable}, or use Docker: \`docker compose up\``,
  ]);
}

/**
 * @param {string} file
 * @param {number} count
 * @returns {string[]} the last lines of a file; a message in their place when it cannot be read
 */
export function lastLines(file, count) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count);
  } catch (error) {
    return [`(cannot be read: ${error instanceof Error ? error.message : String(error)})`];
  }
}
