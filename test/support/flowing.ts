import type { Stage } from './chaos-stage.js';

const DONE = / debug done task=(\S+)/;

/**
 * Milliseconds from now until a task is done that was accepted as number `from` of the load or later; rejects after
 * `ms`. With the load's length at the moment of a fault, it tells when work flows again.
 */
export async function flowing({ system, load }: Stage, from: number, ms = 60_000): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < ms) {
    const ids = new Set(load.accepted.received.slice(from).map(({ id }) => id));
    const isNew = (line: string) => ids.has(DONE.exec(line)?.[1] ?? '');
    if (system.processes.some(({ lines }) => lines.received.some(isNew))) return performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No new task was done in ${ms} ms.`);
}
