// @ts-check
// A pid alone does not name a process: pids are reused. A pid together with its start time does.

import { readFileSync } from 'node:fs';

/**
 * @typedef {object} ProcessStat
 * @property {string} state      one letter, `Z` for a zombie (proc_pid_stat(5), field 3)
 * @property {number} session    the session it belongs to (field 6)
 * @property {string} startTime  clock ticks since boot at its start (field 22)
 */

/**
 * What the kernel says about a process.
 * @param {number} pid
 * @returns {ProcessStat | undefined} undefined when there is no such process
 */
export function processStat(pid) {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
  // The command name (field 2) is in brackets and may itself hold spaces and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', session: Number(fields[3]), startTime: fields[19] ?? '' };
}

/**
 * Whether this very process still runs. A zombie is dead: it only waits for its parent to ask, and in a
 * container whose first process never asks it stays for ever.
 * @param {number} pid
 * @param {string} startTime as read when the pid was written down
 * @returns {boolean}
 */
export function isRunning(pid, startTime) {
  const stat = processStat(pid);
  return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
}

/**
 * Sends a signal; a process that is gone already is no error.
 * @param {number} pid    negative: the whole process group
 * @param {NodeJS.Signals} signal
 */
export function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
