import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { newId } from './new-task.js';
import { MOST_SCHEDULES, type ScheduleRecord } from './schedules.js';

let stored: StoreFixture;
beforeAll(async () => {
  stored = await storeFixture('store-schedules');
});
afterAll(() => stored.remove());

function scheduleOf(owner: string, change: Partial<ScheduleRecord> = {}): ScheduleRecord {
  const now = stored.store.tasks.now();
  const id = newId();
  return {
    _id: id,
    owner,
    name: id,
    type: 'system.echo',
    input: {},
    lane: 'interactive',
    cron: '@hourly',
    timeZone: 'UTC',
    catchUp: 'latest',
    overlap: 'allow',
    paused: false,
    nextAt: new Date(now.getTime() - 1_000),
    version: 0,
    createdAt: now,
    changedAt: now,
    ...change,
  };
}

test('a schedule that clocks are working on is deleted for good', async () => {
  const { schedules } = stored.store;
  for (let rounds = 0; rounds < 20; rounds++) {
    const schedule = scheduleOf('remover');
    await schedules.create(schedule);
    const notes = Array.from({ length: 5 }, (_, n) => ({ task: newId(), at: new Date(n + 1) }));
    const noted = notes.map((note) => schedules.made(schedule._id, note));
    expect(await schedules.remove('remover', schedule._id)).toBe(true);
    await Promise.all(noted);
    expect(await schedules.get('remover', schedule._id)).toBeNull();
    expect(await schedules.remove('remover', schedule._id)).toBe(false);
  }
}, 30_000);

test('an owner has a limited number of schedules, and others are not counted', async () => {
  const { schedules, connection } = stored.store;
  const many = Array.from({ length: MOST_SCHEDULES - 1 }, () => scheduleOf('collector'));
  await connection.mongo.collection<ScheduleRecord>('schedules').insertMany(many);
  expect(await schedules.create(scheduleOf('collector'))).toBe('created');
  expect(await schedules.create(scheduleOf('collector'))).toBe('too-many');
  expect(await schedules.create(scheduleOf('someone else'))).toBe('created');
});

describe('the last task that is noted', () => {
  test('is the latest, in whatever order clocks note it', async () => {
    const schedule = scheduleOf('noter');
    const { schedules } = stored.store;
    await schedules.create(schedule);
    const [early, late] = [new Date(1_000), new Date(2_000)];
    await schedules.made(schedule._id, { task: 'late', at: late });
    await schedules.made(schedule._id, { task: 'early', at: early });
    expect(await schedules.get('noter', schedule._id)).toMatchObject({ lastTask: 'late', lastAt: late });
  });
});

test('one that is put off is due again after that time, at the same tick', async () => {
  const { schedules } = stored.store;
  const schedule = scheduleOf('putter', { nextAt: new Date(1_000) });
  await schedules.create(schedule);
  const isDue = async () => (await schedules.due(1)).some(({ _id }) => _id === schedule._id);
  const due = { ...schedule, nextAt: new Date(1_000) };
  expect(await isDue()).toBe(true);
  await schedules.putOff(due, { code: 'unknown-type', message: 'gone' }, 60_000);
  expect(await isDue()).toBe(false);
  await schedules.putOff(due, { code: 'unknown-type', message: 'gone' }, -3_600_000);
  const [first] = (await schedules.due(5_000)).filter(({ _id }) => _id === schedule._id);
  expect(first).toMatchObject({ nextAt: new Date(1_000), version: 0 });
});
