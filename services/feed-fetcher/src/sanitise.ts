import sanitizeHtml, { type Attributes, type IOptions } from 'sanitize-html';
import { withoutControls } from './clean-text.js';
import { frameOf } from './frames.js';
import type { Links } from './links.js';
import { isTracker } from './trackers.js';

/** What remains of an article: text, structure, tables, pictures, sound and film. No forms, styles or scripts. */
const TAGS = [
  'a', 'abbr', 'address', 'article', 'aside', 'audio', 'b', 'bdi', 'bdo', 'blockquote', 'br', 'caption',
  'center', 'cite', 'code', 'col', 'colgroup', 'dd', 'del', 'details', 'dfn', 'div', 'dl', 'dt', 'em',
  'figcaption', 'figure', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'iframe', 'img', 'ins',
  'kbd', 'li', 'main', 'mark', 'ol', 'p', 'picture', 'pre', 'q', 'rp', 'rt', 'ruby', 's', 'samp', 'section',
  'small', 'source', 'span', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th',
  'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'video', 'wbr',
]; // prettier-ignore

/** What is in a frame is for browsers of another age, and read by others' rules. Attributes have no bare `>`. */
const FRAME = /(<iframe [^>]*>)[^]*?<\/iframe>/g;

/** Deeper elements are dropped with their content kept: browsers lay out deep trees by recursion. */
const MAX_NESTING = 100;

const ATTRIBUTES: IOptions['allowedAttributes'] = {
  a: ['href', 'title', 'rel'],
  abbr: ['title'],
  audio: ['src', 'controls', 'preload'],
  bdo: ['dir'],
  blockquote: ['cite'],
  col: ['span'],
  colgroup: ['span'],
  del: ['datetime'],
  iframe: ['src', 'width', 'height', 'title', 'sandbox', 'loading', 'referrerpolicy', 'allowfullscreen'],
  img: ['src', 'srcset', 'sizes', 'alt', 'title', 'width', 'height', 'loading', 'referrerpolicy'],
  ins: ['datetime'],
  ol: ['start', 'reversed', 'type'],
  q: ['cite'],
  source: ['src', 'srcset', 'sizes', 'type', 'media'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan', 'scope'],
  time: ['datetime'],
  video: ['src', 'poster', 'width', 'height', 'controls', 'preload'],
  '*': ['lang', 'dir'],
};

const SHAPE: IOptions = {
  allowedTags: TAGS,
  allowedAttributes: ATTRIBUTES,
  selfClosing: ['br', 'col', 'hr', 'img', 'source', 'wbr'],
  // Their content is code, or a fallback for browsers of another age; none of it is the article's.
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'template',
    'xmp',
    'noembed',
    'noframes',
    'title',
  ],
};

/** Where scripts of pages put an image's address until it is scrolled to; in a feed there is no script. */
const LAZY_SOURCES = [
  'data-src',
  'data-original',
  'data-lazy-src',
  'data-orig-file',
  'data-hi-res-src',
  'data-url',
];
const LAZY_SETS = ['data-srcset', 'data-lazy-srcset'];
const MAX_SRCSET_CHARS = 16_384;

/**
 * HTML from a feed as a page may show it: an allow list of elements and attributes, links absolute and http or
 * https (mailto in anchors), every anchor `rel="noopener noreferrer"`, images lazy and without referrer, frames of
 * known players only and sandboxed, pixels that only count readers gone.
 */
export function sanitiseHtml(html: string, base: string, links: Links): string {
  const urls = new UrlAttributes(base, links);
  const clean = sanitizeHtml(html, {
    ...SHAPE,
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    nestingLimit: MAX_NESTING,
    transformTags: {
      a: (tagName, attributes) => ({ tagName, attribs: urls.anchor(attributes) }),
      img: (tagName, attributes) => ({ tagName, attribs: urls.image(attributes) }),
      audio: (tagName, attributes) => ({ tagName, attribs: played(urls.resolved(attributes, 'src')) }),
      video: (tagName, attributes) => ({
        tagName,
        attribs: played(urls.resolved(attributes, 'src', 'poster')),
      }),
      source: (tagName, attributes) => ({ tagName, attribs: urls.withSet(urls.resolved(attributes, 'src')) }),
      blockquote: (tagName, attributes) => ({ tagName, attribs: urls.resolved(attributes, 'cite') }),
      q: (tagName, attributes) => ({ tagName, attribs: urls.resolved(attributes, 'cite') }),
      iframe: (tagName, attributes) => ({
        tagName,
        attribs: frameOf(urls.resolved(lazy(attributes), 'src')),
      }),
    },
    exclusiveFilter: ({ tag, attribs }) =>
      ((tag === 'img' || tag === 'iframe') && !attribs.src) ||
      (tag === 'source' && !attribs.src && !attribs.srcset),
  });
  return withoutControls(clean.replace(FRAME, '$1</iframe>')).trim();
}

/** Closes what a cut left open in HTML that was sanitised before. */
export const closeHtml = (html: string): string => sanitizeHtml(html, SHAPE);

/** The attributes of one entry's elements that are URLs. */
class UrlAttributes {
  constructor(
    private readonly base: string,
    private readonly links: Links,
  ) {}

  /** With these attributes absolute, or without them. */
  resolved(attributes: Attributes, ...names: string[]): Attributes {
    const result = { ...attributes };
    for (const name of names) {
      const url = this.links.resolve(result[name], this.base);
      if (url === null) delete result[name];
      else result[name] = url;
    }
    return result;
  }

  anchor({ href, title }: Attributes): Attributes {
    const url = this.links.resolveAnchor(href, this.base);
    if (url === null) return {};
    return { href: url, ...(title === undefined ? {} : { title }), rel: 'noopener noreferrer' };
  }

  image(attributes: Attributes): Attributes {
    const image = this.withSet(this.resolved(lazy(attributes), 'src'));
    image.src ??= image.srcset?.split(' ', 1)[0] ?? '';
    if (isTracker(image.src, attributes)) return {};
    return { ...image, loading: 'lazy', referrerpolicy: 'no-referrer' };
  }

  /** Source: HTML Living Standard, "srcset attributes". Candidates that are no URL are left out. */
  withSet(attributes: Attributes): Attributes {
    const { srcset, ...others } = attributes;
    const given = srcset ?? LAZY_SETS.map((name) => attributes[name]).find((set) => set !== undefined);
    if (given === undefined || given.length > MAX_SRCSET_CHARS) return others;
    const candidates = [
      ...given.matchAll(/([^\s,]\S{0,4096})(?:\s{1,20}([\d.]{1,10}[wxh]))?(?:\s{0,20},|\s{0,20}$)/g),
    ];
    const set = candidates.flatMap(([, candidate = '', size]) => {
      const url = this.links.resolve(candidate.replace(/,+$/, ''), this.base);
      return url === null ? [] : [size === undefined ? url : `${url} ${size}`];
    });
    return set.length === 0 ? others : { ...others, srcset: set.join(', ') };
  }
}

function lazy(attributes: Attributes): Attributes {
  const { src } = attributes;
  if (src !== undefined && src.trim() !== '' && !/^\s*(?:data|about):/i.test(src)) return attributes;
  const source = LAZY_SOURCES.map((name) => attributes[name]).find((value) => value !== undefined);
  return source === undefined ? attributes : { ...attributes, src: source };
}

/** A player that loads nothing before the reader asks for it. */
const played = (attributes: Attributes): Attributes => ({ ...attributes, controls: '', preload: 'none' });
