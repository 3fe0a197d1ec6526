// @ts-check
// A lock between processes: a file that names its holder. A holder that died holds nothing.

import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, processStat } from './process-identity.mjs';

/** @typedef {{ pid: number, startTime: string }} Holder */

/**
 * Takes the lock if it is free.
 * @param {string} file
 * @returns {Holder | undefined} undefined: it is ours now. Otherwise who has it.
 */
export function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  /** @type {Holder} */
  const own = { pid: process.pid, startTime: processStat(process.pid)?.startTime ?? '' };
  // Written aside and linked into place, so that nobody ever reads a half-written lock.
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(own) + '\n', { mode: 0o600 });
  try {
    for (;;) {
      try {
        linkSync(aside, file);
        return undefined;
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      }
      const holder = readHolder(file);
      if (holder && isRunning(holder.pid, holder.startTime)) return holder;
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {Holder | undefined} the process that has the lock
 */
export function lockHolder(file) {
  const holder = readHolder(file);
  return holder && isRunning(holder.pid, holder.startTime) ? holder : undefined;
}

/** @param {string} file */
export function unlock(file) {
  if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
}

/**
 * Runs `work` while holding the lock; waits for another holder first.
 * @template T
 * @param {string} file
 * @param {{ signal: AbortSignal, onWait?: (holder: Holder) => void }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, options, work) {
  let told = false;
  for (let holder = tryLock(file); holder; holder = tryLock(file)) {
    if (!told) options.onWait?.(holder);
    told = true;
    await sleep(300, undefined, { signal: options.signal });
  }
  try {
    return await work();
  } finally {
    unlock(file);
  }
}

/**
 * @param {string} file
 * @returns {Holder | undefined}
 */
function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return undefined; // a disk that was full: nobody's
    throw error;
  }
}
