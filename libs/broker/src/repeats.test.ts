import { expect, test } from '@jest/globals';
import { Repeats } from './repeats.js';

test('the same news is told once, and again after its time', () => {
  let now = 0;
  const repeats = new Repeats(30_000, () => now);
  expect(repeats.isNews('refused')).toBe(true);
  now = 29_999;
  expect(repeats.isNews('refused')).toBe(false);
  now = 30_000;
  expect(repeats.isNews('refused')).toBe(true);
});

test('other news is told at once', () => {
  const repeats = new Repeats(30_000, () => 0);
  repeats.isNews('refused');
  expect(repeats.isNews('no such vhost')).toBe(true);
});

test('after a success the same trouble is news again', () => {
  const repeats = new Repeats(30_000, () => 0);
  repeats.isNews('refused');
  repeats.reset();
  expect(repeats.isNews('refused')).toBe(true);
});
