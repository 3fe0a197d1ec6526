import type { feedFetch, FeedEntry } from '@offload/contracts/feed-fetch';
import type { Result } from '@offload/contracts/define-task';
import { DetectError, MalformedError, ParseError } from 'feedsmith';
import { line } from './clean-text.js';
import { decodeFeed } from './decode.js';
import { afterProlog, withoutDoctype } from './doctype.js';
import { finishEntries, plainText } from './entries.js';
import { firstEntries } from './first-entries.js';
import { recoverWithFeedparser } from './from-feedparser.js';
import { parseWithFeedsmith } from './from-feedsmith.js';
import { Links } from './links.js';
import type { RawFeed } from './raw-feed.js';
import { notAFeed, tooComplex } from './refuse.js';
import { isWellFormed } from './xml-scan.js';

export interface FeedBytes {
  bytes: Uint8Array;
  /** The Content-Type header as it came. */
  contentType: string | undefined;
  /** Where the feed was found, after redirects: the base of its links. */
  url: string;
}

export interface FeedReading {
  /** The task's result but for `url`. */
  result: Omit<Result<typeof feedFetch>, 'url'>;
  /** All entries as a JSON array, in UTF-8. */
  entriesJson: Uint8Array;
}

/** Characters of a feed; what comes from 15 MiB of any encoding stays below it. */
const MAX_CHARS = 16 * 1024 * 1024;
const MAX_ENTRIES = 50_000;
const MAX_DESCRIPTION_CHARS = 5_000;

/**
 * Reads a feed from its bytes: decodes, parses (an ill-formed one as far as it goes), cleans. Pure work, no
 * I/O: nothing that a feed refers to is fetched. Throws TaskError `not-a-feed` or `too-complex` (permanent).
 */
export async function readFeed({ bytes, contentType, url }: FeedBytes): Promise<FeedReading> {
  const text = decodeFeed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), contentType);
  const { feed, recovered } = await parse(text);
  if (feed.entries.length > MAX_ENTRIES) throw tooComplex(`it has over ${MAX_ENTRIES} entries.`);
  const links = new Links();
  const base = Links.base(url, feed.base);
  const entries = finishEntries(feed.entries, base, links);
  return {
    result: {
      format: feed.format,
      recovered,
      title: plainText(feed.title, 1_000),
      link: links.resolve(feed.link, base),
      description: plainText(feed.description, MAX_DESCRIPTION_CHARS) || null,
      language: line(feed.language ?? '', 100) || null,
      entries: firstEntries(entries),
      total: entries.length,
    },
    entriesJson: jsonArray(entries),
  };
}

/** Entry by entry: one string of all would be a second copy of the largest thing here. */
function jsonArray(entries: readonly FeedEntry[]): Uint8Array {
  const parts = entries.map((entry, i) => Buffer.from(`${i === 0 ? '' : ',\n'}${JSON.stringify(entry)}`));
  return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']\n')]);
}

interface Parsed {
  feed: RawFeed;
  recovered: boolean;
}

async function parse(text: string): Promise<Parsed> {
  const start = text.slice(afterProlog(text)).trimStart().slice(0, 20);
  if (start === '') throw notAFeed('the answer is empty.');
  if (start.startsWith('{')) return { feed: parseJson(text), recovered: false };
  if (/^<(?:!doctype\s+html|html)\b/i.test(start)) {
    throw notAFeed('it is a web page. Look on it for the address of its feed (RSS or Atom).');
  }
  // Programs put warnings before what they were asked for.
  const from = text.search(/<(?:\?xml|!doctype|!--|(?:[\w-]+:)?(?:rss|feed|rdf)[\s>])/i);
  const xml = withoutDoctype(text.slice(Math.max(from, 0)), MAX_CHARS);
  if (!/<(?:[\w-]+:)?(?:rss|feed|rdf)[\s>]/i.test(xml))
    throw notAFeed('it is neither RSS, Atom nor JSON Feed.');
  const wellFormed = text.slice(0, from).trim() === '' && isWellFormed(xml);
  const plain = withoutInstructions(xml);
  const feed = tryFeedsmith(plain.replace(SPECIAL_NAMES, '<$1x-$2'));
  return wellFormed && feed ? { feed, recovered: false } : recover(plain, feed);
}

/** Processing instructions say nothing to a feed's reader, and both parsers are slow where there are many. */
function withoutInstructions(xml: string): string {
  const kept: string[] = [];
  let at = 0;
  for (let from = xml.indexOf('<?'); from !== -1; from = xml.indexOf('<?', at)) {
    const end = xml.indexOf('?>', from);
    if (end === -1) break;
    kept.push(xml.slice(at, from));
    at = end + 2;
  }
  return kept.join('') + xml.slice(at);
}

function parseJson(text: string): RawFeed {
  let json: unknown;
  try {
    // feedsmith leaves out objects that have such keys of their own.
    const drop = (key: string, value: unknown): unknown => (SPECIAL_KEYS.has(key) ? undefined : value);
    json = /"(?:__proto__|constructor|prototype)"/.test(text) ? JSON.parse(text, drop) : JSON.parse(text);
  } catch (error) {
    throw notAFeed(`it looks like JSON and is not: ${line((error as Error).message, 200)}.`);
  }
  const feed = tryFeedsmith(json);
  if (!feed) throw notAFeed('it is JSON, but no JSON Feed.');
  return feed;
}

/** feedsmith reads some ill-formed documents whole and some only to their fault; so does feedparser, others. */
async function recover(xml: string, feed: RawFeed | null): Promise<Parsed> {
  const other = await recoverWithFeedparser(xml);
  const better = other && other.entries.length > (feed?.entries.length ?? -1) ? other : feed;
  if (!better || isHollow(better))
    throw notAFeed('it is ill-formed, and nothing of a feed can be read from it.');
  return { feed: better, recovered: true };
}

const isHollow = (feed: RawFeed): boolean =>
  feed.entries.length === 0 && feed.title === undefined && feed.link === undefined;

/** Names that are special to JavaScript: feedsmith's XML parser refuses whole documents for them. */
const SPECIAL_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const SPECIAL_NAMES = /<(\/?)(__proto__|constructor|prototype)(?=[\s>/])/gi;

function tryFeedsmith(document: unknown): RawFeed | null {
  try {
    return parseWithFeedsmith(document);
  } catch (error) {
    // Its three errors say that this is not what it reads; anything else is a fault of ours.
    if (error instanceof DetectError || error instanceof MalformedError || error instanceof ParseError)
      return null;
    throw error;
  }
}
