import { alternates, atomTextIn, htmlIn, linksAt, linksIn, wordsIn } from './element-text.js';
import { feedFromModules, fromModules } from './from-modules.js';
import { namesIn } from './people.js';
import { linkTo, type RawEntry, type RawFeed, type RawLink, type RawText } from './raw-feed.js';
import type { XmlElement } from './xml-element.js';

/**
 * RSS of all versions, RSS 1.0 (RDF) and CDF: the same elements, in other places.
 * Sources: RSS 2.0 specification (rssboard.org), RSS 1.0, Media RSS, Podcast namespace 1.0, CDF (W3C note of 1997).
 */
export function fromRss(
  format: 'rss' | 'rdf' | 'cdf',
  root: XmlElement,
  items: readonly XmlElement[],
): RawFeed {
  const channel = root.key === 'channel' ? root : (root.all('channel', 'rss:channel')[0] ?? root);
  const modules = feedFromModules(channel);
  return {
    format,
    title: htmlIn(channel.first('title', 'itunes:title', 'dc:title', 'atom:title')),
    links: [
      ...linksIn(channel.all('link')),
      ...alternates(channel.all('atom:link')),
      ...(format === 'cdf' ? linksAt([channel], 'href') : []),
    ],
    description: htmlIn(
      channel.first(
        'description',
        'tagline',
        'itunes:summary',
        'dc:description',
        'atom:subtitle',
        'abstract',
      ),
    ),
    language:
      channel.text('language', 'dc:language') ?? channel.attribute('xml:lang') ?? root.attribute('xml:lang'),
    authors: authorsOf(channel, 'managingeditor'),
    updated: [
      channel.text('lastbuilddate'),
      channel.text('pubdate'),
      channel.text('dc:date'),
      channel.text('atom:updated', 'dcterms:modified'),
      channel.attribute('lastmod'),
    ],
    ...modules,
    images: [...modules.images, ...(channel === root ? [] : feedFromModules(root).images)],
    entries: items.map((item) => fromItem(item)),
  };
}

function fromItem(item: XmlElement): RawEntry {
  const content = contentOf(item);
  const summary = htmlIn(item.first('description', 'itunes:summary', 'itunes:subtitle', 'abstract'));
  return {
    id: item.text('guid', 'atom:id', 'dc:identifier') ?? item.attribute('rdf:about'),
    title:
      htmlIn(item.first('title', 'itunes:title', 'dc:title', 'media:title')) ??
      atomTextIn(item.first('atom:title')),
    links: linksOfItem(item),
    authors: authorsOf(item, 'author'),
    published: [
      ...[
        'pubdate',
        'dc:date',
        'dcterms:issued',
        'dcterms:created',
        'atom:published',
        'dcterms:date',
        'date',
        'published',
        'issued',
        'created',
      ].map((key) => item.text(key)),
      item.attribute('lastmod'),
    ],
    updated: [
      item.text('atom:updated'),
      item.text('dcterms:modified'),
      item.text('lastbuilddate', 'updated', 'modified'),
    ],
    content: content ?? summary,
    summary: content && summary && summary.value !== content.value ? summary : undefined,
    ...fromModules(item),
  };
}

function contentOf(item: XmlElement): RawText | undefined {
  const whole = item.first(
    'content:encoded',
    'xhtml:body',
    'xhtml:div',
    'yandex:full-text',
    'fulltext',
    'body',
  );
  if (whole) return htmlIn(whole);
  const atom = atomTextIn(item.first('atom:content'));
  if (atom) return atom;
  const described = item.first(
    'description',
    'content',
    'atom:summary',
    'itunes:summary',
    'googleplay:description',
  );
  if (described?.key === 'atom:summary') return atomTextIn(described);
  if (described) return described.key.includes(':') ? wordsIn(described) : htmlIn(described);
  const media = [item, ...item.all('media:group')].map((holder) =>
    holder.first('media:description', 'media:text'),
  );
  const found = media.find((element) => element !== undefined);
  return found ? wordsIn(found) : htmlIn(item.first('dc:description', 'summary', 'abstract'));
}

function linksOfItem(item: XmlElement): RawLink[] {
  const guids = item.all('guid').filter((guid) => {
    // RSS 2.0: a GUID is a URL unless it says that it is none.
    const permalink = guid.attribute('ispermalink')?.trim().toLowerCase() !== 'false';
    return permalink && /^\s*https?:\/\//i.test(guid.ownText());
  });
  return [
    // Where the link of a feed that FeedBurner or Pheedo passed on came from.
    ...linksIn(item.all('feedburner:origlink', 'pheedo:origlink')),
    ...linksIn(item.all('link')),
    ...alternates(item.all('atom:link')),
    ...linksIn(guids),
    ...linkTo(item.attribute('rdf:about'), item.base),
    ...linksAt([item], 'href'),
    ...linksAt(item.all('media:player'), 'url'),
  ];
}

const authorsOf = (element: XmlElement, own: string): string[] => {
  const forms = [
    [own],
    ['dc:creator', 'dc:author'],
    ['atom:author'],
    ['itunes:author', 'googleplay:author'],
    ['dc:contributor', 'author', 'media:credit'],
  ];
  return forms.map((keys) => namesIn(element.all(...keys))).find((names) => names.length > 0) ?? [];
};
