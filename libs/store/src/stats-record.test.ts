import { describe, expect, test } from '@jest/globals';
import { addDuration, addNumbers, BOUNDS_MS, noDurations, noNumbers, quantile } from './stats-record.js';

const durations = (...all: number[]) => {
  const of = noDurations();
  for (const ms of all) addDuration(of, ms);
  return of;
};

describe('a histogram', () => {
  test('counts each duration once, in the first bucket that holds it', () => {
    const of = durations(0, 5, 6, 1e9);
    expect(of).toMatchObject({ count: 4, sum: 11 + 1e9, max: 1e9 });
    expect(of.buckets[0]).toBe(2);
    expect(of.buckets[1]).toBe(1);
    expect(of.buckets.at(-1)).toBe(1);
    expect(of.buckets).toHaveLength(BOUNDS_MS.length + 1);
  });

  test('takes a duration below nothing as nothing: two clocks disagree by a little', () => {
    expect(durations(-3)).toMatchObject({ count: 1, sum: 0, max: 0 });
  });

  test('knows no quantile of nothing', () => {
    expect(quantile(noDurations(), 0.5)).toBeNull();
  });

  test.each([
    ['the middle of evenly spread ones', Array.from({ length: 100 }, (_, i) => i + 1), 0.5, 40, 60],
    ['a tail', [...Array.from({ length: 99 }, () => 3), 900], 0.99, 1, 5],
    ['the slowest of all', [...Array.from({ length: 99 }, () => 3), 900], 1, 900, 900],
    ['one alone', [7], 0.95, 5, 7],
    ['those above all bounds', [6e6, 8e6], 0.95, 5e6, 8e6],
  ])('reads %s to within their bucket', (_what, all, share, least, most) => {
    const read = quantile(durations(...all), share);
    expect(read).toBeGreaterThanOrEqual(least);
    expect(read).toBeLessThanOrEqual(most);
  });
});

test('numbers of two times add up', () => {
  const [one, other] = [noNumbers(), noNumbers()];
  one.succeeded = 2;
  addDuration(one.runMs, 10);
  other.succeeded = 3;
  addDuration(other.runMs, 30);
  addNumbers(one, other);
  expect(one).toMatchObject({ succeeded: 5, failed: 0, runMs: { count: 2, sum: 40, max: 30 } });
  expect(one.runMs.buckets.reduce((sum, count) => sum + count)).toBe(2);
});
