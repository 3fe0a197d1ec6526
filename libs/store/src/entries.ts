import type { Connection, mongo as driver } from 'mongoose';
import { withoutDeadlock } from './apply-moves.js';
import type { StoreConnection } from './connect.js';
import {
  ENTRIES_KEPT,
  ENTRY_BYTES_KEPT,
  lowestIdAt,
  type EntryIdentity,
  type EntryRecord,
  type ListedEntry,
} from './entries-record.js';
import { listEntries, page } from './entries-list.js';
import { MARKS } from './entries-marks.js';
import { duplicatesOf } from './insert-tasks.js';
import type { ListPage } from './list-page.js';
import { ABOVE_EVERY_ID } from './new-task.js';

export type EntryEdit = Pick<
  EntryRecord,
  '_id' | 'digest' | 'entry' | 'html' | 'excerpt' | 'bytes' | 'changedAt'
>;

/** The entries of feeds. Who may see them is the subscriptions' matter. */
export interface EntryStore {
  /** Which of these are not stored (null) or are stored otherwise (their ids), by key; the others are left out. */
  compare(feed: string, group: EntryIdentity[]): Promise<Map<string, string | null>>;
  /**
   * Stores new entries and edits of known ones. One that another refresh stored meanwhile stays as it is. Answers how
   * many are new.
   */
  write(changes: { added: Omit<EntryRecord, 'seenAt'>[]; edited: EntryEdit[] }): Promise<number>;
  /**
   * Removes the oldest of a feed that are too many or too large together, with their marks; not those that somebody
   * has starred, nor those of these keys, which would come back as new ones. Answers how many.
   */
  trim(feed: string, inFeed: ReadonlySet<string>): Promise<number>;
  get(id: string): Promise<EntryRecord | null>;
  getMany(ids: string[]): Promise<ListedEntry[]>;
  /** Of these feeds, without their HTML. */
  list(feeds: string[], page: ListPage): Promise<ListedEntry[]>;
  /** How many of a feed were published since. */
  publishedSince(feed: string, since: Date): Promise<number>;
  /** How many of each feed were first seen after a time, by feed. */
  countSeenAfter(after: ReadonlyMap<string, Date | undefined>): Promise<Map<string, number>>;
}

export const ENTRIES = 'entries';

export async function prepareEntries(mongo: Connection): Promise<void> {
  const entries = mongo.collection(ENTRIES);
  await entries.createIndex({ feed: 1, key: 1 }, { unique: true });
  await entries.createIndex({ feed: 1, _id: -1 });
  await entries.createIndex({ feed: 1, seenAt: 1 });
}

export function createEntryStore(connection: StoreConnection): EntryStore {
  const { mongo, clock } = connection;
  const entries = () => mongo.collection<EntryRecord>(ENTRIES);
  return {
    async compare(feed, group) {
      const known = await entries()
        .find({ feed, key: { $in: group.map(({ key }) => key) } })
        .project<Pick<EntryRecord, '_id' | 'key' | 'digest'>>({ key: 1, digest: 1 })
        .toArray();
      const byKey = new Map(known.map((entry) => [entry.key, entry]));
      return new Map(
        group.flatMap(({ key, digest }): [string, string | null][] => {
          const stored = byKey.get(key);
          if (!stored) return [[key, null]];
          return stored.digest === digest ? [] : [[key, stored._id]];
        }),
      );
    },
    async write({ added, edited }) {
      // Seen when it can be: whoever calls everything read before has not seen it.
      const seenAt = clock.now();
      const seen = added.map((entry) => ({ ...entry, seenAt }));
      const fresh = added.length - (await insertUnlessThere(entries(), seen, seenAt));
      if (edited.length > 0) {
        const operations = edited
          .toSorted((a, b) => (a._id < b._id ? -1 : 1))
          .map(({ _id, ...set }) => ({ updateOne: { filter: { _id }, update: { $set: set } } }));
        await withoutDeadlock(() => entries().bulkWrite(operations, { ordered: false }));
      }
      return fresh;
    },
    trim: (feed, inFeed) => trim(connection, feed, inFeed),
    get: (id) => entries().findOne({ _id: id }),
    getMany: (ids) => page(entries(), { _id: { $in: ids } }, { limit: ids.length || 1 }),
    list: (feeds, wanted) => listEntries(entries(), feeds, wanted, clock.now()),
    publishedSince: (feed, since) =>
      entries().countDocuments({ feed, _id: { $gte: lowestIdAt(since), $lt: ABOVE_EVERY_ID } }),
    async countSeenAfter(after) {
      const of = [...after].map(([feed, since]) => ({ feed, ...(since && { seenAt: { $gt: since } }) }));
      if (of.length === 0) return new Map();
      const counted = await entries()
        .aggregate<{ _id: string; count: number }>([
          { $match: { $or: of } },
          { $group: { _id: '$feed', count: { $sum: 1 } } },
        ])
        .toArray();
      return new Map(counted.map(({ _id, count }) => [_id, count]));
    },
  };
}

type Entries = driver.Collection<EntryRecord>;

/** Answers how many were there already. `seenAt` is that of all of them. */
async function insertUnlessThere(entries: Entries, added: EntryRecord[], seenAt: Date): Promise<number> {
  if (added.length === 0) return 0;
  const sorted = added.toSorted((a, b) => (a._id < b._id ? -1 : 1));
  const there = await duplicatesOf(() => entries.insertMany(sorted, { ordered: false }));
  if (there.length === 0) return 0;
  // Of a try that was given up for a deadlock, some may have been stored: those are ours.
  const ids = there.flatMap(({ index }) => sorted[index]?._id ?? []);
  return there.length - (await entries.countDocuments({ _id: { $in: ids }, seenAt }));
}

async function trim({ mongo }: StoreConnection, feed: string, inFeed: ReadonlySet<string>): Promise<number> {
  const entries = mongo.collection<EntryRecord>(ENTRIES);
  const sums = { _id: null, count: { $sum: 1 }, bytes: { $sum: '$bytes' } };
  const [all] = await entries
    .aggregate<{ count: number; bytes: number }>([{ $match: { feed } }, { $group: sums }])
    .toArray();
  if (!all || (all.count <= ENTRIES_KEPT && all.bytes <= ENTRY_BYTES_KEPT)) return 0;
  const newestFirst = entries
    .find({ feed, _id: { $lt: ABOVE_EVERY_ID } })
    .project<Pick<EntryRecord, '_id' | 'key' | 'bytes'>>({ key: 1, bytes: 1 })
    .sort({ _id: -1 });
  let [count, bytes] = [0, 0];
  const over: string[] = [];
  for await (const entry of newestFirst) {
    count++;
    bytes += entry.bytes;
    if ((count > ENTRIES_KEPT || bytes > ENTRY_BYTES_KEPT) && !inFeed.has(entry.key)) over.push(entry._id);
  }
  const marks = mongo.collection(MARKS);
  let removed = 0;
  for (let from = 0; from < over.length; from += TRIM) {
    const ids = over.slice(from, from + TRIM);
    const starred = await marks.distinct('entry', { entry: { $in: ids }, starred: true });
    const going = ids.filter((id) => !starred.includes(id));
    // Marks first: one without its entry would be counted for ever.
    await marks.deleteMany({ entry: { $in: going } });
    removed += (await entries.deleteMany({ _id: { $in: going } })).deletedCount;
  }
  return removed;
}

const TRIM = 500;
