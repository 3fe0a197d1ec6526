import { describe, expect, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import { isDueNow, newTask } from '@offload/store/new-task';
import { checkTask, inspectTask } from './check-task.js';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const DAY = 24 * 3_600_000;
const at = (ms: number) => new Date(NOW.getTime() + ms);

const optionsOf = (options: object) => checkTask({ type: 'system.echo', input: {}, ...options }, NOW).options;
const taskOf = (options: object) => {
  const { input, options: checked } = checkTask({ type: 'system.echo', input: {}, ...options }, NOW);
  return newTask(systemEcho, input, { ...checked, owner: 'local', now: NOW });
};

describe('the options of a new task', () => {
  test('are none by default: it is due now and has its type’s limits', () => {
    const task = taskOf({});
    expect(task).toMatchObject({
      lane: 'interactive',
      state: 'scheduled',
      timeoutMs: 90_000,
      attemptLimit: 5,
    });
    expect(isDueNow(task)).toBe(true);
    for (const field of ['expiresAt', 'tags', 'uniqueKey']) expect(task).not.toHaveProperty(field);
  });

  test('are stored as they were asked for', () => {
    const parent = '0192F3C0-7A5E-7000-8000-000000000000';
    expect(
      taskOf({
        lane: 'bulk',
        delayMs: 60_000,
        timeoutMs: 1_000,
        expiresInMs: 120_000,
        maxAttempts: 25,
        after: [parent],
        tags: ['a', 'team:b', 'a'],
        unique: 'order-17',
      }),
    ).toMatchObject({
      lane: 'bulk',
      state: 'blocked',
      dueAt: at(60_000),
      timeoutMs: 1_000,
      expiresAt: at(120_000),
      attemptLimit: 25,
      waitsFor: [parent.toLowerCase()],
      tags: ['a', 'team:b'],
      uniqueKey: 'order-17',
    });
  });

  test('take times with an offset', () => {
    expect(optionsOf({ runAt: '2026-01-01T03:00:00+01:00' }).runAt).toEqual(at(2 * 3_600_000));
  });

  test.each([{ runAt: '2020-01-01T00:00:00Z' }, { runAt: NOW.toISOString() }, { delayMs: 0 }])(
    'that name a time that is over mean now: %j',
    (options) => {
      expect(optionsOf(options)).not.toHaveProperty('runAt');
      expect(isDueNow(taskOf(options))).toBe(true);
    },
  );

  test.each([1, 1_000, 4_999, 5_000, 5_001, DAY])(
    'that put it off by %i ms leave it to the relay: it is never published before',
    (delayMs) => {
      const task = taskOf({ delayMs });
      expect(isDueNow(task)).toBe(false);
      expect(task.dueAt?.getTime()).toBeGreaterThanOrEqual(at(delayMs).getTime());
      expect(task.dueAt?.getTime()).toBeLessThanOrEqual(at(delayMs + 1).getTime());
    },
  );
});

describe('options that are not valid are a fault at their own place', () => {
  const many = (length: number) => Array.from({ length }, (_, n) => `t${n}`);
  const ids = (length: number) => Array.from({ length }, () => '0192f3c0-7a5e-7000-8000-000000000000');
  test.each<[object, string, RegExp]>([
    [{ runAt: 'tomorrow' }, '/runAt', /RFC 3339/],
    [{ runAt: '2026-01-01T00:00:00' }, '/runAt', /RFC 3339/],
    [{ runAt: '2027-01-03T00:00:00Z' }, '/runAt', /a year/],
    [{ delayMs: -1 }, '/delayMs', /0/],
    [{ delayMs: 1.5 }, '/delayMs', /int/],
    [{ delayMs: 367 * DAY }, '/delayMs', /./],
    [{ runAt: '2026-02-01T00:00:00Z', delayMs: 5 }, '/delayMs', /together with runAt/],
    [{ timeoutMs: 999 }, '/timeoutMs', /1000/],
    [{ timeoutMs: 90_001 }, '/timeoutMs', /at most 90000 for system\.echo/],
    [{ expiresAt: '2025-12-31T23:59:59Z' }, '/expiresAt', /past/],
    [{ expiresInMs: 0 }, '/expiresInMs', /./],
    [{ expiresAt: '2029-01-01T00:00:00Z' }, '/expiresAt', /two years/],
    [{ expiresAt: '2026-02-01T00:00:00Z', expiresInMs: 5 }, '/expiresInMs', /together with expiresAt/],
    [{ delayMs: 1_000, expiresInMs: 1_000 }, '/expiresInMs', /not after the time at which it may first run/],
    [{ maxAttempts: 0 }, '/maxAttempts', /1/],
    [{ maxAttempts: 26 }, '/maxAttempts', /25/],
    [{ after: ['x'] }, '/after/0', /UUID/i],
    [{ after: ids(1_001) }, '/after', /1000/],
    [{ tags: many(21) }, '/tags', /20/],
    [{ tags: ['ok', 'not ok'] }, '/tags/1', /letters, digits/],
    [{ tags: ['a'.repeat(65)] }, '/tags/0', /64/],
    [{ unique: '' }, '/unique', /letters, digits/],
    [{ unique: 'a b' }, '/unique', /letters, digits/],
    [{ delay: 5 }, '/delay', /not a known field/],
    [{ idempotencyKey: 'x' }, '/idempotencyKey', /not a known field/],
  ])('%j', (options, pointer, detail) => {
    const { checked, faults } = inspectTask({ type: 'system.echo', input: {}, ...options }, NOW);
    expect(checked).toBeUndefined();
    expect(faults).toEqual([{ pointer, detail: expect.stringMatching(detail) }]);
  });

  test('all at once, and in a batch each at its place there', () => {
    const body = { type: 'system.echo', input: { delayMs: -1 }, timeoutMs: 900_000 };
    const { faults } = inspectTask(body, NOW, ['tasks', 3]);
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/tasks/3/input/delayMs', '/tasks/3/timeoutMs']);
  });
});
