// @ts-check
// Finds every process that a test run started: those in the sessions of its Jest processes, and those that were given
// its mark in their environment, whatever session they made themselves.

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
 * @param {Set<number>} [sessions]
 * @returns {{ pid: number, command: string }[]} what runs with this mark or in these sessions, ourselves not counted
 */
export function markedProcesses(mark, sessions = new Set()) {
  const wanted = `${VARIABLE}=${mark[VARIABLE]}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const stat = processStat(Number(name));
        if (!stat || stat.state === 'Z') return [];
        const isOurs =
          sessions.has(stat.session) ||
          readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(wanted);
        if (!isOurs) return [];
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
 * @param {Set<number>} sessions
 * @param {number} [patience] milliseconds
 * @returns {Promise<string[]>} the commands of those that had to be killed
 */
export async function killMarkedProcesses(mark, sessions, patience = 5_000) {
  const deadline = performance.now() + patience;
  let left = markedProcesses(mark, sessions);
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(100);
    left = markedProcesses(mark, sessions);
  }
  for (const { pid } of left) sendSignal(pid, 'SIGKILL');
  return left.map(({ command }) => command);
}
