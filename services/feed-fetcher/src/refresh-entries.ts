import { setImmediate as breathe } from 'node:timers/promises';
import type { FeedEntry } from '@offload/contracts/feed-fetch';
import type { EntryEdit, EntryStore } from '@offload/store/entries';
import { ENTRIES_KEPT, entryId, identityOf, type EntryRecord } from '@offload/store/entries-record';
import { line, wellFormed } from './clean-text.js';
import { closeHtml } from './sanitise.js';
import { textOfHtml } from './text-of-html.js';

export interface StoredEntries {
  added: number;
  changed: number;
  /** Lead images of those that are new, newest first. */
  images: string[];
}

/** Entries that are compared and written together, and about how many bytes of them. */
const GROUP = 200;
const GROUP_BYTES = 4 * 1024 * 1024;

const MAX_HTML_CHARS = 1024 * 1024;
const EXCERPT_CHARS = 300;
/** The first words are looked for in so much of the HTML. */
const EXCERPT_FROM_CHARS = 20_000;

/** An entry with what it is stored under. */
interface Identified {
  entry: FeedEntry;
  key: string;
  digest: string;
  at: Date;
}

/**
 * Stores a feed's entries: new ones are added, edited ones changed, the others not touched. In groups, each harmless
 * the second time: a worker that dies leaves the rest to the next attempt.
 */
export async function storeEntries(
  entries: EntryStore,
  feed: string,
  entriesJson: Uint8Array,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<StoredEntries> {
  const newest = newestOf(await parseEntries(entriesJson), now);
  const inFeed = new Set<string>();
  const stored: StoredEntries = { added: 0, changed: 0, images: [] };
  for (const group of groupsOf(newest)) {
    signal.throwIfAborted();
    for (const { key } of group) inFeed.add(key);
    const differing = await entries.compare(feed, group);
    const added: Omit<EntryRecord, 'seenAt'>[] = [];
    const edited: EntryEdit[] = [];
    for (const each of group) {
      const known = differing.get(each.key);
      if (known === undefined) continue;
      const content = contentOf(each, now);
      if (known !== null) edited.push({ _id: known, ...content });
      else {
        added.push({ _id: entryId(feed, each.key, each.at), feed, key: each.key, ...content });
        if (each.entry.image !== null) stored.images.push(each.entry.image);
      }
    }
    stored.added += await entries.write({ added, edited });
    stored.changed += edited.length;
  }
  if (stored.added > 0) await entries.trim(feed, inFeed);
  return stored;
}

/**
 * The entries as readFeed writes them, one a line; a portion at a time, so that the fetches of the process go on
 * meanwhile: 15 MiB at once would hold them up for a tenth of a second and more.
 */
export async function parseEntries(entriesJson: Uint8Array): Promise<FeedEntry[]> {
  const bytes = Buffer.from(entriesJson.buffer, entriesJson.byteOffset, entriesJson.byteLength);
  const entries: FeedEntry[] = [];
  // From the bracket that opens the list to the one that closes it; JSON.stringify writes no line end.
  const end = bytes.lastIndexOf(']');
  let breath = 0;
  for (let from = 1, to: number; from < end; from = to + 1) {
    const next = bytes.indexOf(',\n', from);
    to = next === -1 || next > end ? end : next + 1;
    entries.push(JSON.parse(bytes.toString('utf8', from, to === end ? end : to - 1)) as FeedEntry);
    if (to - breath < PORTION_BYTES) continue;
    breath = to;
    await breathe();
  }
  return entries;
}

const PORTION_BYTES = 512 * 1024;

/** The newest, as many as are kept, with their time, which is never to come. */
function newestOf(all: readonly FeedEntry[], now: Date): { entry: FeedEntry; at: Date }[] {
  const timed = all.map((entry, index) => {
    const said = Date.parse(entry.published ?? entry.updated ?? '');
    // Without a time, the feed's order is that of a list: the newest first.
    const at = Number.isNaN(said) ? now.getTime() - index : Math.min(said, now.getTime());
    return { entry, at: new Date(at) };
  });
  return timed.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, ENTRIES_KEPT);
}

function* groupsOf(entries: { entry: FeedEntry; at: Date }[]): Generator<Identified[]> {
  let group: Identified[] = [];
  let sum = 0;
  for (const each of entries) {
    const bytes = each.entry.html.length;
    if (group.length === GROUP || (group.length > 0 && sum + bytes > GROUP_BYTES)) {
      yield group;
      [group, sum] = [[], 0];
    }
    group.push({ ...each, ...identityOf(each.entry) });
    sum += bytes;
  }
  if (group.length > 0) yield group;
}

function contentOf({ entry, digest }: Identified, now: Date): Omit<EntryEdit, '_id'> {
  const { html: whole, ...facts } = entry;
  const html =
    whole.length > MAX_HTML_CHARS ? `${closeHtml(wellFormed(whole.slice(0, MAX_HTML_CHARS)))}…` : whole;
  const text = facts.summary ?? textOfHtml(html.slice(0, EXCERPT_FROM_CHARS));
  const bytes = Buffer.byteLength(html) + Buffer.byteLength(JSON.stringify(facts));
  return { digest, entry: facts, html, excerpt: line(text, EXCERPT_CHARS), bytes, changedAt: now };
}
