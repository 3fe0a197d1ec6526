import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { echoTask, storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { noNumbers } from './stats-record.js';
import { createStatsStore, type StatsStep } from './stats-store.js';
import { messageOf } from './new-task.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('stats');
});
afterAll(() => fixture.remove());

const MINUTE_MS = 60_000;
/** A process of its own, whose clock shows this minute. */
const processAt = (minute: string, change: Partial<typeof fixture.store.connection> = {}) => {
  const { connection } = fixture.store;
  const clock = { ...connection.clock, now: () => new Date(`${minute}:30.000Z`) };
  return createStatsStore({ ...connection, mongo: connection.mongo, clock, ...change });
};
const range = (from: string, minutes: number, step: StatsStep = '1m') => {
  const begin = new Date(`${from}:00.000Z`);
  return { from: begin, to: new Date(begin.getTime() + minutes * MINUTE_MS), step };
};
const task = echoTask(new Date());

describe('what processes count', () => {
  test('adds up over all of them, exactly, though they write the same rows at the same moment', async () => {
    const processes = Array.from({ length: 8 }, () => processAt('2026-01-31T08:00'));
    for (let round = 0; round < 5; round++) {
      for (const each of processes) {
        each.accepted(task);
        each.ended(task, 'succeeded', 20);
        each.ended({ ...task, lane: 'bulk' }, 'failed', 3e9);
      }
      await Promise.all(processes.map((each) => each.flush()));
    }
    const points = await fixture.store.stats.read(range('2026-01-31T08:00', 1));
    expect(points).toMatchObject([
      {
        type: task.type,
        lane: 'bulk',
        numbers: { failed: 40, runMs: { count: 40, sum: 40 * 3e9, max: 3e9 } },
      },
      {
        type: task.type,
        lane: 'interactive',
        numbers: { accepted: 40, succeeded: 40, failed: 0, runMs: { sum: 800 } },
      },
    ]);
    expect(points[1]?.numbers.runMs.buckets[2]).toBe(40);
  });

  test('is not counted twice when the reply to a flush was lost', async () => {
    const { mongo } = fixture.store.connection;
    let lose = true;
    const losing = new Proxy(mongo, {
      get(target, name) {
        if (name !== 'collection') return Reflect.get(target, name, target) as unknown;
        return (...of: Parameters<typeof mongo.collection>) => {
          const collection = target.collection(...of);
          const bulkWrite = async (...args: Parameters<typeof collection.bulkWrite>) => {
            await collection.bulkWrite(...args);
            if (lose) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
          };
          return { bulkWrite };
        };
      },
    });
    const writer = processAt('2026-01-31T09:00', { mongo: losing });
    writer.accepted(task);
    await expect(writer.flush()).rejects.toThrow('ECONNRESET');
    writer.accepted(task);
    // The store says that it has this one already; what was counted since is the next one's.
    await writer.flush();
    lose = false;
    await writer.flush();
    const [point] = await fixture.store.stats.read(range('2026-01-31T09:00', 1));
    expect(point?.numbers.accepted).toBe(2);
  });

  test('is read in steps, of one type, within the time asked for', async () => {
    for (const minute of ['2026-01-31T10:04', '2026-01-31T10:05', '2026-01-31T10:09', '2026-01-31T10:10']) {
      const each = processAt(minute);
      each.accepted(task);
      each.accepted({ ...task, type: 'other.type' });
      await each.flush();
    }
    const points = await fixture.store.stats.read({ ...range('2026-01-31T10:05', 5, '5m'), type: task.type });
    expect(points.map(({ at, type, numbers }) => [at.toISOString(), type, numbers.accepted])).toEqual([
      ['2026-01-31T10:05:00.000Z', task.type, 2],
    ]);
    const hour = await fixture.store.stats.read({ ...range('2026-01-31T10:00', 60, '1h'), type: task.type });
    expect(hour.map(({ at, numbers }) => [at.toISOString(), numbers.accepted])).toEqual([
      ['2026-01-31T10:00:00.000Z', 4],
    ]);
  });
});

describe('the way of a task', () => {
  const counted = () => fixture.store.stats.sinceStart().get('system.echo bulk') ?? noNumbers();

  test('is counted as accepted once, though it is made again after a lost reply', async () => {
    const made = echoTask(fixture.store.tasks.now(), 'bulk');
    const before = { ...counted() };
    await fixture.store.tasks.create(made);
    await fixture.store.tasks.create(made);
    expect(counted().accepted).toBe(before.accepted + 1);
  });

  test('is counted as started with its claim, and as retried and started with a take over', async () => {
    const made = { ...echoTask(fixture.store.tasks.now(), 'bulk'), seq: 0 };
    await fixture.store.tasks.create(made);
    const before = structuredClone(counted());
    const claim = await fixture.store.tasks.claim(messageOf(made), 'w', new Set());
    if (claim.kind !== 'claimed') throw new Error('not claimed');
    expect(counted()).toMatchObject({ started: before.started + 1, retried: before.retried });
    expect(counted().queueMs.count).toBe(before.queueMs.count + 1);
    const holder = { id: made._id, seq: 0, token: claim.token, beat: 0 };
    await fixture.store.tasks.takeOver(holder, 'w2', new Set());
    expect(counted()).toMatchObject({ started: before.started + 2, retried: before.retried + 1 });
  });

  test('is counted as cancelled, and what failed with it as failed', async () => {
    const { store } = fixture;
    const parent = await fixture.insert({ lane: 'bulk' });
    const child = await fixture.insert({
      lane: 'bulk',
      state: 'blocked',
      waitsFor: [parent._id],
      dueAt: undefined,
    });
    await store.dependencies.settleBlocked(child);
    const before = structuredClone(counted());
    await store.many.cancel([parent]);
    await store.many.cancel([parent]);
    await store.dependencies.carryOut([parent._id]);
    expect(counted()).toMatchObject({ cancelled: before.cancelled + 1, failed: before.failed + 1 });
  });
});

test('open tasks are counted by type, lane and state, with the time of the oldest that is queued', async () => {
  const own = await storeFixture('stats-open');
  const queuedAt = new Date('2026-01-31T08:00:00.000Z');
  const later = new Date('2026-01-31T08:00:05.000Z');
  await own.insert({ state: 'queued', queuedAt: later, dueAt: undefined });
  await own.insert({ state: 'queued', queuedAt, dueAt: undefined });
  await own.insert({ state: 'running', dueAt: undefined, startedAt: later });
  await own.insert({ lane: 'bulk' });
  await own.insert({ lane: 'bulk', state: 'blocked', waitsFor: ['another'], dueAt: undefined });
  await own.insert({ state: 'succeeded', dueAt: undefined });
  const none = { blocked: 0, scheduled: 0, queued: 0, running: 0, oldestQueuedAt: null };
  expect(await own.store.stats.open()).toEqual([
    { ...none, type: 'system.echo', lane: 'bulk', blocked: 1, scheduled: 1 },
    { ...none, type: 'system.echo', lane: 'interactive', queued: 2, running: 1, oldestQueuedAt: queuedAt },
  ]);
  await own.remove();
});
