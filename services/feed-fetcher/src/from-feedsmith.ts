import {
  parseFeed,
  type AnyFeed,
  type AtomFeed,
  type JsonFeed,
  type MediaNs,
  type RdfFeed,
  type RssFeed,
} from 'feedsmith';
import type { RawEnclosure, RawEntry, RawFeed, RawText } from './raw-feed.js';

/**
 * Reads a feed of any format, from text or from parsed JSON. Throws feedsmith's errors: DetectError when it is none,
 * MalformedError or ParseError when it is one that cannot be read.
 */
export function parseWithFeedsmith(document: unknown): RawFeed {
  const parsed: AnyFeed = parseFeed(document);
  switch (parsed.format) {
    case 'rss':
      return fromRss(parsed.feed);
    case 'rdf':
      return fromRdf(parsed.feed);
    case 'atom':
      return fromAtom(parsed.feed);
    case 'json':
      return fromJson(parsed.feed);
  }
}

const html = (value: string | undefined): RawText | undefined =>
  value === undefined ? undefined : { value, kind: 'html' };

function fromRss(feed: RssFeed.Feed<string>): RawFeed {
  return {
    format: 'rss',
    title: html(feed.title ?? feed.itunes?.title ?? feed.dc?.titles?.[0]),
    link: feed.link ?? alternate(feed.atom?.links),
    description: html(feed.description ?? feed.itunes?.summary ?? feed.dc?.descriptions?.[0]),
    language: feed.language ?? feed.dc?.languages?.[0] ?? feed.xml?.lang,
    base: feed.xml?.base,
    entries: (feed.items ?? []).map(fromRssItem),
  };
}

function fromRssItem(item: RssFeed.Item<string>): RawEntry {
  const { guid, atom, dc, dcterms, itunes, media } = item;
  const person = item.authors?.[0];
  // RSS 2.0: a GUID is a URL unless it says that it is none.
  const permalink =
    guid?.isPermaLink !== false && /^https?:\/\//i.test(guid?.value ?? '') ? guid?.value : undefined;
  return {
    id: guid?.value ?? atom?.id,
    title: html(item.title ?? itunes?.title ?? media?.title?.value ?? dc?.titles?.[0]),
    link: item.link ?? alternate(atom?.links) ?? permalink,
    author: person?.name ?? dc?.creators?.[0] ?? itunes?.author ?? atom?.authors?.[0]?.name ?? person?.email,
    published: [item.pubDate, dc?.dates?.[0], dcterms?.issued?.[0], dcterms?.created?.[0], atom?.published],
    updated: [atom?.updated, dcterms?.modified?.[0]],
    content: html(
      item.content?.encoded ??
        item.description ??
        atom?.content?.value ??
        itunes?.summary ??
        media?.description?.value ??
        media?.groups?.[0]?.description?.value ??
        dc?.descriptions?.[0],
    ),
    enclosures: [...(item.enclosures ?? []).map(fromEnclosure), ...fromMedia(media)],
    base: item.xml?.base,
  };
}

function fromRdf(feed: RdfFeed.Feed<string>): RawFeed {
  return {
    format: 'rdf',
    title: html(feed.title),
    link: feed.link,
    description: html(feed.description),
    language: feed.dc?.languages?.[0] ?? feed.xml?.lang,
    base: feed.xml?.base,
    entries: (feed.items ?? []).map((item) => ({
      id: item.rdf?.about,
      title: html(item.title ?? item.dc?.titles?.[0]),
      link: item.link ?? item.rdf?.about,
      author: item.dc?.creators?.[0],
      published: [item.dc?.dates?.[0], item.dcterms?.issued?.[0]],
      updated: [item.dcterms?.modified?.[0]],
      content: html(item.content?.encoded ?? item.description ?? item.dc?.descriptions?.[0]),
      enclosures: fromMedia(item.media),
      base: item.xml?.base,
    })),
  };
}

function fromAtom(feed: AtomFeed.Feed<string>): RawFeed {
  return {
    format: 'atom',
    title: atomText(feed.title),
    link: alternate(feed.links),
    description: atomText(feed.subtitle),
    language: feed.xml?.lang ?? feed.dc?.languages?.[0],
    base: feed.xml?.base,
    entries: (feed.entries ?? []).map((entry) => fromAtomEntry(entry, feed)),
  };
}

function fromAtomEntry(entry: AtomFeed.Entry<string>, feed: AtomFeed.Feed<string>): RawEntry {
  const { content, summary, media } = entry;
  const body = content?.value === undefined ? summary : content;
  return {
    id: entry.id,
    title: atomText(entry.title),
    link: alternate(entry.links) ?? content?.src,
    // RFC 4287, section 4.2.1: an entry without an author has its source's, else the feed's.
    author: (entry.authors ?? entry.source?.authors ?? feed.authors)?.[0]?.name ?? entry.dc?.creators?.[0],
    published: [entry.published, entry.dc?.dates?.[0]],
    updated: [entry.updated],
    content: atomText(body) ?? html(media?.groups?.[0]?.description?.value ?? media?.description?.value),
    enclosures: [
      ...(entry.links ?? [])
        .filter((link) => link.rel === 'enclosure')
        .map((link) => ({ url: link.href, type: link.type, bytes: link.length })),
      ...fromMedia(media),
    ],
    base: entry.xml?.base,
    contentBase: body?.xml?.base,
  };
}

/** RFC 4287, section 3.1.1, and Atom 0.3's media types. Without a type it should be text, and often is not. */
function atomText(text: AtomFeed.Text | AtomFeed.Content | undefined): RawText | undefined {
  if (text?.value === undefined) return undefined;
  const type = text.type?.toLowerCase() ?? '';
  const kind = /html/.test(type) ? 'html' : type === 'text' || type === 'text/plain' ? 'text' : 'unknown';
  return { value: text.value, kind };
}

function fromJson(feed: JsonFeed.Feed<string>): RawFeed {
  return {
    format: 'json',
    title: text(feed.title),
    link: feed.home_page_url,
    description: text(feed.description),
    language: feed.language,
    entries: (feed.items ?? []).map((item) => ({
      id: item.id,
      title: text(item.title),
      link: item.url ?? item.external_url,
      author: (item.authors ?? feed.authors)?.[0]?.name,
      published: [item.date_published],
      updated: [item.date_modified],
      content: html(item.content_html) ?? text(item.content_text ?? item.summary),
      enclosures: (item.attachments ?? []).map((file) => ({
        url: file.url,
        type: file.mime_type,
        bytes: file.size_in_bytes,
      })),
    })),
  };
}

const text = (value: string | undefined): RawText | undefined =>
  value === undefined ? undefined : { value, kind: 'text' };

function alternate(links: { href?: string; rel?: string; type?: string }[] | undefined): string | undefined {
  const pages = (links ?? []).filter(({ rel = 'alternate' }) => rel.toLowerCase() === 'alternate');
  return (pages.find(({ type = 'text/html' }) => /html/i.test(type)) ?? pages[0])?.href;
}

const fromEnclosure = (enclosure: RssFeed.Enclosure): RawEnclosure => ({
  url: enclosure.url,
  type: enclosure.type,
  bytes: enclosure.length,
});

const fromMedia = (media: MediaNs.ItemOrFeed | undefined): RawEnclosure[] =>
  [...(media?.contents ?? []), ...(media?.groups ?? []).flatMap((group) => group.contents ?? [])].map(
    (content) => ({ url: content.url, type: content.type, bytes: content.fileSize }),
  );
