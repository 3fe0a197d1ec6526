import { MAX_FOUND_FEEDS } from '@offload/contracts/feed-fetch';
import { line } from './clean-text.js';
import { tagsOf, type Tag } from './html-tags.js';
import { Links } from './links.js';

/** A feed that a web page links to. */
export interface FoundFeed {
  url: string;
  title: string | null;
  /** The media type that the page says it has. */
  type: string | null;
}

/** What a web page says of feeds. */
export interface PageReading {
  title: string;
  /** Named by the page as its feeds: `<link rel="alternate" type="application/rss+xml">`. */
  feeds: FoundFeed[];
  /** URLs that may be feeds, the likeliest first: links in its text, and where programs usually put feeds. */
  guesses: string[];
}

/** A page says early what it is. */
const MAX_CHARS = 4 * 1024 * 1024;
const WANTED = {
  elements: ['link', 'a', 'base'],
  attributes: ['href', 'rel', 'type', 'title'],
  most: 50_000,
};
const MAX_ANCHORS = 4;

const FEED_TYPE =
  /^application\/(?:(?:rss|atom|rdf|feed)\+(?:xml|json)|rss|atom|json)\b|^text\/(?:rss|atom)\b/i;
const XML_TYPE = /^(?:application|text)\/xml\b/i;
const FEED_PATH = /(?:^|[/._-])(?:feeds?|rss2?|atom|rdf)(?:[/._-]|$)|\.(?:rss|atom|rdf)$/i;

/** Where programs put feeds: WordPress, Ghost, Hugo, Jekyll, Eleventy, Medium, Blogger and others. */
const USUAL = ['feed', 'rss.xml', 'atom.xml', 'feed.xml', 'index.xml', 'rss', 'feed.json'];

/** Finds the feeds that a web page names, and where else to look. Linear in time. */
export function readPage(html: string, pageUrl: string): PageReading {
  const { tags, title } = tagsOf(html.slice(0, MAX_CHARS), WANTED);
  const links = new Links();
  const base = Links.base(pageUrl, tags.find(({ tag }) => tag === 'base')?.href);
  const feeds = new Map<string, FoundFeed>();
  for (const tag of tags) {
    const url = tag.tag === 'link' && namesAFeed(tag) ? links.resolve(tag.href, base) : null;
    if (url === null || feeds.has(url) || feeds.size >= MAX_FOUND_FEEDS) continue;
    feeds.set(url, {
      url,
      title: line(tag.title ?? '', 500) || null,
      type: line(tag.type ?? '', 100) || null,
    });
  }
  const anchors = tags
    .filter(
      ({ tag, href = '' }) =>
        tag === 'a' && FEED_PATH.test(href.split(/[?#]/, 1)[0]!) && !/comment/i.test(href),
    )
    .map(({ href }) => links.resolve(href, base));
  const guesses = [
    ...ofSite(new URL(pageUrl)),
    ...[...new Set(anchors)].slice(0, MAX_ANCHORS),
    ...usual(pageUrl),
  ];
  return {
    title: line(title, 1_000),
    feeds: [...feeds.values()],
    guesses: [...new Set(guesses)].filter((guess) => guess !== null && guess !== pageUrl) as string[],
  };
}

function namesAFeed({ rel = '', type = '', href = '' }: Tag): boolean {
  const words = rel.toLowerCase().split(/\s+/);
  if (words.includes('feed')) return true;
  if (!words.includes('alternate') || words.includes('stylesheet')) return false;
  // WordPress also names its API (`/wp-json/…`) as an alternate of type application/json.
  if (/^application\/json\b/i.test(type.trim())) return /feed/i.test(href);
  return FEED_TYPE.test(type.trim()) || XML_TYPE.test(type.trim());
}

/** Sites whose pages say nothing, or not to programs. */
function ofSite({ hostname, pathname, searchParams }: URL): string[] {
  if (!/^(?:www\.|m\.)?youtube\.com$/.test(hostname)) return [];
  const channel = /^\/channel\/(UC[\w-]{10,40})/.exec(pathname)?.[1];
  const list = pathname === '/playlist' ? searchParams.get('list') : null;
  const feed = 'https://www.youtube.com/feeds/videos.xml';
  if (channel !== undefined) return [`${feed}?channel_id=${channel}`];
  return list === null ? [] : [`${feed}?playlist_id=${encodeURIComponent(list)}`];
}

function usual(pageUrl: string): string[] {
  const { pathname, origin } = new URL(pageUrl);
  const folder = pathname.replace(/\/{1,10}$/, '');
  const below = folder === '' || /\.\w{1,5}$/.test(folder) ? [] : [`${origin}${folder}/feed`];
  return [...below, ...USUAL.map((path) => `${origin}/${path}`)];
}
