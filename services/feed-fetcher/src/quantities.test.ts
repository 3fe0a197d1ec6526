import { describe, expect, test } from '@jest/globals';
import { countOf, durationOf, hoursOf, refreshAfter } from './quantities.js';

test.each([
  ['1:02:03', 3_723_000],
  ['62:03', 3_723_000],
  ['3723', 3_723_000],
  ['3723.5', 3_723_500],
  ['00:00:05', 5_000],
  ['PT1H2M3S', 3_723_000],
  [' PT90S ', 90_000],
  ['', null],
  ['0', null],
  ['soon', null],
  ['-5', null],
  ['1:2:3:4', null],
  ['9'.repeat(30), null],
  [undefined, null],
])('a duration of %j is %j ms', (text, ms) => expect(durationOf(text)).toBe(ms));

test.each([
  ['7', 7],
  [' 7 ', 7],
  ['7.0', 7],
  ['-1', null],
  ['1e9', null],
  ['seven', null],
  [undefined, null],
])('a count of %j is %j', (text, count) => expect(countOf(text)).toBe(count));

describe('a feed asks to be left alone', () => {
  test.each([
    ['60', undefined, undefined, 3_600_000],
    ['60', 'daily', '1', 3_600_000],
    [undefined, 'Hourly', '4', 900_000],
    [undefined, 'daily', undefined, 86_400_000],
    [undefined, 'weekly', '0', 604_800_000],
    ['0', undefined, undefined, null],
    ['x', 'constructor', '1', null],
    ['999999999', undefined, undefined, 365 * 86_400_000],
  ])('ttl %j, period %j, frequency %j: %j ms', (ttl, period, frequency, ms) =>
    expect(refreshAfter(ttl, period, frequency)).toBe(ms),
  );
});

test('hours are those of a day, each once, in order', () => {
  expect(hoursOf(['5', '24', '0', '25', 'x', '5'])).toEqual([0, 5]);
});
