import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { countOpenTasks } from './open-tasks.js';
import { failOverdueTasks } from './overdue-tasks.js';
import type { TaskRecord } from './task-record.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('overdue-tasks');
});
afterAll(() => fixture.remove());

const at = (ms: number) => new Date(fixture.store.tasks.now().getTime() + ms);
const sweep = (limit = 500) => failOverdueTasks(fixture.store.connection, fixture.store.dependencies, limit);
const idsOf = (tasks: Pick<TaskRecord, '_id'>[]) => tasks.map((task) => task._id).sort();

describe('the sweep of tasks past their expiresAt', () => {
  test('fails those that wait in any way, and tells which', async () => {
    const late = [
      await fixture.insert({ expiresAt: at(-1) }),
      await fixture.insert({ expiresAt: at(-1), dueAt: at(60_000) }),
      await fixture.insert({ expiresAt: at(-1), state: 'queued', queuedAt: at(-60_000) }),
      await fixture.insert({ expiresAt: at(-1), state: 'blocked', waitsFor: ['someone'] }),
    ];
    const { failed } = await sweep();
    expect(idsOf(failed)).toEqual(idsOf(late));
    for (const { _id } of late)
      expect(await fixture.read(_id)).toMatchObject({ state: 'failed', error: { code: 'expired' } });
  });

  test('leaves alone what has time left, runs, or has ended', async () => {
    const others = [
      await fixture.insert(),
      await fixture.insert({ expiresAt: at(60_000) }),
      await fixture.insert({
        expiresAt: at(-1),
        state: 'running',
        lease: { token: 't', worker: 'w', beat: 1 },
      }),
      await fixture.insert({ expiresAt: at(-1), state: 'succeeded' }),
    ];
    await expect(sweep()).resolves.toEqual({ found: 0, failed: [] });
    for (const { _id, state } of others) expect((await fixture.read(_id)).state).toBe(state);
  });

  test('carries out what their end sets off: who waits for one fails, too', async () => {
    const parent = await fixture.insert({ expiresAt: at(-1) });
    const child = await fixture.insert({ state: 'blocked', waitsFor: [parent._id] });
    await fixture.store.dependencies.settleBlocked(child);
    await sweep();
    expect(await fixture.read(child._id)).toMatchObject({
      state: 'failed',
      error: { code: 'dependency-failed' },
    });
  });

  test('of many goes in turns', async () => {
    await Promise.all(Array.from({ length: 25 }, () => fixture.insert({ expiresAt: at(-1) })));
    const found = [];
    for (let turn = 0; turn < 4; turn++) found.push((await sweep(10)).found);
    expect(found).toEqual([10, 10, 5, 0]);
  });

  test('a task that is past it is claimed by nobody, swept or not', async () => {
    const { _id, seq } = await fixture.insert({ expiresAt: at(-1) });
    const claim = await fixture.store.tasks.claim({ task: _id, seq }, 'w1', new Set());
    expect(claim).toMatchObject({ kind: 'refused', task: { attempt: 0 } });
  });
});

test('open tasks are counted per owner, ended ones not, and not beyond what is asked for', async () => {
  const owner = 'counted';
  for (const state of [
    'blocked',
    'scheduled',
    'queued',
    'running',
    'succeeded',
    'failed',
    'cancelled',
  ] as const)
    await fixture.insert({ owner, state });
  await expect(countOpenTasks(fixture.store.connection, owner, 100)).resolves.toBe(4);
  await expect(countOpenTasks(fixture.store.connection, owner, 2)).resolves.toBe(2);
  await expect(countOpenTasks(fixture.store.connection, 'nobody', 100)).resolves.toBe(0);
});
