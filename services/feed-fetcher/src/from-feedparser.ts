import { once } from 'node:events';
import FeedParser from 'feedparser';
import type { RawEntry, RawFeed, RawText } from './raw-feed.js';

/** Declarations have no place in a feed's content, and sax reads an open one in time that grows by its square. */
const DECLARATION = /<!(?!--|\[CDATA\[)[^<>]{0,200}>?/g;

/**
 * Reads what can be read of an ill-formed RSS, RDF or Atom document: each fault costs the element that it is
 * in, at most. Null when there is no feed in it.
 */
export async function recoverWithFeedparser(xml: string): Promise<RawFeed | null> {
  const parser = new FeedParser({
    normalize: true,
    addmeta: false,
    resume_saxerror: true,
    MAX_BUFFER_LENGTH: xml.length,
  });
  const entries: RawEntry[] = [];
  parser.on('readable', () => {
    for (let item = parser.read(); item; item = parser.read()) entries.push(fromItem(item));
  });
  // Faults are what this parser is for; "not a feed" shows in what it found.
  parser.on('error', () => {});
  parser.end(Buffer.from(xml.replace(DECLARATION, '')));
  await once(parser, 'end').catch(() => undefined);
  const { meta } = parser;
  if (!['rss', 'rdf', 'atom'].includes(meta?.['#type'])) return null;
  return {
    format: meta['#type'],
    title: html(meta.title),
    link: meta.link || undefined,
    description: html(meta.description),
    language: meta.language || undefined,
    entries,
  };
}

const html = (value: string | null | undefined): RawText | undefined =>
  value ? { value, kind: 'html' } : undefined;

function fromItem(item: FeedParser.Item): RawEntry {
  // Its own dates go through `new Date`, which guesses; these are the words of the feed.
  const words = (...names: string[]): (string | undefined)[] => names.map((name) => wordsOf(item[name]));
  return {
    id: item.guid || undefined,
    title: html(item.title),
    link: item.link || undefined,
    author: item.author || undefined,
    published: words('rss:pubdate', 'atom:published', 'atom:issued', 'dc:date', 'pubdate'),
    updated: words('atom:updated', 'atom:modified', 'dcterms:modified'),
    content: html(item.description || item.summary),
    enclosures: item.enclosures.map(({ url, type, length }) => ({
      url,
      type: type ?? undefined,
      bytes: length ? Number(length) : undefined,
    })),
  };
}

function wordsOf(element: unknown): string | undefined {
  const first: unknown = Array.isArray(element) ? element[0] : element;
  const text = (first as { '#'?: unknown } | undefined)?.['#'];
  return typeof text === 'string' ? text : undefined;
}
