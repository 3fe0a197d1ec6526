import { linksAt, linksIn, linksOf } from './element-text.js';
import { linkTo, type RawEnclosure, type RawEntry, type RawFeed, type RawLink } from './raw-feed.js';
import type { XmlElement } from './xml-element.js';

type FromModules = Pick<
  RawEntry,
  | 'images'
  | 'categories'
  | 'enclosures'
  | 'duration'
  | 'comments'
  | 'commentCount'
  | 'season'
  | 'episode'
  | 'chapters'
  | 'transcripts'
>;

/** What entries of RSS, RDF and Atom have alike: enclosures, Media RSS, iTunes, podcast, slash and threads. */
export function fromModules(entry: XmlElement): FromModules {
  const media = mediaIn(entry);
  const atomLinks = entry.all('atom:link', 'link');
  const enclosures = [
    ...entry.all('enclosure').map((element) => enclosureOf(element, 'url', 'href')),
    ...linksOf(atomLinks, 'enclosure').map((element) => enclosureOf(element, 'href')),
    ...media.contents.map((element) => enclosureOf(element, 'url')),
    ...entry.all('podcast:alternateenclosure').flatMap((element) => alternative(element)),
  ].flat();
  const isImage = (type = ''): boolean => /^image\//i.test(type.trim());
  const named = media.contents.filter(
    (element) =>
      (element.attribute('medium') === 'image' || isImage(element.attribute('type'))) &&
      // WordPress names the author's portrait first.
      !/\bgravatar\.com\/avatar\//.test(element.attribute('url') ?? ''),
  );
  return {
    enclosures,
    images: [
      ...linksAt(entry.all('itunes:image', 'googleplay:image'), 'href', 'url'),
      ...largestFirst(media.thumbnails),
      ...largestFirst(named),
      ...enclosures.filter(({ type }) => isImage(type)).map(({ url }) => url),
      ...imageIn(entry),
    ],
    categories: categoriesIn(entry),
    duration:
      entry.text('itunes:duration') ??
      media.contents
        .map((element) => element.attribute('duration'))
        .find((duration) => duration !== undefined),
    comments: [
      ...linksIn(entry.all('comments')),
      ...linksAt(linksOf(atomLinks, 'replies').filter(isPage), 'href'),
    ],
    commentCount:
      entry.text('slash:comments', 'thr:total') ??
      linksOf(atomLinks, 'replies')
        .map((link) => link.attribute('thr:count') ?? link.attribute('count'))
        .find((count) => count !== undefined),
    season: entry.text('itunes:season', 'podcast:season'),
    episode: entry.text('itunes:episode', 'podcast:episode'),
    chapters: linksAt(entry.all('podcast:chapters'), 'url'),
    transcripts: entry.all('podcast:transcript').flatMap((element) =>
      linksAt([element], 'url').map((url) => ({
        url,
        type: element.attribute('type'),
        language: element.attribute('language'),
      })),
    ),
  };
}

/** What feeds of RSS, RDF and Atom have alike. */
export function feedFromModules(
  feed: XmlElement,
): Pick<RawFeed, 'icons' | 'images' | 'ttlMinutes' | 'updatePeriod' | 'updateFrequency' | 'skipHours'> {
  return {
    icons: linksIn(feed.all('webfeeds:icon', 'icon', 'atom:icon')),
    images: [
      // The cover of a podcast is large, RSS's own image small.
      ...linksAt(feed.all('itunes:image', 'googleplay:image'), 'href', 'url'),
      ...imageIn(feed),
      ...linksIn(feed.all('logo', 'atom:logo', 'webfeeds:logo')),
      ...linksAt(feed.all('media:thumbnail'), 'url'),
    ],
    ttlMinutes: feed.text('ttl'),
    updatePeriod: feed.text('sy:updateperiod'),
    updateFrequency: feed.text('sy:updatefrequency'),
    skipHours: feed.all('skiphours').flatMap((hours) => hours.all('hour').map((hour) => hour.ownText())),
  };
}

const isPage = (link: XmlElement): boolean => /html/i.test(link.attribute('type') ?? 'html');

function enclosureOf(element: XmlElement, ...attributes: string[]): RawEnclosure[] {
  const [url] = linksAt([element], ...attributes);
  if (url === undefined) return [];
  const size = element.attribute('length') ?? element.attribute('filesize') ?? '';
  return [
    {
      url,
      type: element.attribute('type'),
      bytes: /^\s*\d+\s*$/.test(size) ? Number(size) : undefined,
      duration: element.attribute('duration'),
    },
  ];
}

function alternative(element: XmlElement): RawEnclosure[] {
  return element.all('podcast:source').flatMap((source) =>
    linksAt([source], 'uri').map((url) => ({
      url,
      type: element.attribute('type'),
      bytes: Number(element.attribute('length') ?? NaN),
    })),
  );
}

/** Media RSS, "media:group": what is in a group is of the item. */
function mediaIn(entry: XmlElement): { contents: XmlElement[]; thumbnails: XmlElement[] } {
  const holders = [entry, ...entry.all('media:group')];
  const contents = holders.flatMap((holder) => holder.all('media:content'));
  return {
    contents: contents.filter((element) => element.attribute('url') !== undefined),
    thumbnails: [...holders, ...contents].flatMap((holder) => holder.all('media:thumbnail')),
  };
}

function largestFirst(elements: readonly XmlElement[]): RawLink[] {
  const width = (element: XmlElement): number => Number(element.attribute('width')) || 0;
  return linksAt(
    [...elements].sort((a, b) => width(b) - width(a)),
    'url',
  );
}

/** RSS's `<image><url>`, and the forms that are made of it. */
const imageIn = (element: XmlElement): RawLink[] =>
  element
    .all('image')
    .flatMap((image) => [
      ...linksIn(image.all('url')),
      ...linksAt([image], 'href', 'url', 'rdf:resource'),
      ...(image.elements().length === 0 ? linkTo(image.ownText(), image.base) : []),
    ]);

function categoriesIn(entry: XmlElement): string[] {
  const named = entry
    .all('category', 'atom:category', 'dc:subject', 'media:category', 'itunes:category')
    .map(
      (element) =>
        element.attribute('label') ??
        (element.isBlank() ? (element.attribute('term') ?? element.attribute('text')) : element.ownText()) ??
        '',
    );
  const keywords = entry.text('itunes:keywords', 'media:keywords')?.split(',') ?? [];
  return [...named, ...keywords];
}
