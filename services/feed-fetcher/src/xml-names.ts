/** Namespaces that feeds use, by the prefix that they have here. URIs as `normalised` gives them. */
const NAMESPACES = new Map<string, string>(
  Object.entries({
    rss: ['purl.org/rss/1.0', 'my.netscape.com/rdf/simple/0.9', 'channel.netscape.com/rdf/simple/0.9',
      'my.netscape.com/publish/formats/rss-0.91.dtd', 'backend.userland.com/rss', 'backend.userland.com/rss2',
      'backend.userland.com/rss091', 'backend.userland.com/rss092', 'backend.userland.com/rss093',
      'blogs.law.harvard.edu/tech/rss', 'cyber.law.harvard.edu/rss', 'cyber.law.harvard.edu/rss/rss.html',
      'rssboard.org/rss-specification', 'purl.org/net/rss1.1', 'purl.org/rss/2.0'],
    atom: ['w3.org/2005/atom', 'purl.org/atom/ns', 'purl.org/atom', 'purl.org/pie', 'example.com/necho',
      'uri/of/echo/namespace', 'example.com/newformat'],
    content: ['purl.org/rss/1.0/modules/content'],
    dc: ['purl.org/dc/elements/1.1', 'purl.org/dc/elements/1.0', 'purl.org/dc/elements', 'purl.org/metadata/dublin_core'],
    dcterms: ['purl.org/dc/terms', 'purl.org/rss/1.0/modules/dcterms'],
    feedburner: ['rssnamespace.org/feedburner/ext/1.0'],
    itunes: ['itunes.com/dtds/podcast-1.0.dtd', 'example.com/dtds/podcast-1.0.dtd'],
    googleplay: ['google.com/schemas/play-podcasts/1.0'],
    media: ['search.yahoo.com/mrss', 'video.search.yahoo.com/mrss', 'rssboard.org/media-rss', 'tools.search.yahoo.com/mrss'],
    podcast: ['podcastindex.org/namespace/1.0',
      'github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md'],
    rdf: ['w3.org/1999/02/22-rdf-syntax-ns'],
    slash: ['purl.org/rss/1.0/modules/slash'],
    sy: ['purl.org/rss/1.0/modules/syndication'],
    thr: ['purl.org/syndication/thread/1.0'],
    webfeeds: ['webfeeds.org/rss/1.0'],
    wfw: ['wellformedweb.org/commentapi'],
    xhtml: ['w3.org/1999/xhtml', 'w3.org/tr/xhtml1'],
    xml: ['w3.org/xml/1998/namespace'],
    yandex: ['news.yandex.ru'],
  }).flatMap(([prefix, uris]) => uris.map((uri) => [uri, prefix])),
); // prettier-ignore

/** Feeds spell namespaces with other cases, schemes and endings than the specifications do. */
const normalised = (uri: string): string =>
  uri
    .trim()
    .toLowerCase()
    .replace(/^(?:https?:\/\/)?(?:www\.)?/, '')
    .replace(/[/#]{1,10}$/, '');

/** Prefixes in scope, with the namespaces that they are bound to. */
export type Scope = ReadonlyMap<string, string>;

/** Scopes are copied where elements add to them; no feed has as many. */
const MAX_PREFIXES = 100;

/** What XML binds without being told, and nothing else. */
export const NO_SCOPE: Scope = new Map();

/**
 * The scope within an element with these attributes. A known namespace goes by its usual prefix, whatever prefix
 * the feed gives it; one that is not known by the feed's own.
 */
export function scopeOf(
  outer: Scope,
  attributes: readonly [name: string, value: string][] | undefined,
): Scope {
  let scope: Map<string, string> | undefined;
  for (const [name, value] of attributes ?? []) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    const prefix = name.slice(6).toLowerCase();
    scope ??= new Map(outer);
    if (scope.size >= MAX_PREFIXES) break;
    scope.set(prefix, NAMESPACES.get(normalised(value)) ?? prefix);
  }
  return scope ?? outer;
}

/** The scope within `<rss>`, whose elements have no namespace, whatever it declares as the default one. */
export const scopeOfRss = (scope: Scope): Scope => new Map(scope).set('', 'rss');

/**
 * `dc:creator` for an element or attribute, `title` for one of RSS or of no namespace. A prefix that nobody
 * declared means what it usually means.
 */
export function keyOf(name: string, scope: Scope): string {
  const colon = name.indexOf(':');
  const prefix = colon === -1 ? '' : name.slice(0, colon).toLowerCase();
  const local = name.slice(colon + 1).toLowerCase();
  const namespace = scope.get(prefix) ?? prefix;
  // Elements in RDF's own namespace are few; one that only inherits it as the default is one of RSS.
  const isStray = namespace === 'rdf' && prefix === '' && local !== 'rdf';
  return namespace === '' || namespace === 'rss' || isStray ? local : `${namespace}:${local}`;
}
