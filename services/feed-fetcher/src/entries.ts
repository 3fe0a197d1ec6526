import type { FeedEntry } from '@offload/contracts/feed-fetch';
import { decodeHTMLStrict } from 'entities';
import { htmlOfText, line } from './clean-text.js';
import { firstDate } from './dates.js';
import { identify, type KnownEntry } from './entry-identity.js';
import type { Links } from './links.js';
import { countOf, durationOf } from './quantities.js';
import type { RawEnclosure, RawEntry, RawText } from './raw-feed.js';
import { sanitiseHtml } from './sanitise.js';
import { hasTags, textOfHtml } from './text-of-html.js';

const MAX_TITLE_CHARS = 2_000;
const MAX_SUMMARY_CHARS = 1_000;
const MAX_NAME_CHARS = 500;
/** Enclosures, categories, transcripts of one entry. */
const MAX_PARTS = 100;

/** A feed's entries as they are served, in the feed's order. For their ids see `identify`. */
export function finishEntries(entries: readonly RawEntry[], links: Links): FeedEntry[] {
  const known = entries.map((raw) => ({ raw, link: links.first(raw.links) }));
  return identify(known).map((entry) => finishEntry(entry, links));
}

function finishEntry({ id, raw, link }: KnownEntry, links: Links): FeedEntry {
  const html = contentOf(raw.content, links);
  return {
    id,
    title: plainText(raw.title, MAX_TITLE_CHARS),
    link,
    author: namesOf(raw.authors),
    published: firstDate(raw.published),
    updated: firstDate(raw.updated),
    summary: plainText(raw.summary, MAX_SUMMARY_CHARS) || null,
    html,
    image: links.first(raw.images) ?? firstImage(html),
    categories: distinct(raw.categories),
    enclosures: enclosuresOf(raw.enclosures, links),
    durationMs: durationOf(raw.duration ?? raw.enclosures.find(({ duration }) => duration)?.duration),
    commentsUrl: links.first(raw.comments),
    commentCount: countOf(raw.commentCount),
    season: countOf(raw.season),
    episode: countOf(raw.episode),
    chaptersUrl: links.first(raw.chapters),
    transcripts: raw.transcripts.slice(0, MAX_PARTS).flatMap(({ url, type, language }) => {
      const found = links.first([url]);
      return found === null ? [] : [{ url: found, type: nameOrNull(type), language: nameOrNull(language) }];
    }),
  };
}

/** Text on one line, whatever it came as. */
export function plainText(text: RawText | undefined, maxChars: number): string {
  if (text === undefined) return '';
  // Markup is longer than what it shows; what is beyond this would not be shown anyway.
  const value = text.value.slice(0, maxChars * 50);
  const isHtml = text.kind === 'html' || (text.kind === 'unknown' && looksLikeHtml(value));
  const plain = isHtml ? textOfHtml(value) : value;
  // Nobody writes numbers of characters for people to read: they were escaped once too often.
  return line(plain.replace(/&#(?:\d{2,6}|x[\da-f]{2,5});/gi, decodeHTMLStrict), maxChars);
}

/** Names of people on one line; null when there are none. */
export const namesOf = (names: readonly string[]): string | null =>
  line(distinct(names.slice(0, MAX_PARTS)).join(', '), MAX_NAME_CHARS) || null;

const looksLikeHtml = (value: string): boolean =>
  /<\/?[a-z][^<>]{0,2000}>|&(?:[a-z]{2,30}|#\d{1,7});/i.test(value);

function contentOf(text: RawText | undefined, links: Links): string {
  if (text === undefined) return '';
  const isText = text.kind === 'text' || (text.kind === 'unknown' && !looksLikeHtml(text.value));
  const html = isText ? htmlOfText(text.value) : withLineEnds(text.value);
  return sanitiseHtml(html, text.base, links);
}

/** What has no tag of HTML is text all the same: it keeps its lines, and what only looks like tags. */
function withLineEnds(value: string): string {
  if (hasTags(value)) return value;
  return value.includes('<') ? htmlOfText(textOfHtml(value)) : value.trim().replace(/\r\n?|\n/g, '<br />');
}

/** From HTML that was sanitised: its images have absolute URLs, escaped. */
function firstImage(html: string): string | null {
  const source = /<img\b[^>]* src="([^"]+)"/.exec(html)?.[1];
  return source === undefined ? null : source.replaceAll('&amp;', '&');
}

const nameOrNull = (text: string | undefined): string | null => line(text ?? '', MAX_NAME_CHARS) || null;

const distinct = (names: readonly string[]): string[] => [
  ...new Set(
    names
      .slice(0, MAX_PARTS)
      .map((name) => line(textOfHtml(name.slice(0, 10_000)), MAX_NAME_CHARS))
      .filter((name) => name !== ''),
  ),
];

function enclosuresOf(raw: readonly RawEnclosure[], links: Links): FeedEntry['enclosures'] {
  const byUrl = new Map<string, FeedEntry['enclosures'][number]>();
  for (const { url: given, type, bytes = NaN } of raw.slice(0, MAX_PARTS)) {
    const url = links.first([given]);
    if (url === null || byUrl.has(url)) continue;
    byUrl.set(url, {
      url,
      type: nameOrNull(type),
      bytes: Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null,
    });
  }
  return [...byUrl.values()];
}
