import { describe, expect, test } from '@jest/globals';
import { nextCheck, nextTry, type Pace } from './refresh-interval.js';

const now = new Date('2026-03-01T10:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const after = (at: Date): number => at.getTime() - now.getTime();
const exactly = () => 0;

describe('the next check of a feed that is well', () => {
  test.each<[string, Pace, number]>([
    ['no entries of late: a day', { perWeek: 0 }, 24 * HOUR],
    ['one a week: a day', { perWeek: 1 }, 24 * HOUR],
    ['one a day: six hours', { perWeek: 7 }, 6 * HOUR],
    ['one an hour: a quarter of it', { perWeek: 168 }, 15 * MINUTE],
    ['thousands: five minutes', { perWeek: 10_000 }, 5 * MINUTE],
    ['but not before the ttl is over', { perWeek: 10_000, refreshAfterMs: HOUR }, HOUR],
    ['nor while the answer is fresh', { perWeek: 10_000, freshForMs: 2 * HOUR }, 2 * HOUR],
    ['whatever it asks for, within a day', { perWeek: 7, refreshAfterMs: 365 * 24 * HOUR }, 24 * HOUR],
    ['a ttl of nothing changes nothing', { perWeek: 168, refreshAfterMs: 0, freshForMs: 0 }, 15 * MINUTE],
    ['not in hours that it names', { perWeek: 168, skipHours: [10, 11] }, 2 * HOUR],
    [
      'an hour that names all is no information',
      { perWeek: 168, skipHours: [...Array(24).keys()] },
      15 * MINUTE,
    ],
  ])('%s', (_name, pace, ms) => expect(after(nextCheck(pace, now, exactly))).toBe(ms));

  test('varies by a tenth, never sooner', () => {
    expect(after(nextCheck({ perWeek: 168 }, now, () => 1))).toBe(16.5 * MINUTE);
  });
});

describe('the next try of a feed that failed', () => {
  test.each([
    [1, 5 * MINUTE],
    [2, 10 * MINUTE],
    [5, 80 * MINUTE],
    [9, 21 * HOUR + 20 * MINUTE],
    [10, 24 * HOUR],
    [5_000, 24 * HOUR],
  ])('after %i failures', (times, ms) => expect(after(nextTry(times, null, now, exactly))).toBe(ms));

  test('is not before the origin allows it, and within a day', () => {
    expect(after(nextTry(1, new Date(now.getTime() + HOUR), now, exactly))).toBe(HOUR);
    expect(after(nextTry(1, new Date(now.getTime() + 90 * 24 * HOUR), now, exactly))).toBe(24 * HOUR);
    expect(after(nextTry(3, new Date(now.getTime() - HOUR), now, exactly))).toBe(20 * MINUTE);
  });
});
