// What processes use: read from /proc, their children counted in.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

function stats() {
  const all = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name of the program, in brackets, may have spaces.
      const fields = text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [utime, stime, cutime, cstime] = fields.slice(11, 15);
      all.set(Number(pid), {
        parent: fields[1],
        seconds: (utime + stime + cutime + cstime) / TICKS_A_SECOND,
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  return all;
}

/**
 * @param {Record<string, number>} pids by name
 * @returns {Record<string, number>} CPU seconds of each since its start, with those of its children that have no name
 */
export function cpuSeconds(pids) {
  const all = stats();
  const named = new Set(Object.values(pids));
  const sum = (pid) =>
    (all.get(pid)?.seconds ?? 0) +
    [...all]
      .filter(([child, { parent }]) => parent === pid && !named.has(child))
      .reduce((total, [child]) => total + sum(child), 0);
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, sum(pid)]));
}

/** @returns {{ now: number, peak: number }} resident memory of one process in megabytes (10^6 bytes) */
export function memoryMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name) => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024) / 1e6;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
