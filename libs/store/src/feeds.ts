import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { StoreConnection } from './connect.js';
import { moveFeed } from './feed-moves.js';
import { FEEDS, type FeedRecord } from './feed-record.js';
import { changing } from './changing.js';

/** What a worker may do that was sent to refresh a feed. */
export type FeedBegun =
  | { kind: 'begun'; feed: FeedRecord; token: string }
  /** Another one fetches it until then at the latest. */
  | { kind: 'busy'; until: Date }
  /** A check of it began after `since`. */
  | { kind: 'checked'; feed: FeedRecord }
  /** It is gone, or nobody subscribes to it. */
  | { kind: 'unused' };

/** Fields to set; undefined removes one. */
export type FeedChange = Partial<Omit<FeedRecord, '_id' | 'url' | 'formerUrls' | 'createdAt' | 'fetching'>>;

/** One with a time to be fetched. */
export type DueFeed = FeedRecord & { nextAt: Date };

/** The feeds, which belong to nobody: see SubscriptionStore for who may see which. */
export interface FeedStore {
  get(id: string): Promise<FeedRecord | null>;
  getMany(ids: string[]): Promise<Map<string, FeedRecord>>;
  /**
   * Reserves the fetching of a feed, so that two tasks of two owners fetch it once.
   * @param options.since a check that began later will do
   * @param options.ms how long the reservation holds if nobody ends it
   */
  begin(id: string, options: { since?: Date; ms: number }): Promise<FeedBegun>;
  /** What came of it; ends the reservation. False when that was someone else's by then: nothing was changed. */
  finish(id: string, token: string, change: FeedChange): Promise<boolean>;
  /** Ends the reservation, nothing else. */
  release(id: string, token: string): Promise<void>;
  /** Feeds whose time has come, the longest overdue first. */
  due(limit: number): Promise<DueFeed[]>;
  /** Sets when it is due the next time, unless another clock or a worker has done so since it was read. */
  putOff(read: DueFeed, nextAt: Date, failure?: FeedRecord['failure']): Promise<boolean>;
  /** Whoever asked for it has a task made: the clock need not, until then. */
  postpone(id: string, until: Date): Promise<void>;
  /** What its site's page has as its icon; null: nothing. One that the feed names itself stays. */
  noteIcon(id: string, icon: string | null): Promise<void>;
  /** It has moved for good: see moveFeed. Answers the id of the feed that is there then. */
  move(feed: FeedRecord, url: string): Promise<string>;
  now(): Date;
}

export async function prepareFeeds(mongo: Connection): Promise<void> {
  const feeds = mongo.collection(FEEDS);
  await feeds.createIndex({ url: 1 }, { unique: true });
  await feeds.createIndex(
    { formerUrls: 1 },
    { partialFilterExpression: { 'formerUrls.0': { $exists: true } } },
  );
  await feeds.createIndex({ nextAt: 1 }, { partialFilterExpression: { nextAt: { $exists: true } } });
  await feeds.createIndex({ unusedAt: 1 }, { partialFilterExpression: { unusedAt: { $exists: true } } });
}

/** Every method rejects with the driver's error when the database is away; calling it again is safe. */
export function createFeedStore(connection: StoreConnection): FeedStore {
  const { mongo, clock } = connection;
  const feeds = () => mongo.collection<FeedRecord>(FEEDS);
  const get = (id: string) => feeds().findOne({ _id: id });
  return {
    get,
    async getMany(ids) {
      if (ids.length === 0) return new Map();
      const found = await feeds()
        .find({ _id: { $in: ids } })
        .toArray();
      return new Map(found.map((feed) => [feed._id, feed]));
    },
    async begin(id, { since, ms }) {
      const now = clock.now();
      const token = randomUUID();
      const free = [{ fetching: { $exists: false } }, { 'fetching.until': { $lte: now } }];
      const older = since && { $or: [{ checkedAt: { $exists: false } }, { checkedAt: { $lte: since } }] };
      const guard = {
        _id: id,
        unusedAt: { $exists: false },
        $and: [{ $or: free }, ...(older ? [older] : [])],
      };
      await feeds().updateOne(guard, { $set: { fetching: { token, until: new Date(now.getTime() + ms) } } });
      const feed = await get(id);
      if (feed?.fetching?.token === token) return { kind: 'begun', feed, token };
      if (!feed || feed.unusedAt) return { kind: 'unused' };
      if (since && feed.checkedAt && feed.checkedAt > since) return { kind: 'checked', feed };
      return { kind: 'busy', until: feed.fetching?.until ?? now };
    },
    async finish(id, token, change) {
      const { matchedCount } = await feeds().updateOne(
        { _id: id, 'fetching.token': token },
        changing({ ...change, fetching: undefined }),
      );
      return matchedCount > 0;
    },
    async release(id, token) {
      await feeds().updateOne({ _id: id, 'fetching.token': token }, { $unset: { fetching: '' } });
    },
    due: (limit) =>
      feeds()
        .find<DueFeed>({ nextAt: { $lte: clock.now() } })
        .sort({ nextAt: 1 })
        .limit(limit)
        .toArray(),
    async putOff({ _id, nextAt }, next, failure) {
      const set = { nextAt: next, ...(failure && { failure }) };
      return (await feeds().updateOne({ _id, nextAt }, { $set: set })).matchedCount > 0;
    },
    async postpone(id, until) {
      await feeds().updateOne({ _id: id, nextAt: { $lt: until } }, { $set: { nextAt: until } });
    },
    async noteIcon(id, icon) {
      await feeds().updateOne({ _id: id }, { $set: { iconAt: clock.now() } });
      if (icon !== null)
        await feeds().updateOne({ _id: id, 'facts.icon': null }, { $set: { 'facts.icon': icon } });
    },
    move: (feed, url) => moveFeed(connection, feed, url),
    now: () => clock.now(),
  };
}
