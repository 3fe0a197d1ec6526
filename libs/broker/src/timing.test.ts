import { expect, test } from '@jest/globals';
import { backoffMs, within } from './timing.js';

const delays = { firstMs: 50, longestMs: 2_000 };

test('the wait doubles with each failure and never exceeds the longest', () => {
  const longest = () => 1;
  expect([1, 2, 3, 4].map((failures) => backoffMs(failures, delays, longest))).toEqual([50, 100, 200, 400]);
  expect(backoffMs(60, delays, longest)).toBe(2_000);
});

test('the wait is at least half of its step, so that nothing is retried in a hot loop', () => {
  expect(backoffMs(1, delays, () => 0)).toBe(25);
  expect(backoffMs(60, delays, () => 0)).toBe(1_000);
});

test('a promise that is too late is given up with what it was for', async () => {
  await expect(within(5, new Promise(() => {}), 'closing')).rejects.toThrow('closing took longer than 5 ms');
});

test('a promise in time is passed on, with its failure', async () => {
  await expect(within(60_000, Promise.resolve(7), 'counting')).resolves.toBe(7);
  await expect(within(60_000, Promise.reject(new Error('no')), 'counting')).rejects.toThrow('no');
});
