// @ts-check
// Finds every process that a test run started, however it was started: they all inherit a mark in their environment.

import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStat, sendSignal } from './process-identity.mjs';

const VARIABLE = 'OFFLOAD_TEST_RUN';

/** @returns {Record<string, string>} a new mark, as an environment variable */
export function newMark() {
  return { [VARIABLE]: randomBytes(8).toString('hex') };
}

/**
 * @param {Record<string, string>} mark
 * @returns {{ pid: number, command: string }[]} what runs with this mark, ourselves not counted
 */
export function markedProcesses(mark) {
  const wanted = `${VARIABLE}=${mark[VARIABLE]}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(wanted)) return [];
        if (processStat(Number(name))?.state === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), command }];
      } catch {
        return []; // it has ended, or is another user's
      }
    });
}

/**
 * Ends what a test run has left behind. Those that are about to end by themselves get a moment to do so.
 * @param {Record<string, string>} mark
 * @param {number} [patience] milliseconds
 * @returns {Promise<string[]>} the commands of those that had to be killed
 */
export async function killMarkedProcesses(mark, patience = 5_000) {
  const deadline = performance.now() + patience;
  let left = markedProcesses(mark);
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(100);
    left = markedProcesses(mark);
  }
  for (const { pid } of left) sendSignal(pid, 'SIGKILL');
  return left.map(({ command }) => command);
}
