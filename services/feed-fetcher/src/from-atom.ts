import { alternates, atomTextIn, htmlIn, linksAt, linksIn, linksOf, wordsIn } from './element-text.js';
import { feedFromModules, fromModules } from './from-modules.js';
import { namesIn } from './people.js';
import type { RawEntry, RawFeed, RawText } from './raw-feed.js';
import type { XmlElement } from './xml-element.js';

/** Elements of Atom, with its namespace declared or forgotten. */
const own = (name: string): [string, string] => [`atom:${name}`, name];

/** Atom 1.0 (RFC 4287) and 0.3. */
export function fromAtom(root: XmlElement, entries: readonly XmlElement[]): RawFeed {
  const authors = namesIn(root.all(...own('author')));
  return {
    format: 'atom',
    title: atomTextIn(root.first(...own('title'), 'dc:title')),
    links: alternates(root.all(...own('link'))),
    description: atomTextIn(
      root.first(...own('subtitle'), ...own('tagline'), 'dc:description', 'itunes:summary'),
    ),
    language: root.attribute('xml:lang') ?? root.text('dc:language', 'language'),
    authors: authors.length > 0 ? authors : namesIn(root.all('dc:creator', 'itunes:author')),
    updated: [root.text(...own('updated')), root.text(...own('modified')), root.text('dc:date')],
    ...feedFromModules(root),
    entries: entries.map((entry) => fromEntry(entry, root)),
  };
}

function fromEntry(entry: XmlElement, feed: XmlElement): RawEntry {
  const content = contentsOf(entry);
  const summary = atomTextIn(entry.first(...own('summary')));
  const links = entry.all(...own('link'));
  const media = [entry, ...entry.all('media:group')];
  const described = media
    .map((holder) => holder.first('media:description'))
    .find((found) => found !== undefined);
  return {
    id: entry.text(...own('id'), 'guid'),
    title: atomTextIn(entry.first(...own('title'), 'dc:title')) ?? htmlIn(entry.first('media:title')),
    links: [
      ...linksIn(entry.all('feedburner:origlink', 'pheedo:origlink')),
      ...alternates(links),
      ...linksAt(entry.all(...own('content')), 'src'),
      ...linksAt(linksOf(links, 'related'), 'href'),
      // An id is only a name; but one that is a URL is mostly that of the page.
      ...linksIn(entry.all(...own('id'))).filter(({ href }) => /^\s*https?:/i.test(href)),
    ],
    authors: authorsOf(entry, feed),
    published: [
      ...own('published'),
      ...own('issued'),
      ...own('created'),
      'dc:date',
      'dcterms:issued',
      'pubdate',
    ].map((key) => entry.text(key)),
    updated: [...own('updated'), ...own('modified'), 'dcterms:modified'].map((key) => entry.text(key)),
    content: content ?? summary ?? wordsIn(described ?? entry.first('description', 'itunes:summary')),
    summary: content && summary?.value !== content.value ? summary : undefined,
    ...fromModules(entry),
  };
}

/** Of several contents (Atom 0.3 allows them) the first that is HTML, else the first that is text. */
function contentsOf(entry: XmlElement): RawText | undefined {
  const texts = entry
    .all(...own('content'), 'content:encoded')
    .filter((element) => !element.isBlank())
    .map((element) => (element.key === 'content:encoded' ? htmlIn(element) : atomTextIn(element)))
    .filter((text) => text !== undefined);
  return texts.find(({ kind }) => kind === 'html') ?? texts[0];
}

/** RFC 4287, section 4.2.1: an entry without an author has its source's, else the feed's. */
function authorsOf(entry: XmlElement, feed: XmlElement): string[] {
  const holders = [entry, ...entry.all(...own('source')), feed];
  for (const holder of holders) {
    const names = namesIn(holder.all(...own('author')));
    const others = names.length > 0 ? names : namesIn(holder.all('dc:creator', 'itunes:author'));
    if (others.length > 0) return others;
  }
  return namesIn(entry.all(...own('contributor')));
}
