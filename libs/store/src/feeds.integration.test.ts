import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { FEEDS, type FeedRecord } from './feed-record.js';
import { KEEP_UNUSED_MS } from './feed-removal.js';
import { dueRefresh } from './feed-task.js';
import { entryId, identityOf, lowestIdAt, type EntryRecord } from './entries-record.js';
import { ENTRIES } from './entries.js';
import { MARKS } from './entries-marks.js';
import type { Order } from './list-page.js';
import { newId } from './new-task.js';
import type { Subscribed } from './subscriptions.js';

let stored: StoreFixture;
let store: StoreFixture['store'];
beforeAll(async () => {
  stored = await storeFixture('store-feeds');
  ({ store } = stored);
});
afterAll(() => stored.remove());

const url = (): string => `https://${newId()}.example.org/feed.xml`;

async function subscribe(owner: string, ...urls: string[]): Promise<Subscribed[]> {
  const subscribed = await store.subscriptions.subscribe(
    owner,
    urls.map((each) => ({ url: each })),
  );
  if (typeof subscribed === 'string') throw new Error(subscribed);
  return subscribed;
}

/** The entries of these feeds, read page by page. */
async function idsOf(of: string[], order: Order, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let from: string | undefined; ; from = ids.at(-1)) {
    const page = await store.entries.list(of, { order, limit, ...(from !== undefined && { from }) });
    ids.push(...page.map(({ _id }) => _id));
    if (page.length < limit) return ids;
  }
}

async function one(owner: string, at = url()): Promise<Subscribed> {
  const [subscribed] = await subscribe(owner, at);
  if (!subscribed) throw new Error('not subscribed');
  return subscribed;
}

const feeds = () => store.connection.mongo.collection<FeedRecord>(FEEDS);
const ago = (ms: number): Date => new Date(store.feeds.now().getTime() - ms);

function entryOf(feed: string, guid: string, at = store.feeds.now()): Omit<EntryRecord, 'seenAt'> {
  const entry = { id: guid, title: guid } as EntryRecord['entry'];
  const { key, digest } = identityOf({ ...entry, html: '' });
  const fields = { entry, html: '', excerpt: '', bytes: 10, changedAt: at };
  return { _id: entryId(feed, key, at), feed, key, digest, ...fields };
}

describe('subscribing', () => {
  test('of twenty owners at once makes one feed and a subscription each', async () => {
    const at = url();
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => subscribe(`owner-${n}`, at)));
    expect(new Set(all.flat().map(({ feed }) => feed._id)).size).toBe(1);
    expect(new Set(all.flat().map(({ subscription }) => subscription._id)).size).toBe(20);
    expect(await feeds().countDocuments({ url: at })).toBe(1);
  });

  test('again answers the subscription that is there, also many times at once', async () => {
    const at = url();
    const all = await Promise.all(Array.from({ length: 10 }, () => subscribe('again', at, at)));
    expect(new Set(all.flat().map(({ subscription }) => subscription._id)).size).toBe(1);
    expect(await one('again', at)).toMatchObject({ existing: true });
  });

  test('to a URL that a feed has moved from comes to that feed', async () => {
    const [from, to] = [url(), url()];
    const { feed } = await one('mover', from);
    expect(await store.feeds.move(feed, to)).toBe(feed._id);
    expect((await one('other', from)).feed).toMatchObject({ _id: feed._id, url: to });
  });

  test("shows nobody another owner's subscription", async () => {
    const { subscription } = await one('ann');
    expect(await store.subscriptions.get('bob', subscription._id)).toBeNull();
    expect(await store.subscriptions.remove('bob', subscription._id)).toBeNull();
    expect(await store.subscriptions.change('bob', subscription._id, { title: 'x' })).toBeNull();
    expect(await store.subscriptions.get('ann', subscription._id)).not.toHaveProperty('title');
  });
});

describe('fetching', () => {
  test('is reserved by one at a time, and who was late changes nothing', async () => {
    const { feed } = await one('fetch');
    const tries = await Promise.all(
      Array.from({ length: 10 }, () => store.feeds.begin(feed._id, { ms: 60_000 })),
    );
    const begun = tries.filter((each) => each.kind === 'begun');
    expect(begun).toHaveLength(1);
    expect(tries.filter(({ kind }) => kind === 'busy')).toHaveLength(9);
    const token = begun[0]?.token ?? '';
    expect(await store.feeds.finish(feed._id, 'another', { state: 'ended' })).toBe(false);
    expect(await store.feeds.finish(feed._id, token, { state: 'active' })).toBe(true);
    expect(await store.feeds.finish(feed._id, token, { state: 'ended' })).toBe(false);
    expect(await store.feeds.get(feed._id)).toMatchObject({ state: 'active' });
  });

  test('may be taken over once its holder is out of time', async () => {
    const { feed } = await one('late');
    expect(await store.feeds.begin(feed._id, { ms: -1 })).toMatchObject({ kind: 'begun' });
    expect(await store.feeds.begin(feed._id, { ms: 60_000 })).toMatchObject({ kind: 'begun' });
  });

  test('is not needed when a check began after the one that was asked for', async () => {
    const { feed } = await one('since');
    const begun = await store.feeds.begin(feed._id, { ms: 60_000, since: ago(1_000) });
    if (begun.kind !== 'begun') throw new Error(begun.kind);
    await store.feeds.finish(feed._id, begun.token, { checkedAt: ago(500) });
    expect(await store.feeds.begin(feed._id, { ms: 60_000, since: ago(800) })).toMatchObject({
      kind: 'checked',
    });
    expect(await store.feeds.begin(feed._id, { ms: 60_000, since: ago(0) })).toMatchObject({ kind: 'begun' });
  });

  test('at its time is one task, whichever clocks make it, and one of them puts the feed off', async () => {
    const { feed } = await one('due');
    const nextAt = ago(1_000);
    await feeds().updateOne({ _id: feed._id }, { $set: { nextAt } });
    const due = (await store.feeds.due(1_000)).find(({ _id }) => _id === feed._id);
    if (!due) throw new Error('not due');
    const tasks = [dueRefresh(due, ago(0)), dueRefresh(due, ago(-50))];
    const made = await Promise.all(tasks.map((task) => store.tasks.create(task)));
    expect(made).toMatchObject([{ kind: 'created' }, { kind: 'created' }]);
    expect(tasks[0]?._id).toBe(tasks[1]?._id);
    const next = ago(-60_000);
    const moved = await Promise.all([store.feeds.putOff(due, next), store.feeds.putOff(due, next)]);
    expect(moved.toSorted()).toEqual([false, true]);
    expect((await store.feeds.due(1_000)).some(({ _id }) => _id === feed._id)).toBe(false);
  });
});

describe('a feed that has moved to where another one is', () => {
  test('leaves its subscribers, their stars and what they have read there', async () => {
    const [from, to] = [await one('ann'), await one('bob')];
    await subscribe('both', from.feed.url, to.feed.url);
    for (const { feed } of [from, to])
      await store.entries.write({ added: [entryOf(feed._id, 'a'), entryOf(feed._id, 'b')], edited: [] });
    const [b] = await store.entries.list([from.feed._id], { limit: 1 });
    if (!b) throw new Error('no entry');
    await store.marks.set('ann', [b], { starred: true, read: true });
    expect(await store.feeds.move(from.feed, to.feed.url)).toBe(to.feed._id);

    const moved = await store.subscriptions.get('ann', from.subscription._id);
    expect(moved).toMatchObject({ feed: to.feed._id });
    expect(await store.subscriptions.all('both')).toHaveLength(1);
    const starred = await store.entries.getMany(await store.marks.starred('ann', { limit: 10 }));
    expect(starred).toMatchObject([{ feed: to.feed._id, key: b.key }]);
    expect((await store.feeds.get(from.feed._id))?.unusedAt).toBeDefined();
  });
});

describe('a feed that nobody reads', () => {
  async function unused(): Promise<FeedRecord> {
    const { feed, subscription } = await one('leaver');
    await store.entries.write({ added: [entryOf(feed._id, 'a')], edited: [] });
    await store.subscriptions.remove('leaver', subscription._id);
    await feeds().updateOne({ _id: feed._id }, { $set: { createdAt: ago(3_600_000) } });
    for (let seen = false; !seen; seen = (await store.feeds.get(feed._id))?.unusedAt !== undefined)
      await store.feedRemoval.sweepUnused(500);
    return feed;
  }

  test('is not refreshed any more, and deleted with its entries a day later', async () => {
    const feed = await unused();
    expect(await store.feeds.get(feed._id)).not.toHaveProperty('nextAt');
    expect(await store.feeds.begin(feed._id, { ms: 1_000 })).toEqual({ kind: 'unused' });
    await store.feedRemoval.removeUnused(10);
    expect(await store.feeds.get(feed._id)).not.toBeNull();
    await feeds().updateOne({ _id: feed._id }, { $set: { unusedAt: ago(KEEP_UNUSED_MS + 1_000) } });
    expect(await store.feedRemoval.removeUnused(10)).toBe(1);
    expect(await store.feeds.get(feed._id)).toBeNull();
    expect(await store.connection.mongo.collection(ENTRIES).countDocuments({ feed: feed._id })).toBe(0);
  });

  test('is kept when somebody comes before that, with its entries', async () => {
    const feed = await unused();
    await feeds().updateOne({ _id: feed._id }, { $set: { unusedAt: ago(KEEP_UNUSED_MS + 1_000) } });
    expect(await one('comer', feed.url)).toMatchObject({ feed: { _id: feed._id } });
    expect(await store.feedRemoval.removeUnused(10)).toBe(0);
    expect(await store.feeds.get(feed._id)).toHaveProperty('nextAt');
    expect(await store.entries.list([feed._id], { limit: 10 })).toHaveLength(1);
  });

  test('is busy while it is being deleted: nobody is left with a subscription to nothing', async () => {
    const feed = await unused();
    await feeds().updateOne({ _id: feed._id }, { $set: { removing: true } });
    expect(await store.subscriptions.subscribe('early', [{ url: feed.url }])).toBe('busy');
    expect(await store.subscriptions.all('early')).toEqual([]);
  });
});

describe('entries', () => {
  test('are stored once though two refreshes find them at the same moment', async () => {
    const { feed } = await one('twice');
    const added = Array.from({ length: 50 }, (_, n) => entryOf(feed._id, `g${n}`, ago(n * 1_000)));
    const later = added.map((entry) => ({ ...entry, _id: entryId(feed._id, entry.key, ago(-5_000)) }));
    const counts = await Promise.all([
      store.entries.write({ added, edited: [] }),
      store.entries.write({ added: later, edited: [] }),
    ]);
    expect(counts[0] + counts[1]).toBe(50);
    expect(await store.entries.list([feed._id], { limit: 200 })).toHaveLength(50);
  });

  test('are listed newest first over feeds and years, each once', async () => {
    const [a, b] = [await one('lists'), await one('lists')];
    const day = 86_400_000;
    const ages = [0, 0.5, 1, 3, 20, 100, 400, 2_000, 9_000].map((days) => days * day);
    await store.entries.write({
      added: ages.map((age, n) => entryOf(a.feed._id, `a${n}`, ago(age))),
      edited: [],
    });
    await store.entries.write({
      added: ages.map((age, n) => entryOf(b.feed._id, `b${n}`, ago(age + 1))),
      edited: [],
    });
    const newest = await idsOf([a.feed._id, b.feed._id], 'desc', 4);
    expect(newest).toHaveLength(18);
    expect(newest).toEqual([...new Set(newest)].sort().reverse());
    expect(await idsOf([a.feed._id, b.feed._id], 'asc', 4)).toEqual(newest.toReversed());
  });

  test('of hundreds of feeds are listed as those of two are, whoever else has feeds', async () => {
    const mine = await subscribe('hundreds', ...Array.from({ length: 600 }, url));
    const theirs = await subscribe('others', ...Array.from({ length: 50 }, url));
    const ages = [0, 1, 40, 500].map((days) => days * 86_400_000);
    const added = [...mine, ...theirs].flatMap(({ feed }, n) =>
      n % 5 === 0 ? ages.map((age, k) => entryOf(feed._id, `k${k}`, ago(age + n * 1_000))) : [],
    );
    await store.entries.write({ added, edited: [] });
    const own = new Set(mine.map(({ feed }) => feed._id));
    const expected = added.filter(({ feed }) => own.has(feed)).map(({ _id }) => _id);
    expect(await idsOf([...own], 'desc', 70)).toEqual(expected.sort().reverse());
    expect(await idsOf([...own], 'asc', 70)).toEqual(expected.sort());
  }, 60_000);

  test('that are too many go, the oldest first, but for those that are starred or still in the feed', async () => {
    const { feed } = await one('many');
    const base = store.feeds.now().getTime();
    for (let from = 0; from < 10_010; from += 2_000) {
      const count = Math.min(2_000, 10_010 - from);
      const added = Array.from({ length: count }, (_, n) =>
        entryOf(feed._id, `g${from + n}`, new Date(base - (from + n) * 1_000)),
      );
      await store.entries.write({ added, edited: [] });
    }
    const oldest = await store.entries.list([feed._id], {
      from: lowestIdAt(new Date(base - 10_000_000 + 500)),
      limit: 20,
    });
    expect(oldest).toHaveLength(10);
    const [starred, inFeed, ...others] = oldest;
    if (!starred || !inFeed) throw new Error('too few');
    await store.marks.set('many', [starred], { starred: true });
    await store.marks.set('many', others, { read: true });
    expect(await store.entries.trim(feed._id, new Set([inFeed.key]))).toBe(8);
    expect(await store.entries.get(starred._id)).not.toBeNull();
    expect(await store.entries.get(inFeed._id)).not.toBeNull();
    const left = await store.connection.mongo.collection(MARKS).countDocuments({ owner: 'many' });
    expect(left).toBe(1);
  }, 60_000);
});

describe('unread', () => {
  test('counts by the time up to which all is read, and by what is marked besides', async () => {
    const { feed, subscription } = await one('reader');
    const unread = async (): Promise<number> => {
      const now = (await store.subscriptions.get('reader', subscription._id)) ?? subscription;
      const seen = await store.entries.countSeenAfter(new Map([[feed._id, now.readThrough]]));
      const besides = await store.marks.unreadBesides('reader', [now]);
      return (seen.get(feed._id) ?? 0) + (besides.get(feed._id) ?? 0);
    };
    await store.entries.write({ added: ['a', 'b', 'c'].map((guid) => entryOf(feed._id, guid)), edited: [] });
    const [a, b] = await store.entries.list([feed._id], { limit: 3 });
    if (!a || !b) throw new Error('no entries');
    expect(await unread()).toBe(3);
    await store.marks.set('reader', [a, b], { read: true });
    expect(await unread()).toBe(1);
    await store.marks.set('reader', [a], { read: false });
    expect(await unread()).toBe(2);
    await store.marks.readThrough('reader', [subscription], ago(0));
    expect(await unread()).toBe(0);
    await store.marks.set('reader', [b], { read: false, starred: true });
    expect(await unread()).toBe(1);
    await store.entries.write({ added: [entryOf(feed._id, 'd')], edited: [] });
    expect(await unread()).toBe(2);
    await store.marks.set('reader', [b], { starred: false });
    expect(await store.marks.starred('reader', { limit: 5 })).toEqual([]);
    expect(await unread()).toBe(2);
  });
});
