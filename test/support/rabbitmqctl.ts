import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverPid } from './server-processes.js';

const run = promisify(execFile);

/** Runs rabbitmqctl against the tests' own broker, with that node's own environment (Linux). */
export async function rabbitmqctl(...args: string[]): Promise<void> {
  const environ = readFileSync(`/proc/${serverPid('rabbitmq')}/environ`, 'utf8').split('\0');
  const env = Object.fromEntries(
    environ.flatMap((line) => {
      const cut = line.indexOf('=');
      return cut > 0 ? [[line.slice(0, cut), line.slice(cut + 1)]] : [];
    }),
  );
  // The node was started with Erlang's programs of its own unpacked root first in its PATH.
  const erlang = (env['PATH'] ?? '').split(':').find((folder) => folder.endsWith('/usr/lib/erlang/bin'));
  if (!erlang) throw new Error('This broker was not started by infra/local.');
  await run(join(erlang, '../../rabbitmq/bin/rabbitmqctl'), args, { env, timeout: 60_000 });
}

/** Makes the broker believe that its memory is short; call what it answers to end that. */
export async function alarmMemory(): Promise<() => Promise<void>> {
  await rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1MB');
  return () => rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1GB');
}

/**
 * Makes the broker give up on consumers that hold a message for longer than so many milliseconds, looking each second
 * (its own values are 30 minutes and one); in force for channels that are opened from now on. Call what it answers to
 * end that.
 */
export async function shortConsumerTimeout(ms: number): Promise<() => Promise<void>> {
  const set = (timeout: number, look: number): Promise<void> =>
    rabbitmqctl(
      'eval',
      `application:set_env(rabbit, consumer_timeout, ${timeout}), application:set_env(rabbit, channel_tick_interval, ${look}).`,
    );
  await set(ms, 1_000);
  return () => set(1_800_000, 60_000);
}
