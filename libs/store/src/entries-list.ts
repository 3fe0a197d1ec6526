import type { mongo as driver } from 'mongoose';
import { lowestIdAt, type EntryRecord, type ListedEntry } from './entries-record.js';
import { ABOVE_EVERY_ID } from './new-task.js';

type Entries = driver.Collection<EntryRecord>;

export interface EntryPage {
  /** The last id of the page before; absent for the first page. */
  before?: string;
  limit: number;
}

const DAY_MS = 86_400_000;
/** Days back in which a list looks before it looks further: the local default sorts all that a query could mean. */
const WINDOWS_DAYS = [2, 16, 128, 1024];
/** Feeds in one query: on the local default 250 take 50 ms, 2,500 more than a second. */
const GROUP = 250;
const AT_ONCE = 4;
/** Entries of all feeds that are looked at first for one who has more feeds than that, for each that he asks for. */
const PROBE = 4;

/** Entries of these feeds, newest first, without their HTML. */
export async function listEntries(
  entries: Entries,
  feeds: string[],
  { before = ABOVE_EVERY_ID, limit }: EntryPage,
  now: Date,
): Promise<ListedEntry[]> {
  if (feeds.length === 0) return [];
  const from = before === ABOVE_EVERY_ID ? now.getTime() : timeOf(before);
  if (feeds.length > GROUP) {
    const probed = await probe(entries, new Set(feeds), before, from, limit);
    if (probed) return probed;
  }
  const found: ListedEntry[] = [];
  let above = before;
  for (const days of [...WINDOWS_DAYS, Infinity]) {
    const lowest = days === Infinity ? '' : lowestIdAt(new Date(from - days * DAY_MS));
    found.push(...(await within(entries, feeds, { $lt: above, $gte: lowest }, limit - found.length)));
    if (found.length >= limit) break;
    above = lowest;
  }
  return found;
}

interface Range {
  $lt: string;
  $gte: string;
}

export const page = (entries: Entries, filter: object, limit: number): Promise<ListedEntry[]> =>
  entries.find(filter).project<ListedEntry>({ html: 0 }).sort({ _id: -1 }).limit(limit).toArray();

/** One who has most of the feeds that there are finds his page among the newest entries of all; null: he does not. */
async function probe(
  entries: Entries,
  feeds: ReadonlySet<string>,
  before: string,
  from: number,
  limit: number,
): Promise<ListedEntry[] | null> {
  const range = { $lt: before, $gte: lowestIdAt(new Date(from - DAY_MS)) };
  const newest = await page(entries, { _id: range }, limit * PROBE);
  const own = newest.filter(({ feed }) => feeds.has(feed));
  return own.length >= limit ? own.slice(0, limit) : null;
}

async function within(
  entries: Entries,
  feeds: string[],
  range: Range,
  limit: number,
): Promise<ListedEntry[]> {
  const groups = Array.from({ length: Math.ceil(feeds.length / GROUP) }, (_, n) =>
    feeds.slice(n * GROUP, (n + 1) * GROUP),
  );
  const found: ListedEntry[] = [];
  for (let at = 0; at < groups.length; at += AT_ONCE) {
    const pages = groups
      .slice(at, at + AT_ONCE)
      .map((group) =>
        page(entries, { feed: group.length === 1 ? group[0] : { $in: group }, _id: range }, limit),
      );
    found.push(...(await Promise.all(pages)).flat());
  }
  return found.sort((a, b) => (a._id < b._id ? 1 : -1)).slice(0, limit);
}

/** The time in a UUIDv7. */
const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
