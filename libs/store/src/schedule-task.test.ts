import { describe, expect, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import { validate, version } from 'uuid';
import { newId } from './new-task.js';
import { overlapKey, ScheduleOutdated, taskOf, tickId, workOf } from './schedule-task.js';
import type { ScheduleRecord } from './schedules.js';

const now = new Date('2026-06-01T12:00:00.250Z');
const tick = new Date('2026-06-01T12:00:00Z');
const schedule: ScheduleRecord = {
  _id: newId(),
  owner: 'local',
  name: 'a test',
  type: 'system.echo',
  input: systemEcho.input.parse({ message: 'tick' }),
  lane: 'bulk',
  cron: '* * * * *',
  timeZone: 'UTC',
  catchUp: 'latest',
  overlap: 'allow',
  paused: false,
  nextAt: tick,
  version: 0,
  createdAt: now,
  changedAt: now,
};

describe("a tick's id", () => {
  test('is a UUIDv7 whose time is the tick', () => {
    const id = tickId(schedule._id, tick);
    expect([validate(id), version(id)]).toEqual([true, 7]);
    expect(parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(tick.getTime());
  });

  test('is the same whoever computes it, and another for each schedule and tick', () => {
    const id = tickId(schedule._id, tick);
    expect(tickId(schedule._id, new Date(tick))).toBe(id);
    const others = [tickId(newId(), tick), tickId(schedule._id, new Date(tick.getTime() + 1_000))];
    expect(new Set([id, ...others]).size).toBe(3);
  });

  test('sorts by the tick', () => {
    const ids = [0, 1, 60, 3_600, 86_400].map((s) =>
      tickId(schedule._id, new Date(tick.getTime() + s * 1_000)),
    );
    expect(ids.toSorted()).toEqual(ids);
  });
});

describe('the task of a schedule', () => {
  const work = workOf(schedule, systemEcho);

  test('of a tick is due at once for the relay, and names schedule and tick', () => {
    expect(taskOf(schedule, work, { tick, now })).toMatchObject({
      _id: tickId(schedule._id, tick),
      state: 'scheduled',
      dueAt: tick,
      createdAt: now,
      lane: 'bulk',
      queue: 'system.echo.bulk',
      input: schedule.input,
      schedule: { id: schedule._id, tick },
      timeoutMs: systemEcho.timeoutMs,
      attemptLimit: systemEcho.maxAttempts,
    });
  });

  test('made on demand has an id of its own', () => {
    const [one, other] = [taskOf(schedule, work, { now }), taskOf(schedule, work, { now })];
    expect(one._id).not.toBe(other._id);
    expect(one.schedule).toEqual({ id: schedule._id, tick: now });
  });

  test('has what the schedule says, within what the contract says today', () => {
    const more = { ...schedule, maxAttempts: 1, timeoutMs: systemEcho.timeoutMs + 1, tags: ['night'] };
    expect(taskOf(more, work, { tick, now })).toMatchObject({
      attemptLimit: 1,
      timeoutMs: systemEcho.timeoutMs,
      tags: ['night'],
    });
  });

  test('has the key of its schedule when overlaps are skipped, and none when they are allowed', () => {
    const skipping = taskOf({ ...schedule, overlap: 'skip' }, work, { tick, now });
    expect(skipping.uniqueKey).toBe(overlapKey(schedule._id));
    expect(taskOf(schedule, work, { tick, now })).not.toHaveProperty('uniqueKey');
  });

  test.each([
    ['a type that is gone', undefined, {}, 'unknown-type', /no task type system\.echo/],
    ['an input that does not fit any more', systemEcho, { message: 1 }, 'invalid-input', /message/],
  ])('is not made of %s', (_name, contract, input, code, message) => {
    const make = () => workOf({ ...schedule, input }, contract);
    expect(make).toThrow(ScheduleOutdated);
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
