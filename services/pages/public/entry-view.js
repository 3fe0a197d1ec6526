// @ts-check

import { element, outsideLink } from './element.js';
import { safeHref, safeHtml } from './safe-html.js';
import { timeElement } from './times.js';

/**
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} title
 * @property {string | null} link
 * @property {string | null} author
 * @property {string | null} published
 * @property {string | null} updated
 * @property {string} html
 * @property {{ url: string, type: string | null, bytes: number | null }[]} enclosures
 */

/** Entries with more characters are shown as an excerpt first. */
const LONG = 900;
const EXCERPT = 320;
/** Characters that are read in a minute, roughly: 200 words of six letters. */
const PER_MINUTE = 1200;

/**
 * One entry as an article. A long one is opened by its button, which carries `data-opens`.
 *
 * @param {Entry} entry
 * @param {number} index
 * @param {string} feedUrl
 */
export function entryArticle(entry, index, feedUrl) {
  const link = safeHref(entry.link, feedUrl);
  const content = safeHtml(entry.html, link ?? feedUrl);
  const text = textOf(content).replace(/\s+/g, ' ').trim();
  const title = entry.title.trim() || 'Untitled';
  const headingId = `entry-${index}`;
  const heading = element('h3', { id: headingId, dir: 'auto' }, link ? outsideLink(link, {}, title) : title);
  return element(
    'article',
    { class: 'entry', tabindex: -1, 'aria-labelledby': headingId },
    element('header', {}, heading, byline(entry)),
    contentOf(content, text, `content-${index}`, title),
    enclosureList(entry, link ?? feedUrl),
  );
}

/** @param {Entry} entry */
function byline({ published, updated, author }) {
  const when = timeElement(published) ?? timeElement(updated, 'updated ') ?? 'no date';
  const line = element('p', { class: 'byline' }, element('span', {}, when));
  if (author?.trim()) line.append(element('span', { class: 'author', dir: 'auto' }, author.trim()));
  return line;
}

/**
 * @param {DocumentFragment} content
 * @param {string} text
 * @param {string} id
 * @param {string} title
 */
function contentOf(content, text, id, title) {
  if (content.childNodes.length === 0) return null;
  const full = element('div', { class: 'content', dir: 'auto', id }, content);
  if (text.length <= LONG) return full;

  const excerpt = element('p', { class: 'content excerpt', dir: 'auto' }, cut(text, EXCERPT));
  const minutes = Math.max(1, Math.round(text.length / PER_MINUTE));
  const label = element('span', {}, '');
  const button = element(
    'button',
    { type: 'button', class: 'quiet', 'data-opens': true, 'aria-controls': id },
    label,
    element('span', { class: 'unseen' }, `: ${title}`),
  );
  const show = (/** @type {boolean} */ open) => {
    full.hidden = !open;
    excerpt.hidden = open;
    label.textContent = open ? 'Close' : `Read on · ${minutes} min`;
    button.setAttribute('aria-expanded', String(open));
  };
  button.addEventListener('click', () => {
    const opens = full.hidden === true;
    show(opens);
    if (!opens) button.closest('article')?.scrollIntoView({ block: 'nearest' });
  });
  show(false);
  return element('div', {}, excerpt, full, button);
}

/**
 * @param {Entry} entry
 * @param {string} base
 */
function enclosureList({ enclosures }, base) {
  const items = enclosures.flatMap(({ url, type, bytes }) => {
    const href = safeHref(url, base);
    if (!href) return [];
    const kind = (type ?? '').split('/')[0] || 'file';
    const size = bytes ? `, ${sizeText(bytes)}` : '';
    const name = decodedName(new URL(href));
    return element('li', {}, outsideLink(href, {}, name), ` (${kind}${size})`);
  });
  return items.length > 0 ? element('ul', { class: 'enclosures', 'aria-label': 'Attached' }, ...items) : null;
}

/** @param {URL} url */
function decodedName(url) {
  const last = url.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || url.host;
  } catch {
    return last; // Not UTF-8 behind the percent signs (URIError): as it stands.
  }
}

/** @param {number} bytes */
function sizeText(bytes) {
  if (bytes >= 1_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

const INLINE = new Set(
  'A ABBR B BDI BDO CITE CODE DEL DFN EM I INS KBD MARK Q S SAMP SMALL SPAN STRONG SUB SUP U VAR'.split(' '),
);

/**
 * What there is to read, with a space where one block ends; what stands for images is not text.
 *
 * @param {Node} node
 * @returns {string}
 */
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? '';
  if (node instanceof HTMLElement && node.classList.contains('media')) return ' ';
  const inside = [...node.childNodes].map(textOf).join('');
  return INLINE.has(node.nodeName) ? inside : ` ${inside} `;
}

/**
 * At most so many characters: whole sentences if that leaves enough, else whole words.
 *
 * @param {string} text
 * @param {number} length
 */
function cut(text, length) {
  if (text.length <= length) return text;
  const sentence = text.lastIndexOf('. ', length);
  if (sentence > length * 0.6) return `${text.slice(0, sentence + 1)} …`;
  const word = text.lastIndexOf(' ', length);
  return `${text.slice(0, word > length / 2 ? word : length)}…`;
}
