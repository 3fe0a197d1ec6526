import { line } from './clean-text.js';
import { decodeFeed } from './decode.js';
import { afterProlog, withoutDoctype } from './doctype.js';
import { fromAtom } from './from-atom.js';
import { fromJson } from './from-json.js';
import { fromRss } from './from-rss.js';
import { readPage, type PageReading } from './page-links.js';
import { parseXml } from './parse-xml.js';
import type { RawFeed } from './raw-feed.js';
import { finishFeed, type FeedBytes, type FeedReading } from './read-feed.js';
import { notAFeed } from './refuse.js';
import type { XmlElement } from './xml-element.js';
import { isWellFormed } from './xml-scan.js';

export type DocumentReading = { kind: 'feed'; reading: FeedReading } | { kind: 'page'; page: PageReading };

/** Characters of a feed; what comes from 15 MiB of any encoding stays below it. */
const MAX_CHARS = 16 * 1024 * 1024;

const FEED_TAG = /<(?:[\w.-]{1,50}:)?(?:rss|feed|rdf|channel)[\s>]/i;
/** Where a document may begin that something stands before: programs put warnings before what they were asked for. */
const BEGINNING = /<(?:\?xml\b|!doctype\b|!--|(?:[\w.-]{1,50}:)?(?:rss|feed|rdf|channel)[\s>])/i;
const HTML_START = /^<(?:!doctype\s+html|html|head|body)\b/i;
const HTML_TAG = /<(?:html|head|body|meta|div|p|a|title|script)\b/i;

/**
 * Reads a feed from its bytes, or what a web page says of feeds: decodes, parses (an ill-formed one as far as it
 * goes), cleans. Pure work, no I/O: nothing that a feed refers to is fetched. Throws TaskError `not-a-feed` or
 * `too-complex` (permanent).
 */
export function readDocument({ bytes, contentType, url }: FeedBytes): DocumentReading {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { text, damaged } = decodeFeed(buffer, contentType);
  const start = text.slice(afterProlog(text)).trimStart().slice(0, 50);
  if (start === '' && !FEED_TAG.test(text)) throw notAFeed('the answer is empty.');
  if (start.startsWith('{')) return feedOf(parseJson(text, url), damaged);
  const isPage = HTML_START.test(start) && !isMisnamed(text);
  if (isPage) {
    const page = readPage(text, url);
    if (page.feeds.length > 0 || !/<rss\s[^>]{0,500}version|<feed\s[^>]{0,500}xmlns/i.test(text)) {
      return { kind: 'page', page };
    }
  }
  const found = FEED_TAG.test(text) ? parseMarkup(text, url, isPage) : null;
  if (found) return feedOf(found.feed, damaged || found.recovered);
  if (isPage || HTML_TAG.test(text)) return { kind: 'page', page: readPage(text, url) };
  throw notAFeed(
    FEED_TAG.test(text)
      ? 'it is ill-formed, and nothing of a feed can be read from it.'
      : 'it is neither RSS, Atom nor JSON Feed.',
  );
}

/** A feed behind the DOCTYPE of a web page, which programs put before all that they send. */
function isMisnamed(text: string): boolean {
  const from = afterProlog(text);
  const root = text.slice(text.indexOf('>', from) + 1);
  return (
    /^<!doctype/i.test(text.slice(from, from + 9)) &&
    FEED_TAG.test(root.slice(afterProlog(root)).slice(0, 60))
  );
}

const feedOf = (feed: RawFeed, recovered: boolean): DocumentReading => ({
  kind: 'feed',
  reading: finishFeed(feed, recovered),
});

function parseJson(text: string, url: string): RawFeed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw notAFeed(`it looks like JSON and is not: ${line((error as Error).message, 200)}.`);
  }
  const feed = fromJson(json, url);
  if (!feed) throw notAFeed('it is JSON, but no JSON Feed.');
  return feed;
}

function parseMarkup(
  text: string,
  url: string,
  inPage: boolean,
): { feed: RawFeed; recovered: boolean } | null {
  const from = inPage ? text.search(FEED_TAG) : Math.max(0, text.search(BEGINNING));
  const xml = withoutDoctype(text.slice(from), MAX_CHARS);
  // XML 1.0, production 22: nothing, not even white space, stands before the declaration.
  const clean = from === 0 || (text.slice(0, from).trim() === '' && !xml.startsWith('<?xml'));
  const wellFormed = clean && isWellFormed(xml);
  const feed = fromXml(wellFormed ? xml : withoutOpenCdata(xml), url);
  if (feed) return { feed, recovered: !wellFormed };
  // Commented out, or behind something that is no element's end.
  const inside = xml.search(FEED_TAG);
  const again = inside > 0 ? fromXml(xml.slice(inside), url) : null;
  return again && { feed: again, recovered: true };
}

/** A CDATA section that nothing ends would take in the rest of the document. */
function withoutOpenCdata(xml: string): string {
  const end = xml.lastIndexOf(']]>');
  return xml.slice(0, end + 1) + xml.slice(end + 1).replaceAll('<![CDATA[', '');
}

/** Null when there is no feed in it. */
function fromXml(xml: string, url: string): RawFeed | null {
  const { top, items } = parseXml(xml, url);
  const roots = rootsIn(top, 0);
  for (const root of roots) {
    const feed = fromRoot(root, roots.length > 1 ? itemsOf(root, items) : items);
    if (feed && (feed.entries.length > 0 || root === roots.at(-1)) && !isHollow(feed)) return feed;
  }
  return null;
}

const ROOTS: Record<string, 'rss' | 'rdf' | 'atom'> = {
  rss: 'rss',
  'rdf:rdf': 'rdf',
  rdf: 'rdf',
  'atom:feed': 'atom',
  feed: 'atom',
};

/** Roots of feeds, outermost only, on the top or a few elements below it. */
function rootsIn(parent: XmlElement, depth: number): XmlElement[] {
  return parent.elements().flatMap((element) => {
    if (element.key === 'channel' || Object.hasOwn(ROOTS, element.key)) return [element];
    return depth < 5 ? rootsIn(element, depth + 1) : [];
  });
}

function fromRoot(root: XmlElement, items: readonly XmlElement[]): RawFeed | null {
  if (root.key === 'channel') {
    const isCdf =
      root.attribute('href') !== undefined || items.some((item) => item.attribute('href') !== undefined);
    return fromRss(isCdf ? 'cdf' : 'rss', root, items);
  }
  const format = ROOTS[root.key]!;
  return format === 'atom' ? fromAtom(root, items) : fromRss(format, root, items);
}

/** Items where they belong: in the root or its channels. */
function itemsOf(root: XmlElement, items: readonly XmlElement[]): XmlElement[] {
  const within = new Set([root, ...root.all('channel')].flatMap((holder) => holder.elements()));
  return items.filter((item) => within.has(item));
}

const isHollow = (feed: RawFeed): boolean =>
  feed.entries.length === 0 && feed.title === undefined && feed.links.length === 0;
