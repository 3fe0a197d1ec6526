import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStore, type Store } from '@offload/store/open-store';
import { FEEDS, type FeedRecord } from '@offload/store/feed-record';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { refreshDueFeeds } from './feeds.js';

let stored: StoreFixture;
let store: Store;
let other: Store;
beforeAll(async () => {
  stored = await storeFixture('clock-feeds');
  ({ store } = stored);
  other = openStore({ uri: stored.database.uri, name: 'other', log: stored.log });
  await other.connection.ready();
});
afterAll(async () => {
  await other.connection.close();
  await stored.remove();
});

const feeds = () => store.connection.mongo.collection<FeedRecord>(FEEDS);
const tasksOf = (feed: string) =>
  store.connection.mongo.collection('tasks').find({ 'input.feed': feed }).toArray();

async function subscribed(name: string): Promise<FeedRecord> {
  const outcome = await store.subscriptions.subscribe('ann', [{ url: `https://${name}.example.org/` }]);
  if (typeof outcome === 'string' || !outcome[0]) throw new Error(JSON.stringify(outcome));
  return outcome[0].feed;
}

test('any number of clocks make one task of a feed at its time, in the bulk lane', async () => {
  const feed = await subscribed('once');
  await Promise.all(
    Array.from({ length: 8 }, (_, n) => refreshDueFeeds(n % 2 === 0 ? store : other, stored.log)),
  );
  expect(await tasksOf(feed._id)).toMatchObject([
    { type: 'feed.refresh', lane: 'bulk', owner: ':system', state: 'scheduled' },
  ]);
  const { nextAt } = (await store.feeds.get(feed._id)) ?? feed;
  expect(Number(nextAt) - store.feeds.now().getTime()).toBeGreaterThan(25 * 60_000);
});

test('a clock that dies after making the task leaves the feed to another one, which makes no second', async () => {
  const feed = await subscribed('died');
  const dying = { ...store.feeds, putOff: () => Promise.reject(new Error('the clock died')) };
  await expect(refreshDueFeeds({ ...store, feeds: dying }, stored.log)).rejects.toThrow('the clock died');
  await refreshDueFeeds(other, stored.log);
  expect(await tasksOf(feed._id)).toHaveLength(1);
});

test('a feed whose refresh never came to an end is shown as failing, and tried ever less often', async () => {
  const feed = await subscribed('lost');
  const lapsed = { token: 'gone', until: new Date(store.feeds.now().getTime() - 1_000) };
  const holds: number[] = [];
  for (const times of [1, 2]) {
    const now = store.feeds.now();
    await feeds().updateOne({ _id: feed._id }, { $set: { fetching: lapsed, nextAt: now } });
    await refreshDueFeeds(store, stored.log);
    const shown = await store.feeds.get(feed._id);
    expect(shown?.failure).toMatchObject({ code: 'refresh-lost', times });
    holds.push(Number(shown?.nextAt) - now.getTime());
  }
  expect(Number(holds[1]) / Number(holds[0])).toBeCloseTo(2, 1);
});
