import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import { newTask } from '@offload/store/new-task';
import { openStore, type Store } from '@offload/store/open-store';
import { RecordedLog } from '../support/recorded-log.js';
import { startSystem, type System } from '../support/system.js';
import { until } from '../support/until.js';

/**
 * Lanes: nobody waits behind a bulk backlog. The times are printed, not asserted (docs/performance.md has those of a
 * quiet machine, made with LANES_BACKLOG=100000); what is asserted is the order.
 */
const BACKLOG = Number(process.env.LANES_BACKLOG ?? 10_000);
const SAMPLES = 50;
jest.setTimeout(240_000 + BACKLOG * 5);

let system: System;
let store: Store;
beforeAll(async () => {
  system = await startSystem({ label: 'lanes', processes: { web: 1, clock: 1, echo: 1 } });
  store = openStore({ uri: system.database.uri, name: 'lanes', log: new RecordedLog() });
  await store.connection.ready();
});
afterAll(async () => {
  await store.connection.close();
  await system.stop();
});

/** Milliseconds from the POST of an interactive task to its end, the median of some, one after the other. */
async function median(): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const began = performance.now();
    const { id } = await system.submit('system.echo', { message: 'now' });
    const task = await system.ended(id);
    expect(task.state).toBe('succeeded');
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[SAMPLES >> 1] as number;
}

/** Each works for a moment, so that the lane is busy rather than empty. */
async function fillBulkLane(): Promise<void> {
  const now = store.tasks.now();
  const task = () => ({
    ...newTask(systemEcho, { message: '', delayMs: 20 }, { owner: 'local', lane: 'bulk' as const, now }),
    dueAt: now,
  });
  for (let left = BACKLOG; left > 0; left -= 1_000)
    await Promise.all(Array.from({ length: Math.min(left, 1_000) }, () => store.tasks.create(task())));
}

const unfinished = (): Promise<number> =>
  store.connection.mongo
    .collection('tasks')
    .countDocuments({ lane: 'bulk', state: { $in: ['scheduled', 'queued', 'running'] } });

test('an interactive task overtakes a backlog of bulk tasks', async () => {
  await median();
  const empty = await median();
  await fillBulkLane();
  // All of it in the queue: what is measured is the lane, not the relay that fills it.
  await until('the backlog to be queued', async () => {
    const scheduled = { lane: 'bulk', state: 'scheduled' };
    return (await store.connection.mongo.collection('tasks').countDocuments(scheduled)) === 0
      ? true
      : undefined;
  });
  const busy = await median();
  const left = await unfinished();
  process.stdout.write(
    `lanes: median ${empty.toFixed(1)} ms empty, ${busy.toFixed(1)} ms with ${BACKLOG} bulk tasks ` +
      `(${left} of them left), ${(busy / empty).toFixed(2)} times\n`,
  );
  expect(left).toBeGreaterThan(BACKLOG / 10);
  await until(
    'the backlog to be worked off',
    async () => ((await unfinished()) === 0 ? true : undefined),
    200_000 + BACKLOG * 5,
  );
});
