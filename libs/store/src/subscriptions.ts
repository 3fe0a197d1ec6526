import type { Connection } from 'mongoose';
import { withoutDeadlock } from './apply-moves.js';
import { duplicatesOf } from './insert-tasks.js';
import type { StoreConnection } from './connect.js';
import { deleteDocument } from './delete-document.js';
import { changing } from './changing.js';
import {
  FEEDS,
  MOST_SUBSCRIPTIONS,
  type FeedRecord,
  type FeedState,
  type SubscriptionRecord,
} from './feed-record.js';
import { pageOf, type ListPage } from './list-page.js';
import { newId } from './new-task.js';
import { storeFailure } from './store-failure.js';

export interface NewSubscription {
  /** As `new URL` writes it, without a fragment. */
  url: string;
  title?: string;
  tags?: string[];
}

export interface Subscribed {
  subscription: SubscriptionRecord;
  feed: FeedRecord;
  /** The owner had it already: nothing was changed. */
  existing: boolean;
}

/** `busy`: the feed of one of the URLs is just being deleted; a moment later it works. */
export type SubscribeOutcome = Subscribed[] | 'too-many' | 'busy';

/** Fields to set; undefined removes one. */
export type SubscriptionChange = Partial<Pick<SubscriptionRecord, 'title' | 'tags'>>;

/** Who reads which feeds. Every method but `ofFeeds` names the owner. */
export interface SubscriptionStore {
  /**
   * Subscribes an owner to the feeds at these URLs, in their order; feeds that nobody had are made, due at once.
   * Called again after a lost reply it answers the same, as existing.
   */
  subscribe(owner: string, subscriptions: NewSubscription[], due?: Date): Promise<SubscribeOutcome>;
  get(owner: string, id: string): Promise<SubscriptionRecord | null>;
  list(owner: string, page: ListPage & { tag?: string }): Promise<SubscriptionRecord[]>;
  /** All of an owner, or those to these feeds. */
  all(owner: string, feeds?: string[]): Promise<SubscriptionRecord[]>;
  change(owner: string, id: string, change: SubscriptionChange): Promise<SubscriptionRecord | null>;
  /** Subscribes to the feed at another URL instead. `taken`: the owner has that one already. */
  moveTo(
    read: SubscriptionRecord,
    url: string,
    due: Date,
  ): Promise<SubscriptionRecord | 'taken' | 'busy' | null>;
  /** Answers the one that was removed. Its feed, if nobody else reads it, is swept later. */
  remove(owner: string, id: string): Promise<SubscriptionRecord | null>;
  /** Which of these feeds somebody subscribes to. */
  usedOf(feeds: string[]): Promise<Set<string>>;
}

export const SUBSCRIPTIONS = 'subscriptions';

export async function prepareSubscriptions(mongo: Connection): Promise<void> {
  const subscriptions = mongo.collection(SUBSCRIPTIONS);
  await subscriptions.createIndex({ owner: 1, feed: 1 }, { unique: true });
  await subscriptions.createIndex({ owner: 1, _id: -1 });
  await subscriptions.createIndex({ feed: 1 });
}

export function createSubscriptionStore(connection: StoreConnection): SubscriptionStore {
  const { mongo, clock } = connection;
  const subscriptions = () => mongo.collection<SubscriptionRecord>(SUBSCRIPTIONS);
  const all = (owner: string, feeds?: string[]) =>
    subscriptions()
      .find({ owner, ...(feeds && { feed: { $in: feeds } }) })
      .toArray();
  return {
    subscribe: (owner, wanted, due) => subscribe(connection, owner, wanted, due ?? clock.now()),
    get: (owner, id) => subscriptions().findOne({ _id: id, owner }),
    list: (owner, { tag, ...page }) =>
      pageOf(subscriptions(), { owner, ...(tag !== undefined && { tags: tag }) }, page).toArray(),
    all,
    async change(owner, id, change) {
      await subscriptions().updateOne({ _id: id, owner }, changing({ ...change, changedAt: clock.now() }));
      return subscriptions().findOne({ _id: id, owner });
    },
    async moveTo({ _id, owner, feed: from, readThrough }, url, due) {
      const feed = (await feedsAt(connection, [url], due)).get(url)!._id;
      try {
        // What was read by a time was read of the other one.
        const update = { $set: { feed, changedAt: clock.now() }, $unset: { readThrough: '' as const } };
        if (feed !== from) await subscriptions().updateOne({ _id, owner, feed: from }, update);
      } catch (error) {
        if (storeFailure(error) === 'duplicate') return 'taken';
        throw error;
      }
      if ((await keep(connection, [feed], due)).size > 0) return subscriptions().findOne({ _id, owner });
      await subscriptions().updateOne(
        { _id, owner, feed },
        { $set: { feed: from, ...(readThrough && { readThrough }) } },
      );
      return 'busy';
    },
    async remove(owner, id) {
      const found = await subscriptions().findOne({ _id: id, owner });
      if (found) await deleteDocument(subscriptions(), { _id: id, owner });
      return found;
    },
    async usedOf(feeds) {
      const found = await subscriptions()
        .find({ feed: { $in: feeds } })
        .project<{ feed: string }>({ feed: 1 })
        .toArray();
      return new Set(found.map(({ feed }) => feed));
    },
  };
}

/**
 * The subscription first, then the feed's deletion is called off; whoever deletes it says so first and then looks for
 * subscriptions (feed-removal.ts). So one of the two sees the other.
 */
async function subscribe(
  connection: StoreConnection,
  owner: string,
  wanted: NewSubscription[],
  due: Date,
): Promise<SubscribeOutcome> {
  const { mongo, clock } = connection;
  const subscriptions = mongo.collection<SubscriptionRecord>(SUBSCRIPTIONS);
  const byUrl = await feedsAt(connection, [...new Set(wanted.map(({ url }) => url))], due);
  const ids = [...new Set([...byUrl.values()].map(({ _id }) => _id))].sort();
  const of = { owner, feed: { $in: ids } };
  const had = new Set((await subscriptions.find(of).toArray()).map(({ feed }) => feed));
  const now = clock.now();
  const added = new Map<string, SubscriptionRecord>();
  for (const { url, title, tags } of wanted) {
    const feed = byUrl.get(url)!._id;
    if (had.has(feed) || added.has(feed)) continue;
    const given = { ...(title !== undefined && { title }), ...(tags && { tags }) };
    added.set(feed, { _id: newId(), owner, feed, ...given, createdAt: now, changedAt: now });
  }
  if (added.size > 0) {
    const count = await subscriptions.countDocuments({ owner }, { limit: MOST_SUBSCRIPTIONS });
    if (count + added.size > MOST_SUBSCRIPTIONS) return 'too-many';
    await duplicatesOf(() => subscriptions.insertMany([...added.values()], { ordered: false }));
  }
  const kept = await keep(connection, ids, due);
  if (kept.size < ids.length) {
    await subscriptions.deleteMany({ owner, feed: { $in: ids.filter((id) => !kept.has(id)) } });
    return 'busy';
  }
  const stored = new Map((await subscriptions.find(of).toArray()).map((each) => [each.feed, each]));
  return wanted.flatMap(({ url }) => {
    const feed = kept.get(byUrl.get(url)!._id);
    const subscription = feed && stored.get(feed._id);
    if (!feed || !subscription) return [];
    return [{ subscription, feed, existing: added.get(feed._id)?._id !== subscription._id }];
  });
}

/** Calls off the deletion of feeds and has them refreshed. Those that are being deleted already are not answered. */
async function keep({ mongo }: StoreConnection, ids: string[], due: Date): Promise<Map<string, FeedRecord>> {
  const feeds = mongo.collection<FeedRecord>(FEEDS);
  const kept = { _id: { $in: ids }, removing: { $exists: false } } as const;
  const unused = { ...kept, unusedAt: { $exists: true } };
  await withoutDeadlock(() => feeds.updateMany(unused, { $unset: { unusedAt: '' } }));
  const idle = { ...kept, nextAt: { $exists: false }, state: { $in: ['new', 'active'] as FeedState[] } };
  await withoutDeadlock(() => feeds.updateMany(idle, { $set: { nextAt: due } }));
  return new Map((await feeds.find(kept).toArray()).map((feed) => [feed._id, feed]));
}

/** The feeds at these URLs, or that have moved from there; those that are not there are made. */
async function feedsAt(
  { mongo, clock }: StoreConnection,
  urls: string[],
  nextAt: Date,
): Promise<Map<string, FeedRecord>> {
  const feeds = mongo.collection<FeedRecord>(FEEDS);
  const found = new Map<string, FeedRecord>();
  const look = async (missing: string[]): Promise<void> => {
    for (const feed of await feeds.find({ url: { $in: missing } }).toArray()) found.set(feed.url, feed);
  };
  await look(urls);
  const unknown = urls.filter((url) => !found.has(url));
  if (unknown.length > 0) {
    // The second condition says that the partial index serves it.
    const filter = { formerUrls: { $in: unknown }, 'formerUrls.0': { $exists: true } };
    for (const feed of await feeds.find(filter).toArray())
      for (const url of feed.formerUrls) if (!found.has(url)) found.set(url, feed);
  }
  const missing = urls.filter((url) => !found.has(url)).sort();
  const made = missing.map((url): FeedRecord => ({
    _id: newId(),
    url,
    formerUrls: [],
    state: 'new',
    nextAt,
    createdAt: clock.now(),
  }));
  // What is there already stays as it is.
  if (made.length > 0) await duplicatesOf(() => feeds.insertMany(made, { ordered: false }));
  if (missing.length > 0) await look(missing);
  return found;
}
