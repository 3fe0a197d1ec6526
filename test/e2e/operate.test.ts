import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServiceProcess } from '../support/processes.js';
import { startSystem, type ShownTask, type System } from '../support/system.js';

const TYPE = 'system.echo';

interface ShownQueue {
  type: string;
  paused: boolean;
  lanes: { queue: string; ready: number | null; consumers: number | null }[];
  tasks: { scheduled: number; queued: number; running: number };
}
type Shown = ShownTask & { history: { move: string }[] };

let system: System;
beforeAll(async () => {
  system = await startSystem({ label: 'operate', processes: { web: 1, clock: 1, echo: 1 } });
}, 60_000);
afterAll(() => system.stop(), 30_000);

const post = (path: string) => fetch(`${system.apiUrl}/v1/${path}`, { method: 'POST' });
const echoWorker = (): ServiceProcess => system.processes.findLast(({ type }) => type === 'echo')!;

/** Asks each tenth of a second until it holds, for at most 20 s. */
async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (tries === 200) throw new Error(`it did not come to this in 20 s: ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}

const running = (id: string) =>
  until(
    () => system.task(id),
    ({ state }) => state === 'running',
  );

async function echoQueue(): Promise<ShownQueue> {
  const response = await fetch(`${system.apiUrl}/v1/queues`);
  const text = await response.text();
  if (!response.ok) throw new Error(`GET /v1/queues: ${response.status} ${text}`);
  const { items } = JSON.parse(text) as { items: ShownQueue[] };
  return items.find(({ type }) => type === TYPE)!;
}

/** Cancels a running task; answers how long it then took until its handler's signal fired, in milliseconds. */
async function cancelRunning(): Promise<{ id: string; ms: number }> {
  const { id } = await system.submit(TYPE, { delayMs: 60_000 });
  await running(id);
  const began = performance.now();
  expect((await post(`tasks/${id}/cancel`)).status).toBe(200);
  const fired = (line: string) => line.includes(id) && line.includes('cancelled; the attempt ends');
  await echoWorker().lines.find(fired, 'the signal to fire');
  return { id, ms: performance.now() - began };
}

describe('cancel', () => {
  test('fires the signal of a running handler in under a second, and nothing is stored afterwards', async () => {
    const { id, ms } = await cancelRunning();
    expect(ms).toBeLessThan(1_000);
    expect(await system.task(id)).toMatchObject({ state: 'cancelled', result: null, error: null });
    expect((await post(`tasks/${id}/cancel`)).status).toBe(200);
  });

  test('takes at most two seconds while no control message gets through', async () => {
    // With the exchange its bindings go, and nobody is told: who sends next makes it anew, without them.
    await system.vhost.api(`exchanges/${system.vhost.name}/tasks.control`, 'DELETE');
    const { id, ms } = await cancelRunning();
    expect(ms).toBeLessThan(2_000);
    expect(await system.task(id)).toMatchObject({ state: 'cancelled', result: null });
    // Its binding comes back with the worker.
    echoWorker().signal('SIGTERM');
    await echoWorker().exited;
    await system.start('echo');
  }, 30_000);
});

test('a failed task that two operators have run again at the same moment runs once', async () => {
  const { id } = await system.submit(TYPE, { fail: 'permanent' });
  expect((await system.ended(id)).attempt).toBe(1);
  const answers = await Promise.all([post(`tasks/${id}/retry`), post(`tasks/${id}/retry`)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  const task = (await system.ended(id)) as Shown;
  expect(task).toMatchObject({ state: 'failed', attempt: 2 });
  expect(task.history.map(({ move }) => move)).toEqual(['claim', 'fail', 'requeue', 'claim', 'fail']);
}, 30_000);

describe('pause', () => {
  const paused = (worker: ServiceProcess) =>
    worker.lines.find((line) => line.includes('paused: nothing is begun'), 'the worker to pause');

  test('lets what runs go on, gives back what was not begun, survives restarts; resume has all of it done', async () => {
    // More than a worker runs at once, so that some wait in it; for so long that all are accepted before the first ends.
    const before = await Promise.all(
      Array.from({ length: 130 }, () => system.submit(TYPE, { message: 'before', delayMs: 8_000 })),
    );
    await until(echoQueue, ({ tasks }) => tasks.running === 100 && tasks.queued === 30);
    expect((await post(`queues/${TYPE}/pause`)).status).toBe(200);
    await paused(echoWorker());
    const during = await Promise.all(Array.from({ length: 20 }, () => system.submit(TYPE, {})));
    const isStill = ({ tasks, lanes: [lane] }: ShownQueue) =>
      tasks.running === 0 && tasks.scheduled === 0 && (lane?.ready ?? 0) >= 50;
    const still = await until(echoQueue, isStill);
    expect(still).toMatchObject({ paused: true, tasks: { queued: 50 } });
    expect(still.lanes[0]?.consumers).toBe(0);

    echoWorker().signal('SIGTERM');
    await expect(echoWorker().exited).resolves.toBe(0);
    const next = await system.start('echo');
    expect(next.lines.received.some((line) => line.includes('consuming') && line.includes('paused'))).toBe(
      true,
    );
    // Published after the worker came, and it stays where it is.
    const last = await system.submit(TYPE, { message: 'last' });
    await until(
      () => system.task(last.id),
      ({ state }) => state === 'queued',
    );
    expect((await echoQueue()).tasks).toMatchObject({ queued: 51, running: 0 });

    expect((await post(`queues/${TYPE}/resume`)).status).toBe(200);
    const all = [...before, ...during, last];
    const ended = await Promise.all(all.map(({ id }) => system.ended(id)));
    expect(ended.map(({ state, attempt }) => [state, attempt])).toEqual(all.map(() => ['succeeded', 1]));
  }, 90_000);
});
