import sanitizeHtml, { type Attributes, type IOptions } from 'sanitize-html';
import { withoutControls } from './clean-text.js';
import type { Links } from './links.js';

/** What remains of an article: text, structure, tables, pictures, sound and film. No frames, forms or styles. */
const TAGS = [
  'a', 'abbr', 'address', 'article', 'aside', 'audio', 'b', 'bdi', 'bdo', 'blockquote', 'br', 'caption',
  'center', 'cite', 'code', 'col', 'colgroup', 'dd', 'del', 'details', 'dfn', 'div', 'dl', 'dt', 'em',
  'figcaption', 'figure', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'img', 'ins',
  'kbd', 'li', 'main', 'mark', 'ol', 'p', 'picture', 'pre', 'q', 'rp', 'rt', 'ruby', 's', 'samp', 'section',
  'small', 'source', 'span', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th',
  'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'video', 'wbr',
]; // prettier-ignore

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
  img: ['src', 'alt', 'title', 'width', 'height', 'loading'],
  ins: ['datetime'],
  ol: ['start', 'reversed', 'type'],
  source: ['src', 'type'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan', 'scope'],
  time: ['datetime'],
  video: ['src', 'poster', 'width', 'height', 'controls', 'preload'],
  '*': ['lang', 'dir'],
};

const SHAPE = {
  allowedTags: TAGS,
  allowedAttributes: ATTRIBUTES,
  selfClosing: ['br', 'col', 'hr', 'img', 'source', 'wbr'],
};

/** Where scripts of pages put an image's address until it is scrolled to; in a feed there is no script. */
const LAZY_SOURCES = ['data-src', 'data-original', 'data-lazy-src', 'data-orig-file'];

/**
 * HTML from a feed as a page may show it: an allow list of elements and attributes, links absolute and http or
 * https (mailto in anchors), every anchor `rel="noopener noreferrer"`, pixels that only count readers gone.
 */
export function sanitiseHtml(html: string, base: string, links: Links): string {
  const resolved = (attributes: Attributes, name: string): Attributes => {
    const url = links.resolve(attributes[name], base);
    const { [name]: _dropped, ...others } = attributes;
    return url === null ? others : { ...others, [name]: url };
  };
  const clean = sanitizeHtml(html, {
    ...SHAPE,
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    nestingLimit: MAX_NESTING,
    transformTags: {
      a: (tagName, attributes) => ({ tagName, attribs: anchor(attributes, base, links) }),
      img: (tagName, attributes) => ({
        tagName,
        attribs: { ...resolved(withSource(attributes), 'src'), loading: 'lazy' },
      }),
      audio: (tagName, attributes) => ({ tagName, attribs: played(resolved(attributes, 'src')) }),
      video: (tagName, attributes) => ({
        tagName,
        attribs: played(resolved(resolved(attributes, 'src'), 'poster')),
      }),
      source: (tagName, attributes) => ({ tagName, attribs: resolved(attributes, 'src') }),
      blockquote: (tagName, attributes) => ({ tagName, attribs: resolved(attributes, 'cite') }),
    },
    exclusiveFilter: ({ tag, attribs }) =>
      (tag === 'img' && (!attribs.src || isPixel(attribs))) || (tag === 'source' && !attribs.src),
  });
  return withoutControls(clean).trim();
}

/** Closes what a cut left open in HTML that was sanitised before. */
export const closeHtml = (html: string): string => sanitizeHtml(html, SHAPE);

function anchor(attributes: Attributes, base: string, links: Links): Attributes {
  const { href, title } = attributes;
  const url = links.resolveAnchor(href, base);
  if (url === null) return {};
  return { href: url, ...(title === undefined ? {} : { title }), rel: 'noopener noreferrer' };
}

function withSource(attributes: Attributes): Attributes {
  const { src } = attributes;
  if (src !== undefined && src.trim() !== '' && !/^\s*data:/i.test(src)) return attributes;
  const lazy = LAZY_SOURCES.map((name) => attributes[name]).find((value) => value !== undefined);
  return lazy === undefined ? attributes : { ...attributes, src: lazy };
}

/** A player that loads nothing before the reader asks for it. */
const played = (attributes: Attributes): Attributes => ({ ...attributes, controls: '', preload: 'none' });

const isPixel = ({ width, height }: Attributes): boolean =>
  [width, height].every((side) => side !== undefined && Number.parseInt(side, 10) <= 1);
