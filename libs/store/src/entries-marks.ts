import type { Connection } from 'mongoose';
import { withoutDeadlock } from './apply-moves.js';
import type { StoreConnection } from './connect.js';
import type { MarkRecord, SubscriptionRecord } from './feed-record.js';
import { SUBSCRIPTIONS } from './subscriptions.js';
import { idRange, idSort, type ListPage } from './list-page.js';

/** What of an entry its mark needs. */
export interface MarkedEntry {
  _id: string;
  feed: string;
  seenAt: Date;
}

export interface Marking {
  read?: boolean;
  starred?: boolean;
}

/** Read and starred, of each owner his own. Only what is marked is stored. */
export interface MarkStore {
  /** By entry. */
  of(owner: string, entries: string[]): Promise<Map<string, MarkRecord>>;
  set(owner: string, entries: MarkedEntry[], marking: Marking): Promise<void>;
  /** Everything of these subscriptions that was first seen by then is read; later entries stay as they are. */
  readThrough(owner: string, subscriptions: SubscriptionRecord[], time: Date): Promise<void>;
  /** Starred entries: their ids. */
  starred(owner: string, page: ListPage & { feed?: string }): Promise<string[]>;
  /** By feed: what has to be added to the count of entries that were seen after `readThrough` to get the unread. */
  unreadBesides(owner: string, subscriptions: SubscriptionRecord[]): Promise<Map<string, number>>;
  /** Up to `most`. */
  countStarred(owner: string, most: number): Promise<number>;
  removeOf(owner: string, feed: string): Promise<void>;
}

export const MARKS = 'entry-marks';

export async function prepareMarks(mongo: Connection): Promise<void> {
  const marks = mongo.collection(MARKS);
  await marks.createIndex({ owner: 1, feed: 1 });
  await marks.createIndex({ entry: 1 });
  await marks.createIndex({ owner: 1, entry: -1 }, { partialFilterExpression: { starred: true } });
}

export const markId = (owner: string, entry: string): string => `${entry} ${owner}`;

export function createMarkStore({ mongo, clock }: StoreConnection): MarkStore {
  const marks = () => mongo.collection<MarkRecord>(MARKS);
  return {
    async of(owner, entries) {
      const ids = entries.map((entry) => markId(owner, entry));
      const found = await marks()
        .find({ _id: { $in: ids } })
        .toArray();
      return new Map(found.map((mark) => [mark.entry, mark]));
    },
    async set(owner, entries, { read, starred }) {
      if (entries.length === 0) return;
      const update = {
        ...((read !== undefined || starred) && {
          $set: { ...(read !== undefined && { read }), ...(starred && { starred: true as const }) },
        }),
        ...(starred === false && { $unset: { starred: '' as const } }),
      };
      const operations = entries
        .map(({ _id: entry, feed, seenAt }) => ({ _id: markId(owner, entry), owner, feed, entry, seenAt }))
        .sort((a, b) => (a._id < b._id ? -1 : 1))
        .map(({ _id, ...fields }) => ({
          updateOne: { filter: { _id }, update: { ...update, $setOnInsert: fields }, upsert: true },
        }));
      await withoutDeadlock(() => marks().bulkWrite(operations, { ordered: false }));
      if (starred === false) {
        const ids = operations.map(({ updateOne }) => updateOne.filter._id);
        await marks().deleteMany({
          _id: { $in: ids },
          read: { $exists: false },
          starred: { $exists: false },
        });
      }
    },
    async readThrough(owner, subscriptions, time) {
      const feeds = subscriptions
        .filter(({ readThrough }) => !readThrough || readThrough < time)
        .map(({ feed }) => feed);
      const changedAt = clock.now();
      const earlier = { $or: [{ readThrough: { $exists: false } }, { readThrough: { $lt: time } }] };
      const read = { $set: { readThrough: time, changedAt } };
      await mongo
        .collection<SubscriptionRecord>(SUBSCRIPTIONS)
        .updateMany({ owner, feed: { $in: feeds }, ...earlier }, read);
      // What they said is said by the time now; also of a former call that was cut off here.
      const all = subscriptions.map(({ feed }) => feed);
      const covered = { owner, feed: { $in: all }, seenAt: { $lte: time } };
      await marks().deleteMany({ ...covered, starred: { $exists: false } });
      await marks().updateMany(covered, { $unset: { read: '' } });
    },
    async starred(owner, { feed, ...page }) {
      const found = await marks()
        .find({
          owner,
          starred: true,
          entry: idRange(page),
          ...(feed !== undefined && { feed }),
        })
        .project<Pick<MarkRecord, 'entry'>>({ entry: 1 })
        .sort({ entry: idSort(page) })
        .limit(page.limit)
        .toArray();
      return found.map(({ entry }) => entry);
    },
    async unreadBesides(owner, subscriptions) {
      if (subscriptions.length === 0) return new Map();
      const unlike = subscriptions.flatMap(({ feed, readThrough }) =>
        readThrough
          ? [
              { feed, read: true, seenAt: { $gt: readThrough } },
              { feed, read: false, seenAt: { $lte: readThrough } },
            ]
          : [{ feed, read: true }],
      );
      const counted = await marks()
        .aggregate<{ _id: { feed: string; read: boolean }; count: number }>([
          { $match: { owner, $or: unlike } },
          { $group: { _id: { feed: '$feed', read: '$read' }, count: { $sum: 1 } } },
        ])
        .toArray();
      const besides = new Map<string, number>();
      for (const { _id, count } of counted)
        besides.set(_id.feed, (besides.get(_id.feed) ?? 0) + (_id.read ? -count : count));
      return besides;
    },
    countStarred: (owner, most) => marks().countDocuments({ owner, starred: true }, { limit: most }),
    async removeOf(owner, feed) {
      await marks().deleteMany({ owner, feed });
    },
  };
}
