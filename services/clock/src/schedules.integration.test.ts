import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import type { TaskState } from '@offload/contracts/task';
import { cancel } from '@offload/store/moves';
import { newId } from '@offload/store/new-task';
import { openStore, type Store } from '@offload/store/open-store';
import { countOpenTasks } from '@offload/store/open-tasks';
import { createQuota, QuotaExceeded, type Quota } from '@offload/store/quota';
import { tickId } from '@offload/store/schedule-task';
import type { ScheduleChange, ScheduleRecord } from '@offload/store/schedules';
import type { TaskRecord } from '@offload/store/task-record';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { makeDueTasks } from './schedules.js';

let stored: StoreFixture;
/** The stores of three clocks; the first is the fixture's. */
let clocks: Store[];
beforeAll(async () => {
  stored = await storeFixture('schedules');
  const others = ['second', 'third'].map((name) =>
    openStore({ uri: stored.database.uri, name, log: stored.log }),
  );
  clocks = [stored.store, ...others];
  for (const { connection } of others) await connection.ready();
});
afterAll(async () => {
  for (const { connection } of clocks.slice(1)) await connection.close();
  await stored.remove();
});

const HOUR = 3_600_000;
const now = () => stored.store.tasks.now().getTime();
/** A tick of some time ago, so that neither it is on time nor the next one near; each hour has one. */
const base = Math.floor((Date.now() - HOUR / 3) / 60_000) * 60_000;
const HOURLY = `${new Date(base).getUTCMinutes()} * * * *`;
/** The last tick of an hourly schedule, or some before it; negative: to come. */
const hour = (before = 0) => new Date(base - before * HOUR);

async function insert(change: Partial<ScheduleRecord> = {}): Promise<ScheduleRecord> {
  const at = stored.store.tasks.now();
  const id = newId();
  const schedule: ScheduleRecord = {
    _id: id,
    owner: 'local',
    name: id,
    type: 'system.echo',
    input: systemEcho.input.parse({ message: 'tick' }),
    lane: 'interactive',
    cron: HOURLY,
    timeZone: 'UTC',
    catchUp: 'all',
    overlap: 'allow',
    paused: false,
    version: 0,
    createdAt: at,
    changedAt: at,
    ...change,
  };
  expect(await stored.store.schedules.create(schedule)).toBe('created');
  return schedule;
}

const read = async ({ _id, owner }: ScheduleRecord): Promise<ScheduleRecord> => {
  const schedule = await stored.store.schedules.get(owner, _id);
  if (!schedule) throw new Error(`There is no schedule ${_id}.`);
  return schedule;
};

/** The tasks that a schedule made, by tick. */
const tasksOf = async ({ _id }: ScheduleRecord): Promise<TaskRecord[]> => {
  const filter = { 'schedule.id': _id } as never;
  const tasks = await stored.store.connection.mongo
    .collection('tasks')
    .find(filter)
    .sort({ _id: 1 })
    .toArray();
  return tasks as unknown as TaskRecord[];
};
const ticksOf = async (schedule: ScheduleRecord): Promise<(Date | undefined)[]> =>
  (await tasksOf(schedule)).map((task) => task.schedule?.tick);

const roomForAll: Quota = { admit: async () => undefined };

const turn = (store: Store | Pick<Store, 'schedules' | 'tasks'> = stored.store, quota: Quota = roomForAll) =>
  makeDueTasks({ store, quota, log: stored.log });

test('any number of clocks make each tick once', async () => {
  const first = Math.floor(now() / 1_000) * 1_000 - 20_000;
  const schedules = await Promise.all(
    Array.from({ length: 5 }, () => insert({ cron: '* * * * * *', nextAt: new Date(first) })),
  );
  for (let rounds = 0; rounds < 3; rounds++) await Promise.all(clocks.map((store) => turn(store)));
  for (const schedule of schedules) {
    const ticks = (await ticksOf(schedule)).map((tick) => tick?.getTime());
    expect(ticks.length).toBeGreaterThanOrEqual(20);
    expect(ticks).toEqual(ticks.map((_tick, index) => first + index * 1_000));
    const { nextAt, lastAt, lastTask } = await read(schedule);
    expect([lastAt?.getTime(), nextAt?.getTime()]).toEqual([ticks.at(-1), Number(ticks.at(-1)) + 1_000]);
    expect(lastTask).toBe(tickId(schedule._id, lastAt as Date));
    await stored.store.schedules.remove('local', schedule._id);
  }
}, 30_000);

test('a clock that dies after the tasks were stored leaves the tick to another, which makes no second', async () => {
  const schedule = await insert({ nextAt: hour() });
  const { tasks, schedules } = stored.store;
  const dies = { ...schedules, advance: () => Promise.reject(new Error('killed')) };
  await expect(turn({ tasks, schedules: dies })).rejects.toThrow('killed');
  expect((await read(schedule)).nextAt).toEqual(hour());
  await turn(clocks[1]);
  await turn(clocks[2]);
  expect(await ticksOf(schedule)).toEqual([hour()]);
  expect((await read(schedule)).nextAt).toEqual(hour(-1));
});

test('a clock that was slow finds its tick done with and moves nothing', async () => {
  const schedule = await insert({ nextAt: hour(2) });
  const due = await stored.store.schedules.due(10);
  await turn(clocks[1]);
  const { schedules } = stored.store;
  await turn({ tasks: stored.store.tasks, schedules: { ...schedules, due: async () => due } });
  expect(await ticksOf(schedule)).toEqual([hour(2), hour(1), hour()]);
  expect(await read(schedule)).toMatchObject({ nextAt: hour(-1), lastAt: hour() });
});

describe('after an outage of three hours', () => {
  test.each([
    ['none', []],
    ['latest', [0]],
    ['all', [2, 1, 0]],
  ] as const)('the catch-up %s makes what it says', async (catchUp, expected) => {
    const schedule = await insert({ catchUp, nextAt: hour(2) });
    await turn();
    expect(await ticksOf(schedule)).toEqual(expected.map(hour));
    expect((await read(schedule)).nextAt).toEqual(hour(-1));
  });

  test('a thousand ticks are made at most, whatever the catch-up', async () => {
    const schedule = await insert({ cron: '* * * * * *', nextAt: hour(3) });
    await turn();
    expect(await tasksOf(schedule)).toHaveLength(1_000);
    await stored.store.schedules.remove('local', schedule._id);
  }, 30_000);
});

describe('a schedule that skips overlaps', () => {
  const end = (task: TaskRecord | undefined) =>
    stored.store.tasks.apply(cancel({ id: task?._id ?? '', keepMs: HOUR, now: stored.store.tasks.now() }));

  test('makes no task while one has not ended, and the next one after that', async () => {
    const schedule = await insert({ overlap: 'skip', nextAt: hour(1) });
    await turn();
    expect(await ticksOf(schedule)).toEqual([hour()]);
    const again = await read(schedule);
    const tickOf = (seconds: number) => new Date(hour().getTime() + seconds * 1_000);
    const due = (seconds: number) => async () => [{ ...again, nextAt: tickOf(seconds) }];
    const { tasks, schedules } = stored.store;
    await turn({ tasks, schedules: { ...schedules, due: due(1) } });
    expect(await ticksOf(schedule)).toEqual([hour()]);
    await end((await tasksOf(schedule))[0]);
    await turn({ tasks, schedules: { ...schedules, due: due(2) } });
    expect(await ticksOf(schedule)).toEqual([hour(), tickOf(2)]);
  });
});

describe('a change by a person', () => {
  test('of the cron while a clock ticks stands: the clock does not move it on', async () => {
    const schedule = await insert({ nextAt: hour() });
    const { tasks, schedules } = stored.store;
    const nextAt = hour(-24);
    const slow: Store['schedules'] = {
      ...schedules,
      async advance(seen, next) {
        expect(await schedules.change(schedule, { cron: '@daily', nextAt })).toMatchObject({ version: 1 });
        return schedules.advance(seen, next);
      },
    };
    await turn({ tasks, schedules: slow });
    expect(await read(schedule)).toMatchObject({ cron: '@daily', nextAt });
    expect(await ticksOf(schedule)).toEqual([hour()]);
  });

  test('of what was read before a clock ticked is refused, so that no tick comes again', async () => {
    const schedule = await insert({ nextAt: hour() });
    await turn();
    const change = (wanted: ScheduleChange) => stored.store.schedules.change(schedule, wanted);
    expect(await change({ nextAt: hour() })).toBe('changed-meanwhile');
    expect(await change({ name: `${schedule.name} b` })).toMatchObject({ nextAt: hour(-1) });
    expect(await change({ name: 'c' })).toBe('changed-meanwhile');
  });

  test('that pauses it ends its ticks', async () => {
    const schedule = await insert({ nextAt: hour() });
    await stored.store.schedules.change(schedule, { paused: true, nextAt: undefined });
    await turn();
    expect(await ticksOf(schedule)).toEqual([]);
    expect(await read(schedule)).not.toHaveProperty('nextAt');
  });
});

describe('a schedule whose tasks cannot be made', () => {
  test.each([
    ['since this clock does not know its type', { type: 'no.such' }, 'unknown-type'],
    ['since its input does not fit the type any more', { input: { delayMs: 'x' } }, 'invalid-input'],
    ['since its time zone is not known here', { timeZone: 'Mars/Base' }, 'invalid-cron'],
  ])('%s says so, loses no tick and holds up no other', async (_name, broken, code) => {
    const schedule = await insert({ nextAt: hour(1), ...broken });
    const healthy = await insert({ nextAt: hour() });
    await turn();
    expect(await ticksOf(healthy)).toEqual([hour()]);
    const seen = await read(schedule);
    expect(seen).toMatchObject({ nextAt: hour(1), paused: false, error: { code } });
    expect((await stored.store.schedules.due(100)).map(({ _id }) => _id)).not.toContain(schedule._id);

    const { type, input, timeZone } = healthy;
    await stored.store.schedules.change(seen, { type, input, timeZone, nextAt: seen.nextAt });
    await turn();
    expect(await ticksOf(schedule)).toEqual([hour(1), hour()]);
    expect(await read(schedule)).not.toHaveProperty('error');
  });
});

describe('a schedule of an owner without room for more open tasks', () => {
  test('makes as many as there is room for, says why there are no more, and goes on from there', async () => {
    const owner = newId();
    const schedule = await insert({ owner, nextAt: hour(3) });
    const quota = createQuota({
      limit: 3,
      countOpen: (of, most) => countOpenTasks(stored.store.connection, of, most),
    });
    await stored.insert({ owner });
    await turn(stored.store, quota);
    expect(await ticksOf(schedule)).toEqual([hour(3), hour(2)]);
    const seen = await read(schedule);
    expect(seen).toMatchObject({ nextAt: hour(1), error: { code: 'quota-exceeded' } });
    expect((await stored.store.schedules.due(100)).map(({ _id }) => _id)).not.toContain(schedule._id);

    const looked = async () => [{ ...seen, nextAt: hour(1) }];
    const { tasks, schedules } = stored.store;
    await turn({ tasks, schedules: { ...schedules, due: looked } });
    expect(await ticksOf(schedule)).toEqual([hour(3), hour(2), hour(1), hour()]);
    expect(await read(schedule)).not.toHaveProperty('error');
  });

  test('loses no tick when there is none at all', async () => {
    const schedule = await insert({ nextAt: hour() });
    const full: Quota = {
      admit: () => Promise.reject(new QuotaExceeded(1, 1, 1)),
    };
    await turn(stored.store, full);
    expect(await ticksOf(schedule)).toEqual([]);
    expect(await read(schedule)).toMatchObject({ nextAt: hour(), error: { code: 'quota-exceeded' } });
  });

  test('is tried again when the count fails', async () => {
    const schedule = await insert({ nextAt: hour() });
    const away: Quota = { admit: () => Promise.reject(new Error('away')) };
    await expect(turn(stored.store, away)).rejects.toThrow('away');
    expect((await read(schedule)).nextAt).toEqual(hour());
    await stored.store.schedules.remove('local', schedule._id);
  });
});

test('the tasks of ticks wait for the relay, due since their tick', async () => {
  const schedule = await insert({ nextAt: hour() });
  await turn();
  const [task] = await tasksOf(schedule);
  expect(task).toMatchObject({ state: 'scheduled' satisfies TaskState, dueAt: hour(), owner: 'local' });
});
