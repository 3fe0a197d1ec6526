import { expect, test } from '@jest/globals';
import { answered } from './answered.js';
import { isStoreAway } from './store-failure.js';

test('a call that is never answered counts as the database being away, so that it is made again', async () => {
  const error = await answered(new Promise(() => undefined), 20).catch((late: unknown) => late);
  expect(isStoreAway(error)).toBe(true);
});

test('an answer or an error in time is passed on', async () => {
  await expect(answered(Promise.resolve(7), 1_000)).resolves.toBe(7);
  await expect(answered(Promise.reject(new Error('refused')), 1_000)).rejects.toThrow('refused');
});
