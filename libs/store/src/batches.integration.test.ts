import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { echoTask, storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { COMMIT_WITHIN_MS, KEEP_BATCH_MS, type BatchRecord, type CompletedBatch } from './batch-record.js';
import * as moves from './moves.js';
import { newId } from './new-task.js';
import { openStore, type Store } from './open-store.js';
import type { TaskRecord } from './task-record.js';

let fixture: StoreFixture;
const others: Store[] = [];
let completed: CompletedBatch[] = [];
beforeAll(async () => {
  fixture = await storeFixture('batches');
  for (let i = 0; i < 3; i++) {
    const other = openStore({ uri: fixture.database.uri, name: `other ${i}`, log: fixture.log });
    await other.connection.ready();
    others.push(other);
  }
  for (const { batches } of [fixture.store, ...others]) batches.onCompleted((batch) => completed.push(batch));
});
afterEach(() => {
  completed = [];
});
afterAll(async () => {
  for (const other of others) await other.connection.close();
  await fixture.remove();
});

/** A batch as the API makes it; `after[i]`: the earlier tasks that task i waits for. */
function newBatch(size: number, after: Record<number, number[]> = {}, age = 0) {
  const createdAt = new Date(fixture.store.tasks.now().getTime() - age);
  const id = newId();
  const tasks: TaskRecord[] = Array.from({ length: size }, () => ({ ...echoTask(createdAt), _id: newId() }));
  tasks.forEach((task, i) => {
    const parents = (after[i] ?? []).map((parent) => tasks[parent] as TaskRecord);
    for (const parent of parents) parent.effects = ['release'];
    Object.assign(task, { state: 'blocked', batch: id, waitsFor: [id, ...parents.map(({ _id }) => _id)] });
    delete task.dueAt;
  });
  const batch: BatchRecord = {
    _id: id,
    owner: 'local',
    tasks: tasks.map((task) => ({ id: task._id })),
    createdAt,
    completedAt: null,
  };
  return { batch, tasks, ids: tasks.map((task) => task._id) };
}

async function accept(made: ReturnType<typeof newBatch>): Promise<void> {
  const { batches, dependencies } = fixture.store;
  await batches.insertTasks(made.tasks);
  expect(await batches.commit(made.batch)).toBe('committed');
  await dependencies.settleBlocked(made.tasks);
}

async function end(id: string, how: 'succeeded' | 'failed', store = fixture.store): Promise<void> {
  const { tasks } = store;
  const claim = await tasks.claim({ task: id, seq: (await fixture.read(id)).seq }, 'w', new Set());
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.task?.state}`);
  const lease = { id, token: claim.token };
  const p = { ...lease, keepMs: 60_000, now: tasks.now() };
  const error = { code: 'x', message: 'y' };
  await tasks.settle(
    how === 'succeeded' ? moves.finish({ ...p, result: 1 }) : moves.fail({ ...p, error }),
    lease,
  );
}

const states = (ids: string[]) => Promise.all(ids.map(async (id) => (await fixture.read(id)).state));
const gone = async (ids: string[]) =>
  (await Promise.all(ids.map((id) => fixture.store.tasks.get(id)))).every((task) => !task);
const releases = async (id: string) =>
  (await fixture.read(id)).history?.filter(({ move }) => move === 'release').length;

describe('a batch', () => {
  test('is released by its commit, each task once, in the order of what waits for what', async () => {
    const made = newBatch(3, { 2: [0, 1] });
    await accept(made);
    expect(await states(made.ids)).toEqual(['scheduled', 'scheduled', 'blocked']);
    for (const id of made.ids.slice(0, 2)) {
      await end(id, 'succeeded');
      await fixture.store.dependencies.carryOut([id]);
    }
    expect(await states(made.ids)).toEqual(['succeeded', 'succeeded', 'scheduled']);
    expect(await Promise.all(made.ids.map(releases))).toEqual([1, 1, 1]);
  });

  test('whose maker died before the commit never runs, and the clock removes its tasks', async () => {
    const young = newBatch(2);
    const old = newBatch(2, {}, COMMIT_WITHIN_MS + 1_000);
    await fixture.store.batches.insertTasks([...young.tasks, ...old.tasks]);
    await fixture.store.dependencies.sweepBlocked(-1_000, 1_000);
    expect(await states(young.ids)).toEqual(['blocked', 'blocked']);
    expect(await gone(old.ids)).toBe(true);
  });

  test('that was given up cannot be committed by a maker that comes back, and leaves no task', async () => {
    const { batches, dependencies } = fixture.store;
    const made = newBatch(2, {}, COMMIT_WITHIN_MS + 1_000);
    await batches.insertTasks(made.tasks.slice(0, 1));
    await dependencies.sweepBlocked(-1_000, 1_000);
    await batches.insertTasks(made.tasks.slice(1));
    expect(await batches.commit(made.batch)).toBe('given up');
    await dependencies.sweepBlocked(-1_000, 1_000);
    expect(await gone(made.ids)).toBe(true);
    expect(await batches.get(made.batch._id)).toBeNull();
  });

  test('that is committed cannot be given up, and its commit may be repeated', async () => {
    const { batches } = fixture.store;
    const made = newBatch(1);
    await accept(made);
    expect(await batches.abort(made.batch._id)).toBe('committed');
    expect(await batches.commit(made.batch)).toBe('committed');
    expect(await gone(made.ids)).toBe(false);
  });

  test('whose maker died after the commit is released by the clocks, once', async () => {
    const made = newBatch(3, { 2: [0] }, COMMIT_WITHIN_MS + 1_000);
    await fixture.store.batches.insertTasks(made.tasks);
    await fixture.store.batches.commit(made.batch);
    await Promise.all(
      [fixture.store, ...others].map((store) => store.dependencies.sweepBlocked(-1_000, 1_000)),
    );
    expect(await states(made.ids)).toEqual(['scheduled', 'scheduled', 'blocked']);
    expect(await releases(made.ids[0] ?? '')).toBe(1);
  });

  test('of which a task fails has its dependents fail, and is complete when all have ended', async () => {
    const made = newBatch(4, { 1: [0], 2: [1] });
    await accept(made);
    const [first = '', , , last = ''] = made.ids;
    await end(first, 'failed');
    await fixture.store.dependencies.carryOut([first]);
    expect(await states(made.ids)).toEqual(['failed', 'failed', 'failed', 'scheduled']);
    expect(completed).toEqual([]);
    const [cancelled] = made.tasks.slice(3);
    await fixture.store.many.cancel([cancelled as TaskRecord]);
    await fixture.store.dependencies.carryOut([last]);
    expect(completed.map((batch) => batch._id)).toEqual([made.batch._id]);
    const counts = await fixture.store.batches.counts([made.batch._id]);
    expect(counts.get(made.batch._id)).toEqual({ failed: 3, cancelled: 1 });
    expect((await fixture.read(last)).state).toBe('cancelled');
  });

  test('is completed and told once, with several finishers and clocks at the same moment', async () => {
    const made = newBatch(12);
    await accept(made);
    const stores = [fixture.store, ...others];
    await Promise.all(
      made.ids.map(async (id, i) => {
        const store = stores[i % stores.length] as Store;
        await end(id, i % 3 ? 'succeeded' : 'failed', store);
        await Promise.all([store.dependencies.carryOut([id]), store.batches.lookForEnd([made.batch._id])]);
      }),
    );
    expect(completed.map((batch) => batch._id)).toEqual([made.batch._id]);
    const stored = await fixture.store.batches.get(made.batch._id);
    expect(stored).toMatchObject({ completedAt: completed[0]?.completedAt });
    expect(stored?.expireAt?.getTime()).toBe((stored?.completedAt?.getTime() ?? 0) + KEEP_BATCH_MS);
  });

  test('whose last finisher died is completed by the clock', async () => {
    const made = newBatch(1);
    await accept(made);
    await end(made.ids[0] ?? '', 'succeeded');
    expect(completed).toEqual([]);
    await fixture.store.batches.sweepOpen(1_000);
    expect(completed.map((batch) => batch._id)).toContain(made.batch._id);
  });

  test('past its time is removed once it has no tasks any more', async () => {
    const { batches, connection } = fixture.store;
    const made = newBatch(1);
    await accept(made);
    await end(made.ids[0] ?? '', 'succeeded');
    await batches.lookForEnd([made.batch._id]);
    const over = () =>
      connection.mongo
        .collection<BatchRecord>('batches')
        .updateOne({ _id: made.batch._id }, { $set: { expireAt: new Date(0) } });
    await over();
    await batches.removeExpired(100);
    expect(await batches.get(made.batch._id)).not.toBeNull();
    await fixture.store.many.remove(made.ids);
    await over();
    await batches.removeExpired(100);
    expect(await batches.get(made.batch._id)).toBeNull();
  });

  test('of a thousand tasks is stored and released in a few writes', async () => {
    const made = newBatch(1_000, { 999: Array.from({ length: 999 }, (_, i) => i) });
    const began = performance.now();
    await accept(made);
    const ms = performance.now() - began;
    expect(await fixture.store.batches.counts([made.batch._id])).toEqual(
      new Map([[made.batch._id, { scheduled: 999, blocked: 1 }]]),
    );
    // About 250 ms on an idle machine; one write for each task would take several seconds.
    expect(ms).toBeLessThan(5_000);
  }, 30_000);
});
