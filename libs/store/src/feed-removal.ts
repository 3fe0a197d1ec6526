import type { StoreConnection } from './connect.js';
import { ENTRIES } from './entries.js';
import { MARKS } from './entries-marks.js';
import { FEEDS, type FeedRecord } from './feed-record.js';
import { SUBSCRIPTIONS, type SubscriptionStore } from './subscriptions.js';

/** Kept so long without a subscriber, in milliseconds: who unsubscribes by mistake finds it again. */
export const KEEP_UNUSED_MS = 24 * 3_600_000;
/** Entries deleted in one call. */
const GROUP = 1_000;

export interface FeedRemoval {
  /**
   * Looks at the next `limit` feeds and stops refreshing those that nobody subscribes to; after the last it begins
   * anew. Answers how many there were.
   */
  sweepUnused(limit: number): Promise<number>;
  /** Deletes feeds that nobody has subscribed to for a day, with their entries. Answers how many. */
  removeUnused(limit: number): Promise<number>;
}

export function createFeedRemoval(
  connection: StoreConnection,
  subscriptions: Pick<SubscriptionStore, 'usedOf'>,
): FeedRemoval {
  const { mongo, clock } = connection;
  const feeds = () => mongo.collection<FeedRecord>(FEEDS);
  let lookedAt = '';
  return {
    async sweepUnused(limit) {
      const ids = (
        await feeds()
          .find({ _id: { $gt: lookedAt } })
          .project<{ _id: string }>({ _id: 1 })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray()
      ).map(({ _id }) => _id);
      lookedAt = ids.length < limit ? '' : (ids.at(-1) ?? '');
      const used = await subscriptions.usedOf(ids);
      // One that was made a moment ago gets its subscription in the next.
      const createdAt = { $lt: new Date(clock.now().getTime() - NEW_MS) };
      const unused = ids.filter((id) => !used.has(id));
      if (unused.length === 0) return 0;
      const { modifiedCount } = await feeds().updateMany(
        { _id: { $in: unused }, unusedAt: { $exists: false }, createdAt },
        { $set: { unusedAt: clock.now() }, $unset: { nextAt: '' } },
      );
      // Who subscribed in between has called nothing off, since there was nothing: it is done for him.
      const since = [...(await subscriptions.usedOf(unused))];
      if (since.length > 0)
        await feeds().updateMany(
          { _id: { $in: since }, unusedAt: { $exists: true }, removing: { $exists: false } },
          { $set: { nextAt: clock.now() }, $unset: { unusedAt: '' } },
        );
      return modifiedCount;
    },
    async removeUnused(limit) {
      const old = new Date(clock.now().getTime() - KEEP_UNUSED_MS);
      const found = await feeds()
        .find({ unusedAt: { $lte: old } })
        .sort({ unusedAt: 1 })
        .limit(limit)
        .toArray();
      let removed = 0;
      for (const feed of found) if (await remove(connection, feed, old)) removed++;
      return removed;
    },
  };
}

const NEW_MS = 60_000;

/** Says that it is being deleted before it looks for subscribers; they subscribe before they look for that. */
async function remove({ mongo }: StoreConnection, { _id }: FeedRecord, old: Date): Promise<boolean> {
  const feeds = mongo.collection<FeedRecord>(FEEDS);
  await feeds.updateOne({ _id, unusedAt: { $lte: old } }, { $set: { removing: true } });
  const subscriber = await mongo.collection(SUBSCRIPTIONS).findOne({ feed: _id });
  if (subscriber) {
    await feeds.updateOne({ _id }, { $unset: { removing: '', unusedAt: '' } });
    return false;
  }
  const entries = mongo.collection<{ _id: string }>(ENTRIES);
  for (;;) {
    const group = await entries
      .find({ feed: _id })
      .project<{ _id: string }>({ _id: 1 })
      .limit(GROUP)
      .toArray();
    if (group.length === 0) break;
    await entries.deleteMany({ _id: { $in: group.map((entry) => entry._id) } });
  }
  await mongo.collection(MARKS).deleteMany({ feed: _id });
  return (await feeds.deleteMany({ _id, removing: true })).deletedCount > 0;
}
