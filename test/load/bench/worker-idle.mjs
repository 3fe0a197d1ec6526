// A worker without work: how long it takes to start and to stop, what it holds and uses meanwhile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuSeconds, memoryMb } from './processes.mjs';

const PROGRAM = fileURLToPath(new URL('../../../services/echo/dist/main.js', import.meta.url));
const IDLE_MS = 10_000;

/** @returns {Promise<Record<string, number>>} startMs (to consuming), stopMs, rssMb, core (share of one, in percent) */
export async function idleWorker({ env }) {
  const began = performance.now();
  const child = spawn(process.execPath, [PROGRAM], {
    env: { ...env, PATH: process.env.PATH, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('consuming')) break;
    const startMs = performance.now() - began;
    child.stdout.resume();
    await sleep(1_000);
    const pids = { worker: child.pid };
    const before = cpuSeconds(pids).worker;
    await sleep(IDLE_MS);
    const core = ((cpuSeconds(pids).worker - before) * 100_000) / IDLE_MS;
    const rssMb = memoryMb(child.pid).now;
    const stopping = performance.now();
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`The worker ended with ${code}.`);
    return { startMs, stopMs: performance.now() - stopping, rssMb, core };
  } finally {
    child.kill('SIGKILL');
  }
}
