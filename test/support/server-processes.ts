import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The tests' own servers, by the names of their pid files. */
export type ServerName = 'rabbitmq' | 'postgresql' | 'ferretdb' | 'versitygw';

/**
 * Signals one of the tests' own servers: SIGKILL as a power cut would, SIGTERM for a stop in order. The runner of the
 * tests starts it again by itself.
 */
export function signalServer(name: ServerName, signal: NodeJS.Signals): void {
  process.kill(serverPid(name), signal);
}

/** The server's process, as the runner has written it down. */
export function serverPid(name: ServerName): number {
  const base = process.env.OFFLOAD_BASE;
  if (!base) throw new Error('OFFLOAD_BASE is not set: run the chaos tests through npm test.');
  return (JSON.parse(readFileSync(join(base, 'run', `${name}.json`), 'utf8')) as { pid: number }).pid;
}

/** Tries it each tenth of a second until it works; resolves with the milliseconds that took, rejects after `ms`. */
export async function untilWorks(what: string, work: () => Promise<unknown>, ms = 60_000): Promise<number> {
  const began = performance.now();
  let last: unknown;
  while (performance.now() - began < ms) {
    try {
      await work();
      return performance.now() - began;
    } catch (error) {
      // Not there yet: that is what is waited for.
      last = error;
      await sleep(100);
    }
  }
  throw new Error(`${what} did not come back in ${ms} ms.`, { cause: last });
}
