import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
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

  test('one of a thousand is released with all others of its parent', async () => {
    const parent = await fixture.insert();
    const tasks = await Promise.all(Array.from({ length: 1_000 }, () => blockedOn(parent)));
    await fixture.store.dependencies.settleBlocked(tasks[0] as TaskRecord);
    await end(parent, 'succeeded');
    await fixture.store.dependencies.carryOut([parent._id]);
    const states = await Promise.all(tasks.map(async (task) => (await fixture.read(task._id)).state));
    expect(new Set(states)).toEqual(new Set(['scheduled']));
  });
});
