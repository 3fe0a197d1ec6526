import { describe, expect, test } from '@jest/globals';
import { createQuota } from './quota.js';

/** A quota over a store whose open tasks the test says, on a clock that it turns. */
function quotaOf(limit: number, stored = 0) {
  const time = { now: 0 };
  const state = { open: stored, counts: 0, tookMs: 0 };
  const quota = createQuota({
    limit,
    countOpen: async (_owner, most) => {
      state.counts += 1;
      time.now += state.tookMs;
      return Math.min(state.open, most);
    },
    monotonic: () => time.now,
  });
  const admit = async (count = 1, owner = 'me') => {
    await quota.admit(owner, count);
    state.open += count;
  };
  return { time, state, admit };
}

const refused = expect.objectContaining({ name: 'QuotaExceeded', code: 'quota-exceeded' });

describe('the quota of open tasks', () => {
  test('lets in as many as there is room for, and says what to do about the next', async () => {
    const { admit } = quotaOf(5, 2);
    await admit(3);
    await expect(admit()).rejects.toEqual(refused);
    await expect(admit()).rejects.toThrow(/5 open tasks and may have 5.*cancel/);
  });

  test('lets in all of a batch or none', async () => {
    const { admit } = quotaOf(10, 5);
    await expect(admit(6)).rejects.toEqual(refused);
    await admit(5);
    await expect(admit()).rejects.toEqual(refused);
  });

  test('is not exceeded by requests that come at once', async () => {
    const { admit, state } = quotaOf(10);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => admit()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(state.counts).toBe(1);
  });

  test('counts for each owner', async () => {
    const { admit } = quotaOf(1);
    await admit(1, 'a');
    await expect(admit(1, 'a')).rejects.toEqual(refused);
  });

  test('does not count for each request: once in five seconds', async () => {
    const { admit, state, time } = quotaOf(1_000_000);
    for (let n = 0; n < 1_000; n++) {
      await admit();
      time.now += 10;
    }
    expect(state.counts).toBeLessThanOrEqual(3);
  });

  test('counts the more seldom, the longer a count takes', async () => {
    const { admit, state, time } = quotaOf(1_000_000);
    state.tookMs = 1_000;
    await admit();
    for (let n = 0; n < 40; n++) {
      time.now += 1_000;
      await admit();
    }
    expect(state.counts).toBe(1);
    time.now += 20_000;
    await admit();
    expect(state.counts).toBe(2);
  });

  test('makes room for tasks that have ended, after a second at the latest', async () => {
    const { admit, state, time } = quotaOf(3);
    await admit(3);
    await expect(admit()).rejects.toEqual(refused);
    state.open = 1;
    time.now += 1_001;
    await admit(2);
    await expect(admit()).rejects.toEqual(refused);
  });

  test('counts again at most once a second while it refuses', async () => {
    const { admit, state, time } = quotaOf(1, 1);
    for (let n = 0; n < 30; n++) {
      await expect(admit()).rejects.toEqual(refused);
      time.now += 100;
    }
    expect(state.counts).toBeLessThanOrEqual(3);
  });

  test('does not forget what was let in while it was counted, or just before', async () => {
    const { admit, state, time } = quotaOf(10);
    await admit(4);
    time.now += 5_500;
    await admit(3);
    state.open = 4;
    time.now += 500;
    // Not one of the last three is stored yet; they are on their way.
    await expect(admit(4)).rejects.toEqual(refused);
    await admit(3);
  });

  test('passes on that the store is away', async () => {
    const quota = createQuota({ limit: 1, countOpen: async () => Promise.reject(new Error('away')) });
    await expect(quota.admit('me', 1)).rejects.toThrow('away');
  });
});
