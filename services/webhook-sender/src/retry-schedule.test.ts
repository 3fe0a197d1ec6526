import { describe, expect, test } from '@jest/globals';
import { nextTry, RETRY_AFTER_MS } from './retry-schedule.js';

const now = new Date('2026-01-01T00:00:00Z');
const waitMs = (tried: number, askedMs: number | null = null, random = 0): number | null => {
  const at = nextTry(tried, askedMs, now, { random });
  return at && at.getTime() - now.getTime();
};
const HOUR = 3_600_000;

describe('a delivery in vain', () => {
  test('is tried ten times over about three days, as Standard Webhooks recommends', () => {
    const waits = RETRY_AFTER_MS.map((_wait, n) => waitMs(n + 1));
    expect(waits).toEqual(RETRY_AFTER_MS);
    const total = waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0) / HOUR;
    expect(total).toBeGreaterThan(72);
    expect(total).toBeLessThan(80);
    expect(waitMs(RETRY_AFTER_MS.length + 1)).toBeNull();
  });

  test('comes up to a fifth later by chance', () => {
    expect(waitMs(2, null, 0.5)).toBe(330_000);
    expect(waitMs(2, null, 0.999)).toBeLessThan(360_000);
  });

  test.each([
    ['later than the schedule is obeyed', 600_000, 600_000],
    ['earlier than the schedule changes nothing', 1_000, 300_000],
    ['of a year is cut to a day', 365 * 24 * HOUR, 24 * HOUR],
  ])('whose Retry-After %s', (_what, asked, expected) => {
    expect(waitMs(2, asked)).toBe(expected);
  });
});
