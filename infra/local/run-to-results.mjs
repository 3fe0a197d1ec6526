// @ts-check
// Runs Jest, and ends it when it has written its results and does not exit: a test has left something open that holds its
// process, which without a limit would wait for ever.

import { existsSync, rmSync } from 'node:fs';
import { runCommand } from './run-command.mjs';
import { sendSignal } from './process-identity.mjs';

/** How long a command may take to exit once its results are there, in milliseconds. */
const EXIT_LIMIT = 30_000;
const LOOK_EVERY = 250;

/**
 * Runs a command as `runCommand` does; the file of its results is removed first.
 * @param {string} file
 * @param {string[]} args
 * @param {import('./run-command.mjs').CommandOptions & { resultsFile: string, exitLimit?: number }} options
 *   `resultsFile`: what the command writes as the last of its work; `exitLimit`: milliseconds from then on
 * @returns {Promise<boolean>} whether it exited by itself; if not, its whole process group has been killed
 * @throws {import('./run-command.mjs').CommandFailed} when it exited by itself, and not well
 */
export async function runToResults(file, args, { resultsFile, exitLimit = EXIT_LIMIT, ...options }) {
  rmSync(resultsFile, { force: true });
  let ended = false;
  /** @type {NodeJS.Timeout | undefined} */
  let limit;
  /** @type {NodeJS.Timeout | undefined} */
  let look;
  const onStart = (/** @type {number} */ pid) => {
    options.onStart?.(pid);
    const end = () => {
      ended = true;
      sendSignal(-pid, 'SIGKILL');
    };
    look = setInterval(() => {
      if (!existsSync(resultsFile)) return;
      clearInterval(look);
      limit = setTimeout(end, exitLimit);
    }, LOOK_EVERY);
  };
  try {
    await runCommand(file, args, { ...options, onStart });
    return true;
  } catch (error) {
    if (!ended || options.signal?.aborted) throw error;
    return false;
  } finally {
    clearInterval(look);
    clearTimeout(limit);
  }
}
