import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import amqp from 'amqplib';

/** Ends the tests' own broker as a power cut would; the runner of the tests starts it again by itself. */
export async function killBroker(): Promise<void> {
  const base = process.env.OFFLOAD_BASE;
  if (!base) throw new Error('OFFLOAD_BASE is not set: run the chaos tests through npm test.');
  const { pid } = JSON.parse(readFileSync(join(base, 'run', 'rabbitmq.json'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
}

/** Resolves with the milliseconds until the broker takes connections again; rejects after a minute. */
export async function brokerBack(url: string): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < 60_000) {
    try {
      const connection = await amqp.connect(url);
      await connection.close();
      return performance.now() - began;
    } catch {
      // Not there yet: that is what is waited for.
      await sleep(100);
    }
  }
  throw new Error('The broker did not come back within a minute.');
}
