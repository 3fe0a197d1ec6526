import { createHash } from 'node:crypto';
import type { FeedEntry } from '@offload/contracts/feed-fetch';
import { htmlOfText, line, textOfHtml } from './clean-text.js';
import { readDate } from './dates.js';
import { Links } from './links.js';
import type { RawEnclosure, RawEntry, RawText } from './raw-feed.js';
import { sanitiseHtml } from './sanitise.js';

const MAX_TITLE_CHARS = 2_000;
const MAX_NAME_CHARS = 500;
const MAX_ID_CHARS = 1_000;
const MAX_ENCLOSURES = 100;

/**
 * A feed's entries as they are served, in the feed's order. An entry's id is its GUID; when that is missing or
 * already another entry's, its link; else a hash of what it says. An entry that says the same as one before it
 * is left out.
 */
export function finishEntries(entries: readonly RawEntry[], feedBase: string, links: Links): FeedEntry[] {
  const said = new Set<string>();
  const taken = new Set<string>();
  return entries.flatMap((raw) => {
    const whole = hash(JSON.stringify(raw));
    if (said.has(whole)) return [];
    said.add(whole);
    const base = Links.base(feedBase, raw.base);
    const link = links.resolve(raw.link, base);
    const id =
      [guidOf(raw), link?.slice(0, MAX_ID_CHARS)].find((known) => known && !taken.has(known)) ?? whole;
    taken.add(id);
    return [
      {
        id,
        title: plainText(raw.title, MAX_TITLE_CHARS),
        link,
        author: line(textOfHtml(raw.author ?? ''), MAX_NAME_CHARS) || null,
        published: firstDate(raw.published),
        updated: firstDate(raw.updated),
        html: contentOf(raw.content, Links.base(base, raw.contentBase), links),
        enclosures: enclosuresOf(raw.enclosures, base, links),
      },
    ];
  });
}

/** Text on one line, whatever it came as. */
export function plainText(text: RawText | undefined, maxChars: number): string {
  if (text === undefined) return '';
  const isHtml = text.kind === 'html' || (text.kind === 'unknown' && looksLikeHtml(text.value));
  return line(isHtml ? textOfHtml(text.value) : text.value, maxChars);
}

const looksLikeHtml = (value: string): boolean => /<\/?[a-z][^<>]*>|&(?:[a-z]{2,}|#\d+);/i.test(value);

function contentOf(text: RawText | undefined, base: string, links: Links): string {
  if (text === undefined) return '';
  const isText = text.kind === 'text' || (text.kind === 'unknown' && !looksLikeHtml(text.value));
  return sanitiseHtml(isText ? htmlOfText(text.value) : text.value, base, links);
}

function guidOf(raw: RawEntry): string {
  const id = line(raw.id ?? '', MAX_ID_CHARS + 1);
  // One too long to be kept is still the same the next time.
  return id.length > MAX_ID_CHARS ? hash(raw.id!) : id;
}

const hash = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

function firstDate(dates: readonly (string | undefined)[]): string | null {
  for (const date of dates) {
    const read = readDate(date);
    if (read !== null) return read;
  }
  return null;
}

function enclosuresOf(raw: readonly RawEnclosure[], base: string, links: Links): FeedEntry['enclosures'] {
  const byUrl = new Map<string, FeedEntry['enclosures'][number]>();
  for (const { url: given, type, bytes = NaN } of raw.slice(0, MAX_ENCLOSURES)) {
    const url = links.resolve(given, base);
    if (url === null || byUrl.has(url)) continue;
    byUrl.set(url, {
      url,
      type: line(type ?? '', MAX_NAME_CHARS) || null,
      bytes: Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null,
    });
  }
  return [...byUrl.values()];
}
