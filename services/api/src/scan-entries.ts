import type { ListedEntry } from '@offload/store/entries-record';
import type { SubscriptionRecord } from '@offload/store/feed-record';
import type { ListPage, Order } from '@offload/store/list-page';
import type { Store } from '@offload/store/open-store';
import { isRead, type Reader } from './feed-entry-resource.js';

export interface EntryQuery {
  limit: number;
  /** The last id of the page before. */
  cursor?: string | undefined;
  order?: Order | undefined;
  unread?: boolean | undefined;
  starred?: boolean | undefined;
  /** Words that have to stand in title, author, categories or the first words, in any order and case. */
  q?: string | undefined;
}

export interface ScannedEntry extends Omit<Reader, 'addressOf'> {
  entry: ListedEntry;
}

type Stores = Pick<Store, 'entries' | 'marks'>;

/** Entries looked at in one request: past them the page ends, short or empty, and the next one goes on. */
const MOST_SCANNED = 4_000;
const CHUNK = 500;

/**
 * A page of the entries of these subscriptions. What is read, and what a text has in it, no index knows:
 * entries are read in their order and filtered, as many as {@link MOST_SCANNED}.
 */
export async function scanEntries(
  { entries, marks }: Stores,
  owner: string,
  subscriptions: SubscriptionRecord[],
  { limit, cursor, order = 'desc', unread, starred, q }: EntryQuery,
): Promise<{ items: ScannedEntry[]; next: string | null }> {
  const byFeed = new Map(subscriptions.map((each) => [each.feed, each]));
  const feeds = [...byFeed.keys()];
  const words = q?.toLowerCase().split(/\s+/) ?? [];
  const isPlain = unread === undefined && starred !== false && q === undefined;
  const chunk = isPlain ? limit + 1 : CHUNK;
  const items: ScannedEntry[] = [];
  let last = cursor;
  for (let scanned = 0; scanned < MOST_SCANNED;) {
    const page = { limit: chunk, order, ...(last !== undefined && { from: last }) };
    const { found, ids } = starred
      ? await starredPage({ entries, marks }, owner, feeds, page)
      : await plainPage(entries, feeds, page);
    const marked = await marks.of(
      owner,
      found.map(({ _id }) => _id),
    );
    for (const entry of found) {
      const subscription = byFeed.get(entry.feed);
      if (!subscription) continue;
      const reader = { subscription, mark: marked.get(entry._id) };
      if (unread !== undefined && isRead(entry, reader) === unread) continue;
      if (starred === false && reader.mark?.starred) continue;
      if (!has(entry, words)) continue;
      if (items.length === limit) return { items, next: items.at(-1)?.entry._id ?? null };
      items.push({ entry, ...reader });
    }
    if (ids.length < chunk) return { items, next: null };
    last = ids.at(-1);
    scanned += ids.length;
  }
  return { items, next: last ?? null };
}

interface Page {
  found: ListedEntry[];
  /** Of all that was looked at: fewer than asked for at the end. */
  ids: string[];
}

async function plainPage(entries: Stores['entries'], feeds: string[], page: ListPage): Promise<Page> {
  const found = await entries.list(feeds, page);
  return { found, ids: found.map(({ _id }) => _id) };
}

async function starredPage(
  { entries, marks }: Stores,
  owner: string,
  feeds: string[],
  page: ListPage,
): Promise<Page> {
  const [only] = feeds;
  const ids = await marks.starred(owner, {
    ...page,
    ...(feeds.length === 1 && only !== undefined && { feed: only }),
  });
  return { found: await entries.getMany(ids), ids };
}

function has({ entry, excerpt }: ListedEntry, words: string[]): boolean {
  if (words.length === 0) return true;
  const text = [entry.title, entry.author ?? '', ...(entry.categories ?? []), excerpt]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
