import { expect, test } from '@jest/globals';
import { createStorageQuota, StorageFull } from './storage-quota.js';

/** A quota of 100 bytes over a store whose content and time the test sets. */
function quotaOf(bytes: number) {
  const store = { bytes, counts: 0, now: 0 };
  const quota = createStorageQuota({
    limit: 100,
    count: async () => {
      store.counts += 1;
      return store.bytes;
    },
    monotonic: () => store.now,
  });
  return { store, quota };
}

test('two uploads at once do not get the same room', async () => {
  const { quota } = quotaOf(30);
  const [one, two] = [quota.open('a'), quota.open('a')];
  const outcomes = await Promise.allSettled([one.take(40), two.take(40)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect((outcomes[1] as PromiseRejectedResult).reason).toBeInstanceOf(StorageFull);
  await expect(quota.open('b').take(60)).resolves.toBeUndefined();
});

test('what was stored counts on without another count, what was not kept makes room', async () => {
  const { store, quota } = quotaOf(0);
  const kept = quota.open('a');
  await kept.take(60);
  kept.close(50);
  const failed = quota.open('a');
  await failed.take(50);
  failed.close(0);
  failed.close(0);
  await expect(quota.open('a').take(51)).rejects.toThrow('50 of the 100 bytes');
  await quota.open('a').take(50);
  expect(store.counts).toBe(1);
});

test('before a refusal it is counted again, so that what was deleted makes room', async () => {
  const { store, quota } = quotaOf(90);
  await expect(quota.open('a').take(20)).rejects.toThrow(StorageFull);
  store.bytes = 10;
  store.now = 2_000;
  await quota.open('a').take(20);
  expect(store.counts).toBe(2);
});

test('what was stored while it was counted is not left out', async () => {
  const { store, quota } = quotaOf(0);
  const first = quota.open('a');
  await first.take(60);
  store.now = 40_000;
  // Its bytes come too late for the count that the next one starts.
  const second = quota.open('a').take(60);
  store.now = 40_001;
  first.close(60);
  await expect(second).rejects.toThrow(StorageFull);
});

test('an owner who uploads nothing is forgotten, one whose upload goes on is not', async () => {
  const { store, quota } = quotaOf(0);
  await quota.open('a').take(80);
  store.now = 400_000;
  await quota.open('b').take(1);
  await expect(quota.open('a').take(30)).rejects.toThrow(StorageFull);
});

test('two uploads of an owner share the room also when another owner begins one between them', async () => {
  const { quota } = quotaOf(0);
  const one = quota.open('a');
  quota.open('b');
  const two = quota.open('a');
  await one.take(60);
  await expect(two.take(60)).rejects.toThrow(StorageFull);
});
