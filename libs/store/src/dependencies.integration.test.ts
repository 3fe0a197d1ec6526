import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { echoTask, storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import * as moves from './moves.js';
import type { TaskRecord } from './task-record.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('dependencies');
});
afterAll(() => fixture.remove());

const blockedOn = (...parents: TaskRecord[]) =>
  fixture.insert({ state: 'blocked', dueAt: undefined, waitsFor: parents.map((parent) => parent._id) });

async function end(task: TaskRecord, how: 'succeeded' | 'failed'): Promise<void> {
  const { tasks } = fixture.store;
  const claim = await tasks.claim({ task: task._id, seq: task.seq }, 'w', new Set());
  if (claim.kind !== 'claimed') throw new Error('not claimed');
  const lease = { id: task._id, token: claim.token };
  const p = { ...lease, keepMs: 60_000, now: tasks.now() };
  const error = { code: 'x', message: 'y' };
  await tasks.settle(
    how === 'succeeded' ? moves.finish({ ...p, result: 1 }) : moves.fail({ ...p, error }),
    lease,
  );
}

describe('a task that waits for others', () => {
  test('is released once the last of them has succeeded', async () => {
    const parents = [await fixture.insert(), await fixture.insert()] as const;
    const task = await blockedOn(...parents);
    await fixture.store.dependencies.settleBlocked(task);
    await end(parents[0], 'succeeded');
    await fixture.store.dependencies.carryOut([parents[0]._id]);
    expect(await fixture.read(task._id)).toMatchObject({ state: 'blocked', waitsFor: [parents[1]._id] });
    await end(parents[1], 'succeeded');
    await fixture.store.dependencies.carryOut([parents[1]._id]);
    expect(await fixture.read(task._id)).toMatchObject({ state: 'scheduled', waitsFor: [] });
    expect((await fixture.read(parents[1]._id)).effects).toBeUndefined();
  });

  test('is released at once when they have succeeded already', async () => {
    const parent = await fixture.insert();
    await end(parent, 'succeeded');
    const task = await blockedOn(parent);
    await fixture.store.dependencies.settleBlocked(task);
    expect((await fixture.read(task._id)).state).toBe('scheduled');
  });

  test('fails with its parent, and so do those that wait for it', async () => {
    const parent = await fixture.insert();
    const task = await blockedOn(parent);
    await fixture.store.dependencies.settleBlocked(task);
    const next = await blockedOn(task);
    await fixture.store.dependencies.settleBlocked(next);
    await end(parent, 'failed');
    await fixture.store.dependencies.carryOut([parent._id]);
    for (const each of [task, next])
      expect(await fixture.read(each._id)).toMatchObject({
        state: 'failed',
        error: { code: 'dependency-failed' },
      });
  });

  test('fails when its parent is gone', async () => {
    const task = await fixture.insert({ state: 'blocked', dueAt: undefined, waitsFor: ['gone'] });
    await fixture.store.dependencies.settleBlocked(task);
    expect(await fixture.read(task._id)).toMatchObject({
      state: 'failed',
      error: { code: 'dependency-failed', message: expect.stringContaining('is gone') },
    });
  });

  test('is found by the clock when the finisher died before the release', async () => {
    const parent = await fixture.insert();
    const task = await blockedOn(parent);
    await fixture.store.dependencies.settleBlocked(task);
    await end(parent, 'succeeded');
    expect(await fixture.store.dependencies.sweepEffects(100)).toBeGreaterThan(0);
    expect((await fixture.read(task._id)).state).toBe('scheduled');
  });

  test('is found by the clock when its creator died before the registration', async () => {
    const parent = await fixture.insert();
    await end(parent, 'succeeded');
    const task = await blockedOn(parent);
    await fixture.store.dependencies.sweepBlocked(-1_000, 100);
    expect((await fixture.read(task._id)).state).toBe('scheduled');
  });

  test('and whose parent was cancelled fails with the next parent still running', async () => {
    const parents = [await fixture.insert(), await fixture.insert()] as const;
    const task = await blockedOn(...parents);
    await fixture.store.dependencies.settleBlocked(task);
    await fixture.store.many.cancel([parents[1]]);
    await fixture.store.dependencies.carryOut([parents[1]._id]);
    expect(await fixture.read(task._id)).toMatchObject({
      state: 'failed',
      error: { code: 'dependency-failed', message: expect.stringContaining('was cancelled') },
    });
  });
});

describe('listeners', () => {
  const told: [string, string][] = [];
  beforeAll(() => {
    fixture.store.dependencies.onSettled(({ _id, type, owner, attempt }, state) => {
      expect({ type, owner, attempt }).toEqual({ type: 'system.echo', owner: 'local', attempt: 0 });
      told.push([_id, state]);
    });
  });
  beforeEach(() => void told.splice(0));

  test('hear once of a dependent that is released, however many settle it', async () => {
    const parents = [await fixture.insert(), await fixture.insert()] as const;
    const task = await blockedOn(...parents);
    const { dependencies } = fixture.store;
    await dependencies.settleBlocked(task);
    for (const parent of parents) await end(parent, 'succeeded');
    expect(told).toEqual([]);
    await dependencies.carryOut([parents[0]._id]);
    expect(told).toEqual([]);
    await dependencies.carryOut([parents[1]._id]);
    await dependencies.settleBlocked(task);
    await dependencies.carryOut([parents[1]._id]);
    expect(told).toEqual([[task._id, 'scheduled']]);
  });

  test('hear of every generation that fails', async () => {
    const parent = await fixture.insert();
    const task = await blockedOn(parent);
    const next = await blockedOn(task);
    await fixture.store.dependencies.settleBlocked([task, next]);
    await end(parent, 'failed');
    await fixture.store.dependencies.carryOut([parent._id]);
    expect(told).toEqual([
      [task._id, 'failed'],
      [next._id, 'failed'],
    ]);
  });

  test('hear of those that the clock releases', async () => {
    const parent = await fixture.insert();
    await end(parent, 'succeeded');
    const task = await blockedOn(parent);
    await fixture.store.dependencies.sweepBlocked(-1_000, 100);
    expect(told).toEqual([[task._id, 'scheduled']]);
  });
});

/** One write for each of a thousand would take several times as long, one round trip for each as well. */
const FEW_WRITES_MS = 4_000;

describe('a thousand', () => {
  const SLOW = 60_000;
  const { length } = Array.from({ length: 1_000 });
  const many = (change: () => Partial<TaskRecord>): TaskRecord[] =>
    Array.from({ length }, () => ({ ...echoTask(fixture.store.tasks.now()), ...change() }));
  const insert = (tasks: TaskRecord[]) => fixture.store.batches.insertTasks(tasks);
  const countOf = (ids: string[], state: TaskRecord['state']) =>
    fixture.store.connection.mongo
      .collection<TaskRecord>('tasks')
      .countDocuments({ _id: { $in: ids }, state, history: { $size: 1 } });
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const idsOf = (tasks: TaskRecord[]) => tasks.map((task) => task._id);

  test.each([
    ['succeeded', 'scheduled'],
    ['failed', 'failed'],
  ] as const)(
    'dependents of one that has %s are %s, each once, in a few writes',
    async (how, then) => {
      const parent = await fixture.insert();
      const tasks = many(() => ({ state: 'blocked', dueAt: undefined, waitsFor: [parent._id] }));
      await insert(tasks);
      expect(await timed(() => fixture.store.dependencies.settleBlocked(tasks))).toBeLessThan(FEW_WRITES_MS);
      await end(parent, how);
      const ms = await timed(() => fixture.store.dependencies.carryOut([parent._id]));
      expect(await countOf(idsOf(tasks), then)).toBe(length);
      expect(ms).toBeLessThan(FEW_WRITES_MS);
    },
    SLOW,
  );

  test(
    'parents that have ended already release their dependent in a few writes',
    async () => {
      const parents = many(() => ({ state: 'succeeded' }));
      await insert(parents);
      const task = await blockedOn(...parents);
      const ms = await timed(() => fixture.store.dependencies.settleBlocked(task));
      expect(await countOf([task._id], 'scheduled')).toBe(1);
      expect(ms).toBeLessThan(FEW_WRITES_MS);
    },
    SLOW,
  );

  test(
    'parents that end one by one, at about the same time, release their dependent once',
    async () => {
      const parents = many(() => ({}));
      await insert(parents);
      const task = await blockedOn(...parents);
      await fixture.store.dependencies.settleBlocked(task);
      await fixture.store.connection.mongo
        .collection<TaskRecord>('tasks')
        .updateMany({ _id: { $in: idsOf(parents) } }, { $set: { state: 'succeeded' } });
      const ms = await timed(() =>
        Promise.all(parents.map((parent) => fixture.store.dependencies.carryOut([parent._id]))),
      );
      expect(await countOf([task._id], 'scheduled')).toBe(1);
      expect(ms).toBeLessThan(FEW_WRITES_MS);
    },
    SLOW,
  );
});
