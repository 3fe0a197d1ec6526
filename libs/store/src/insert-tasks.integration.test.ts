import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { echoTask, storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { freeIdempotencyKeys, IDEMPOTENCY_MS, sweepIdempotencyKeys } from './idempotency.js';
import * as moves from './moves.js';
import type { TaskRecord } from './task-record.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('insert-tasks');
});
afterAll(() => fixture.remove());

const now = () => fixture.store.tasks.now();
const create = (task: TaskRecord) => fixture.store.tasks.create(task);
const withKey = (idempotencyKey: string, change: Partial<TaskRecord> = {}): TaskRecord => ({
  ...echoTask(now()),
  idempotencyKey,
  idempotencyUntil: new Date(now().getTime() + IDEMPOTENCY_MS),
  bodyHash: 'hash',
  ...change,
});
const withUnique = (uniqueKey: string, change: Partial<TaskRecord> = {}): TaskRecord => ({
  ...echoTask(now()),
  uniqueKey,
  ...change,
});
const countOf = (filter: Record<string, unknown>) =>
  fixture.store.connection.mongo.collection('tasks').countDocuments(filter);

describe('a new task', () => {
  test('is stored once of fifty with one idempotency key; the others are told of it', async () => {
    const tasks = Array.from({ length: 50 }, () => withKey('fifty'));
    const created = await Promise.all(tasks.map(create));
    const [first] = tasks.filter((_, n) => created[n]?.kind === 'created');
    expect(created.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    for (const each of created.filter(({ kind }) => kind === 'duplicate'))
      expect(each).toMatchObject({ of: 'idempotency', holder: { _id: first?._id, bodyHash: 'hash' } });
    expect(await countOf({ idempotencyKey: 'fifty' })).toBe(1);
  });

  test('is stored once of fifty with one unique key, again once that one has ended', async () => {
    const tasks = Array.from({ length: 50 }, () => withUnique('fifty'));
    const created = await Promise.all(tasks.map(create));
    const winner = tasks[created.findIndex(({ kind }) => kind === 'created')];
    expect(created.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(created.find(({ kind }) => kind === 'duplicate')).toMatchObject({
      of: 'unique',
      holder: { _id: winner?._id },
    });
    await fixture.store.tasks.apply(moves.cancel({ id: winner?._id ?? '', keepMs: 1_000, now: now() }));
    await expect(create(withUnique('fifty'))).resolves.toEqual({ kind: 'created' });
  });

  test('that comes while the holder of its key is being confirmed is a duplicate, and never an error', async () => {
    // Both touch the key's index: in some of the rounds the database finds them waiting for each other.
    for (let round = 0; round < 30; round++) {
      const holder = withKey(`confirmed ${round}`);
      await create(holder);
      const [again] = await Promise.all([
        create(withKey(`confirmed ${round}`)),
        fixture.store.tasks.confirmed({ task: holder._id, seq: holder.seq }),
      ]);
      expect(again).toMatchObject({ kind: 'duplicate', of: 'idempotency', holder: { _id: holder._id } });
    }
  });

  test('with a key of another owner, or a unique key of another type, is no duplicate', async () => {
    await create(withKey('mine'));
    await expect(create(withKey('mine', { owner: 'other' }))).resolves.toEqual({ kind: 'created' });
    await create(withUnique('mine'));
    await expect(create(withUnique('mine', { type: 'other.type' }))).resolves.toEqual({ kind: 'created' });
    await expect(create(withUnique('mine', { owner: 'other' }))).resolves.toEqual({ kind: 'created' });
  });

  test('that shares a write with duplicates is stored all the same, each told its own outcome', async () => {
    await create(withKey('taken'));
    const tasks = Array.from({ length: 30 }, (_, n) => (n % 3 === 0 ? withKey('taken') : echoTask(now())));
    const created = await Promise.all(tasks.map(create));
    expect(created.map(({ kind }) => kind)).toEqual(
      tasks.map((_, n) => (n % 3 === 0 ? 'duplicate' : 'created')),
    );
    for (const [n, task] of tasks.entries())
      expect(await fixture.store.tasks.get(task._id)).toEqual(n % 3 === 0 ? null : expect.anything());
  });

  test('made again after a lost reply counts as created, whatever became of it meanwhile', async () => {
    const task = withKey('lost reply', { uniqueKey: 'lost reply' });
    await create(task);
    await fixture.store.tasks.claim({ task: task._id, seq: 0 }, 'w1', new Set());
    await expect(create(task)).resolves.toEqual({ kind: 'created', before: true });
    expect(await fixture.read(task._id)).toMatchObject({ state: 'running' });
  });

  test('with both keys taken is told of the idempotency key', async () => {
    const holder = withKey('both');
    await create(holder);
    await create(withUnique('both'));
    await expect(create(withKey('both', { uniqueKey: 'both' }))).resolves.toMatchObject({
      of: 'idempotency',
      holder: { _id: holder._id },
    });
  });
});

describe('an idempotency key', () => {
  const over = () => ({ idempotencyUntil: new Date(now().getTime() - 1) });

  test('is free for another task once its time is over; the old task stays', async () => {
    const old = withKey('over', over());
    await create(old);
    const next = withKey('over');
    await expect(create(next)).resolves.toEqual({ kind: 'created' });
    expect((await fixture.read(old._id)).idempotencyKey).toBeUndefined();
    expect(await fixture.read(next._id)).toMatchObject({ idempotencyKey: 'over' });
  });

  test('that is over is won by one of fifty', async () => {
    await create(withKey('over, fifty', over()));
    const created = await Promise.all(Array.from({ length: 50 }, () => create(withKey('over, fifty'))));
    expect(created.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  });

  test('is not freed before its time', async () => {
    const task = withKey('held');
    await create(task);
    await expect(freeIdempotencyKeys(fixture.store.connection, [task._id])).resolves.toBe(0);
    expect(await fixture.read(task._id)).toMatchObject({ idempotencyKey: 'held', bodyHash: 'hash' });
  });

  test('is taken away by the sweep when it is over, in turns, and only then', async () => {
    await sweepIdempotencyKeys(fixture.store.connection, 1_000);
    const tasks = Array.from({ length: 7 }, (_, n) => withKey(`sweep ${n}`, n < 5 ? over() : {}));
    await Promise.all(tasks.map(create));
    await expect(sweepIdempotencyKeys(fixture.store.connection, 3)).resolves.toBe(3);
    await expect(sweepIdempotencyKeys(fixture.store.connection, 3)).resolves.toBe(2);
    await expect(sweepIdempotencyKeys(fixture.store.connection, 3)).resolves.toBe(0);
    const kept = await Promise.all(tasks.map(async ({ _id }) => (await fixture.read(_id)).idempotencyKey));
    expect(kept.filter((key) => key !== undefined)).toEqual(['sweep 5', 'sweep 6']);
  });
});
