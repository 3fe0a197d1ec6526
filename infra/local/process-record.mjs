// @ts-check
// Pid files: `<base>/run/<name>.json` says which process is `<name>`, so that the next start can find what a
// `kill -9` of the supervisor left behind.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, processStat, sendSignal } from './process-identity.mjs';

/**
 * @typedef {object} ProcessRecord
 * @property {string} name
 * @property {number} pid
 * @property {string} startTime  clock ticks since boot; pid and start time together name the process
 * @property {NodeJS.Signals} stopSignal  what asks it to end in good order
 */

/** @param {string} base */
const recordFolder = (base) => join(base, 'run');

/**
 * Writes the pid file of a process that was just started. Does nothing when it has ended already.
 * @param {string} base
 * @param {string} name
 * @param {number} pid
 * @param {NodeJS.Signals} [stopSignal]
 */
export function recordProcess(base, name, pid, stopSignal = 'SIGTERM') {
  const stat = processStat(pid);
  if (stat === undefined) return;
  const folder = recordFolder(base);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${name}.json`);
  /** @type {ProcessRecord} */
  const record = { name, pid, startTime: stat.startTime, stopSignal };
  writeFileSync(`${file}.tmp`, JSON.stringify(record) + '\n', { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

/**
 * @param {string} base
 * @param {string} name
 */
export function removeRecord(base, name) {
  rmSync(join(recordFolder(base), `${name}.json`), { force: true });
}

/**
 * The processes on record that still run. Records of dead processes, and unreadable ones (a crash in
 * mid-write), are removed.
 * @param {string} base
 * @returns {ProcessRecord[]}
 */
export function runningRecords(base) {
  const folder = recordFolder(base);
  /** @type {string[]} */
  let files;
  try {
    files = readdirSync(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
  /** @type {ProcessRecord[]} */
  const running = [];
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    const record = parseRecord(readFileSync(join(folder, file), 'utf8'));
    if (record && isRunning(record.pid, record.startTime)) running.push(record);
    else rmSync(join(folder, file), { force: true });
  }
  return running;
}

/**
 * @param {string} text
 * @returns {ProcessRecord | undefined}
 */
function parseRecord(text) {
  try {
    const value = JSON.parse(text);
    return typeof value?.pid === 'number' && typeof value.startTime === 'string' ? value : undefined;
  } catch {
    return undefined; // half written: there is no process to find by it
  }
}

/**
 * Ends a process that we did not start ourselves (an orphan): its stop signal first, SIGKILL after `patience`.
 * @param {ProcessRecord} record
 * @param {number} [patience] milliseconds
 * @returns {Promise<'stopped' | 'killed'>}
 */
export async function stopRecorded(record, patience = 20_000) {
  sendSignal(record.pid, record.stopSignal);
  const deadline = performance.now() + patience;
  while (isRunning(record.pid, record.startTime)) {
    if (performance.now() > deadline) {
      sendSignal(record.pid, 'SIGKILL');
      while (isRunning(record.pid, record.startTime)) await sleep(20);
      return 'killed';
    }
    await sleep(50);
  }
  return 'stopped';
}
