import type { StoreConnection } from './connect.js';
import { ENTRIES } from './entries.js';
import { MARKS, markId } from './entries-marks.js';
import type { EntryRecord } from './entries-record.js';
import {
  FEEDS,
  FORMER_URLS_KEPT,
  type FeedRecord,
  type MarkRecord,
  type SubscriptionRecord,
} from './feed-record.js';
import { SUBSCRIPTIONS } from './subscriptions.js';
import { storeFailure } from './store-failure.js';

/**
 * A feed has moved for good. Answers its id there: its own, or that of the feed that is at the new URL already, to
 * which its subscribers and what they have marked go then. Called again after a crash it goes on.
 */
export async function moveFeed(
  connection: StoreConnection,
  feed: Pick<FeedRecord, '_id' | 'url' | 'formerUrls'>,
  url: string,
): Promise<string> {
  const feeds = connection.mongo.collection<FeedRecord>(FEEDS);
  const formerUrls = [...feed.formerUrls.filter((each) => each !== url), feed.url].slice(-FORMER_URLS_KEPT);
  try {
    await feeds.updateOne({ _id: feed._id, url: feed.url }, { $set: { url, formerUrls } });
    return feed._id;
  } catch (error) {
    if (storeFailure(error) !== 'duplicate') throw error;
  }
  const other = await feeds.findOne({ url, removing: { $exists: false } });
  // Just being deleted, or moved itself: the next refresh finds out.
  if (!other) return feed._id;
  await mergeInto(connection, feed._id, other._id);
  return other._id;
}

/** Subscriptions last: while one is left, the feed is refreshed again, and this is begun again. */
async function mergeInto(connection: StoreConnection, from: string, into: string): Promise<void> {
  const { mongo, clock } = connection;
  const subscriptions = mongo.collection<SubscriptionRecord>(SUBSCRIPTIONS);
  const feeds = mongo.collection<FeedRecord>(FEEDS);
  await copyMarks(connection, from, into);
  await feeds.updateOne({ _id: into }, { $unset: { unusedAt: '' } });
  await feeds.updateOne(
    { _id: into, nextAt: { $exists: false }, state: { $in: ['new', 'active'] } },
    { $set: { nextAt: clock.now() } },
  );
  for (const subscription of await subscriptions.find({ feed: from }).toArray()) {
    const { _id, owner } = subscription;
    const there = await subscriptions.findOne({ owner, feed: into });
    if (there) await subscriptions.deleteMany({ _id });
    else await subscriptions.updateOne({ _id }, { $set: { feed: into, changedAt: clock.now() } });
  }
  await feeds.updateOne(
    { _id: from },
    { $set: { unusedAt: clock.now() }, $unset: { nextAt: '', fetching: '' } },
  );
  await mongo.collection(MARKS).deleteMany({ feed: from });
}

/** The same entry has another id in the other feed, and its identity in common. */
async function copyMarks({ mongo }: StoreConnection, from: string, into: string): Promise<void> {
  const entries = mongo.collection<EntryRecord>(ENTRIES);
  const marks = mongo.collection<MarkRecord>(MARKS);
  let after = '';
  for (;;) {
    const group = await marks
      .find({ feed: from, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(GROUP)
      .toArray();
    const last = group.at(-1);
    if (!last) return;
    after = last._id;
    const theirs = await entries
      .find({ _id: { $in: group.map(({ entry }) => entry) } })
      .project<Pick<EntryRecord, '_id' | 'key'>>({ key: 1 })
      .toArray();
    const keyOf = new Map(theirs.map(({ _id, key }) => [_id, key]));
    const ours = await entries
      .find({ feed: into, key: { $in: [...keyOf.values()] } })
      .project<Pick<EntryRecord, '_id' | 'key' | 'seenAt'>>({ key: 1, seenAt: 1 })
      .toArray();
    const byKey = new Map(ours.map((entry) => [entry.key, entry]));
    for (const { owner, entry, read, starred } of group) {
      const same = byKey.get(keyOf.get(entry) ?? '');
      if (!same) continue;
      const fields = { owner, feed: into, entry: same._id, seenAt: same.seenAt };
      const said = { ...(read !== undefined && { read }), ...(starred && { starred }) };
      await marks.updateOne(
        { _id: markId(owner, same._id) },
        { $setOnInsert: { ...fields, ...said } },
        { upsert: true },
      );
    }
  }
}

const GROUP = 500;
