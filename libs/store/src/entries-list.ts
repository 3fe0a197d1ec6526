import type { mongo as driver } from 'mongoose';
import { lowestIdAt, type EntryRecord, type ListedEntry } from './entries-record.js';
import { idSort, type ListPage } from './list-page.js';
import { ABOVE_EVERY_ID } from './new-task.js';

type Entries = driver.Collection<EntryRecord>;

const DAY_MS = 86_400_000;
/** Days in which a list looks before it looks further: the local default sorts all that a query could mean. */
const WINDOWS_DAYS = [2, 16, 128, 1024];
/** Feeds in one query: on the local default 250 take 50 ms, 2,500 more than a second. */
const GROUP = 250;
const AT_ONCE = 4;
/** Entries of all feeds that are looked at first for one who has more feeds than that, for each that he asks for. */
const PROBE = 4;

/** Entries of these feeds without their HTML. */
export async function listEntries(
  entries: Entries,
  feeds: string[],
  { order, from, limit }: ListPage,
  now: Date,
): Promise<ListedEntry[]> {
  if (feeds.length === 0) return [];
  return order === 'asc'
    ? oldestFirst(entries, feeds, from, limit)
    : newestFirst(entries, feeds, from ?? ABOVE_EVERY_ID, limit, now);
}

async function newestFirst(
  entries: Entries,
  feeds: string[],
  before: string,
  limit: number,
  now: Date,
): Promise<ListedEntry[]> {
  const from = before === ABOVE_EVERY_ID ? now.getTime() : timeOf(before);
  if (feeds.length > GROUP) {
    const probed = await probe(entries, new Set(feeds), before, from, limit);
    if (probed) return probed;
  }
  const found: ListedEntry[] = [];
  let above = before;
  for (const days of [...WINDOWS_DAYS, Infinity]) {
    const lowest = days === Infinity ? '' : lowestIdAt(new Date(from - days * DAY_MS));
    const left = limit - found.length;
    found.push(...(await within(entries, feeds, { $lt: above, $gte: lowest }, { limit: left })));
    if (found.length >= limit) break;
    above = lowest;
  }
  return found;
}

async function oldestFirst(
  entries: Entries,
  feeds: string[],
  after: string | undefined,
  limit: number,
): Promise<ListedEntry[]> {
  // The oldest of all feeds, which its index knows at once.
  const start =
    after ??
    (await entries.find({}).project<{ _id: string }>({ _id: 1 }).sort({ _id: 1 }).limit(1).next())?._id;
  if (start === undefined) return [];
  const found: ListedEntry[] = [];
  let lowest = after ?? '';
  for (const days of [...WINDOWS_DAYS, Infinity]) {
    const above = days === Infinity ? ABOVE_EVERY_ID : lowestIdAt(new Date(timeOf(start) + days * DAY_MS));
    const page = { order: 'asc', limit: limit - found.length } as const;
    found.push(...(await within(entries, feeds, { $gt: lowest, $lte: above }, page)));
    if (found.length >= limit) break;
    lowest = above;
  }
  return found;
}

type Range = { $lt: string; $gte: string } | { $gt: string; $lte: string };

/** Without their HTML, sorted by id. */
export const page = (
  entries: Entries,
  filter: object,
  { order, limit }: Omit<ListPage, 'from'>,
): Promise<ListedEntry[]> =>
  entries
    .find(filter)
    .project<ListedEntry>({ html: 0 })
    .sort({ _id: idSort({ order }) })
    .limit(limit)
    .toArray();

/** One who has most of the feeds that there are finds his page among the newest entries of all; null: he does not. */
async function probe(
  entries: Entries,
  feeds: ReadonlySet<string>,
  before: string,
  from: number,
  limit: number,
): Promise<ListedEntry[] | null> {
  const range = { $lt: before, $gte: lowestIdAt(new Date(from - DAY_MS)) };
  const newest = await page(entries, { _id: range }, { limit: limit * PROBE });
  const own = newest.filter(({ feed }) => feeds.has(feed));
  return own.length >= limit ? own.slice(0, limit) : null;
}

async function within(
  entries: Entries,
  feeds: string[],
  range: Range,
  wanted: Omit<ListPage, 'from'>,
): Promise<ListedEntry[]> {
  const groups = Array.from({ length: Math.ceil(feeds.length / GROUP) }, (_, n) =>
    feeds.slice(n * GROUP, (n + 1) * GROUP),
  );
  const found: ListedEntry[] = [];
  for (let at = 0; at < groups.length; at += AT_ONCE) {
    const pages = groups
      .slice(at, at + AT_ONCE)
      .map((group) =>
        page(entries, { feed: group.length === 1 ? group[0] : { $in: group }, _id: range }, wanted),
      );
    found.push(...(await Promise.all(pages)).flat());
  }
  const sort = idSort(wanted);
  return found.sort((a, b) => (a._id < b._id ? -sort : sort)).slice(0, wanted.limit);
}

/** The time in a UUIDv7. */
const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
