import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { LOST_MS, reviveWhenLost } from './revive.js';

let connected: boolean;
let opened: number;
let stop: () => void;
beforeEach(() => {
  jest.useFakeTimers();
  connected = true;
  opened = 0;
  stop = reviveWhenLost({
    connected: () => connected,
    reopen: async () => {
      opened += 1;
    },
  });
});
afterEach(() => {
  stop();
  jest.useRealTimers();
});

describe('a database connection', () => {
  test('that comes back by itself is left alone', async () => {
    connected = false;
    await jest.advanceTimersByTimeAsync(LOST_MS - 2_000);
    connected = true;
    await jest.advanceTimersByTimeAsync(1_000);
    connected = false;
    await jest.advanceTimersByTimeAsync(LOST_MS - 2_000);
    expect(opened).toBe(0);
  });

  test('that stays lost is opened anew, and again when that did not help', async () => {
    connected = false;
    await jest.advanceTimersByTimeAsync(LOST_MS + 2_000);
    expect(opened).toBe(1);
    await jest.advanceTimersByTimeAsync(LOST_MS + 2_000);
    expect(opened).toBe(2);
  });

  test('is not opened once it was closed for good', async () => {
    connected = false;
    stop();
    await jest.advanceTimersByTimeAsync(3 * LOST_MS);
    expect(opened).toBe(0);
  });
});
