import { expect, test } from '@jest/globals';
import { preferredWait } from './prefer.js';

test.each([
  [undefined, 0],
  ['', 0],
  ['wait=10', 10],
  ['respond-async, wait=7', 7],
  ['Wait = 5', 5],
  ['wait="3"', 3],
  ['wait=4; foo=bar', 4],
  ['wait=3600', 60],
  ['wait=0', 0],
  ['wait=1, wait=9', 1],
  ['wait=-1', 0],
  ['wait=ten', 0],
  ['wait', 0],
  ['nowait=5', 0],
  ['wait=5x', 0],
])('Prefer: %s waits %i s', (header, seconds) => {
  expect(preferredWait(header)).toBe(seconds);
});
