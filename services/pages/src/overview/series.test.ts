import { expect, test } from '@jest/globals';
import type { Schemas } from '@offload/client';
import { failureRate, openOf, pointsOf, typesOf } from './series.js';

const durations = (count = 0, meanMs: number | null = null, p95Ms: number | null = null) => ({
  count,
  meanMs,
  p50Ms: meanMs,
  p95Ms,
  maxMs: p95Ms,
});

const numbers = (more: object = {}) => ({
  accepted: 0,
  started: 0,
  succeeded: 0,
  failed: 0,
  cancelled: 0,
  retried: 0,
  putOff: 0,
  timeInQueue: durations(),
  runTime: durations(),
  ...more,
});

const series = (type: string, lane: 'interactive' | 'bulk', totals: object, points: object[] = []) => ({
  type,
  lane,
  totals: numbers(totals),
  points: points.map((point) => ({ at: '', ...numbers(), ...point })),
});

const stats = (all: ReturnType<typeof series>[], items: object[] = []): Schemas['Stats'] =>
  ({
    from: '2026-11-24T12:00:00.000Z',
    to: '2026-11-24T12:03:00.000Z',
    stepMs: 60_000,
    totals: numbers(),
    series: all,
    open: { at: '2026-11-24T12:02:30.000Z', items },
  }) as unknown as Schemas['Stats'];

const minute = (at: number) => `2026-11-24T12:0${at}:00.000Z`;

test('every step has a point, also those in which nothing happened, and series are added up', () => {
  const given = stats([
    series('a', 'interactive', {}, [
      {
        at: minute(0),
        succeeded: 2,
        failed: 1,
        timeInQueue: durations(2, 100, 300),
        runTime: durations(3, 20_000),
      },
    ]),
    series('b', 'bulk', {}, [{ at: minute(0), succeeded: 5, timeInQueue: durations(6, 500, 900) }]),
  ]);
  const points = pointsOf(given);
  expect(points.map(({ at }) => at)).toEqual([minute(0), minute(1), minute(2)]);
  expect(points[0]).toMatchObject({ succeeded: 7, failed: 1, queueMeanMs: 400, queueP95Ms: 900, running: 1 });
  expect(points[1]).toMatchObject({
    succeeded: 0,
    failed: 0,
    queueMeanMs: null,
    queueP95Ms: null,
    running: 0,
  });
});

test('open tasks are reckoned back from now', () => {
  const given = stats(
    [
      series('a', 'interactive', {}, [
        { at: minute(0), accepted: 10 },
        { at: minute(1), accepted: 5, succeeded: 4 },
        { at: minute(2), succeeded: 7, cancelled: 1 },
      ]),
    ],
    [{ type: 'a', lane: 'interactive', blocked: 0, scheduled: 1, queued: 1, running: 1 }],
  );
  expect(pointsOf(given).map(({ open }) => open)).toEqual([10, 11, 3]);
});

test('waiting are all that neither run nor have ended', () => {
  const given = stats(
    [],
    [
      { type: 'a', lane: 'bulk', blocked: 1, scheduled: 2, queued: 4, running: 8 },
      { type: 'b', lane: 'bulk', blocked: 0, scheduled: 0, queued: 16, running: 0 },
    ],
  );
  expect(openOf(given)).toEqual({ waiting: 23, running: 8 });
  expect(openOf(given, 'a')).toEqual({ waiting: 7, running: 8 });
});

test('a failure rate is of what ended by itself', () => {
  expect(failureRate({ succeeded: 3, failed: 1 })).toBe(0.25);
  expect(failureRate({ succeeded: 0, failed: 0 })).toBeNull();
});

test('types have one row each, the busiest first, with the longer wait of their lanes', () => {
  const given = stats(
    [
      series('a', 'bulk', { succeeded: 1, timeInQueue: durations(1, 5, 9_000) }),
      series('a', 'interactive', { succeeded: 1, timeInQueue: durations(1, 5, 10) }),
      series('b', 'interactive', { succeeded: 9, failed: 1, runTime: durations(10, 50, 70) }),
    ],
    [{ type: 'c', lane: 'bulk', blocked: 0, scheduled: 0, queued: 3, running: 0 }],
  );
  expect(typesOf(given)).toMatchObject([
    { type: 'b', succeeded: 9, failed: 1, runP95Ms: 70, queueP95Ms: null },
    { type: 'a', succeeded: 2, queueP95Ms: 9_000 },
    { type: 'c', succeeded: 0, waiting: 3, running: 0 },
  ]);
});
