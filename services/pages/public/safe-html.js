// @ts-check
// The worker has sanitised an entry's HTML already. Here it is rebuilt a second time from what is known to be
// harmless, so that neither a hole there nor a hostile feed can script this page, style it, or make the reader's
// browser ask another host for anything: images, audio, video and frames become links.

import { element, outsideLink } from './element.js';

/** Kept, without any attribute of their own. */
const KEPT = new Set(
  (
    'abbr b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure hr i ins ' +
    'kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot th thead ' +
    'tr u ul var wbr'
  ).split(' '),
);

/** Shown under another name: headings go below the entry's own (h3), and no entry makes landmarks of this page. */
const RENAMED = new Map(
  Object.entries({ h1: 'h4', h2: 'h4', h3: 'h5', h4: 'h5', h5: 'h6', h6: 'h6', strike: 's', tt: 'code' }),
);
for (const name of 'address article aside center footer header hgroup main nav section'.split(' ')) {
  RENAMED.set(name, 'div');
}

/** Dropped with all that is in them; every other unknown element is only unwrapped. */
const DROPPED = new Set(
  (
    'applet base button canvas embed head input link math meta noembed noframes noscript object option script ' +
    'select style svg template textarea title'
  ).split(' '),
);

/** Whole numbers that tables and lists may keep. */
const NUMBERS = new Map([
  ['td', ['colspan', 'rowspan']],
  ['th', ['colspan', 'rowspan']],
  ['ol', ['start']],
]);

/** What would be loaded from another host, and what it is called. */
const MEDIA = new Map(
  Object.entries({ img: 'Image', image: 'Image', audio: 'Audio', video: 'Video', iframe: 'Page' }),
);

/** Deeper nesting is shown as plain text: a hostile document must not exhaust the stack. */
const DEPTH = 100;
/** Elements of one entry; what comes after them is plain text, too. */
const ELEMENTS = 10_000;

/**
 * @typedef {object} Place
 * @property {string} base
 * @property {number} depth
 * @property {boolean} inLink  a link cannot hold another one
 * @property {{ elements: number }} budget  shared by the whole document
 */

/**
 * An http, https or mailto address, made absolute; null for everything else (`javascript:`, `data:`, …).
 *
 * @param {string | null | undefined} href
 * @param {string} [base]
 */
export function safeHref(href, base) {
  if (!href || !URL.canParse(href, base)) return null;
  const url = new URL(href, base);
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
}

/**
 * Rebuilds HTML from the elements and attributes that are allowed. DOMParser's document is inert: nothing in it
 * runs or is loaded (HTML Standard, 8.5.2 "The DOMParser interface").
 *
 * @param {string} html
 * @param {string | undefined} base  what relative addresses are relative to
 * @returns {DocumentFragment}
 */
export function safeHtml(html, base) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const built = document.createDocumentFragment();
  rebuild(parsed.body, built, { base: base ?? '', depth: 0, inLink: false, budget: { elements: ELEMENTS } });
  return built;
}

/**
 * @param {Node} from
 * @param {Node} into
 * @param {Place} place
 */
function rebuild(from, into, place) {
  if (place.depth > DEPTH || place.budget.elements <= 0) {
    into.appendChild(document.createTextNode(from.textContent ?? ''));
    return;
  }
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      into.appendChild(document.createTextNode(child.nodeValue ?? ''));
    } else if (child.nodeType === Node.ELEMENT_NODE) {
      place.budget.elements--;
      rebuildElement(/** @type {Element} */ (child), into, place);
    }
  }
}

/**
 * @param {Element} original
 * @param {Node} into
 * @param {Place} place
 */
function rebuildElement(original, into, place) {
  const name = original.localName;
  if (DROPPED.has(name)) return;
  const label = MEDIA.get(name);
  if (label) {
    const link = mediaLink(original, label, place);
    if (link) into.appendChild(link);
    return;
  }
  const made = name === 'a' ? anchor(original, place) : plainElement(original, name);
  if (made) into.appendChild(name === 'table' ? scrollable(made) : made);
  const inLink = place.inLink || made?.localName === 'a';
  rebuild(original, made ?? into, { ...place, depth: place.depth + 1, inLink });
}

/**
 * @param {Element} original
 * @param {string} name
 */
function plainElement(original, name) {
  const kept = RENAMED.get(name) ?? (KEPT.has(name) ? name : null);
  if (!kept) return null;
  const made = document.createElement(kept);
  for (const attribute of NUMBERS.get(name) ?? []) {
    const value = original.getAttribute(attribute) ?? '';
    if (/^\d{1,4}$/.test(value)) made.setAttribute(attribute, value);
  }
  if (name === 'abbr') made.title = original.getAttribute('title') ?? '';
  for (const attribute of ['lang', 'dir']) {
    const value = original.getAttribute(attribute) ?? '';
    if (/^[A-Za-z-]{2,35}$/.test(value)) made.setAttribute(attribute, value);
  }
  if (kept === 'pre') made.tabIndex = 0;
  return made;
}

/**
 * @param {Element} original
 * @param {Place} place
 */
function anchor(original, place) {
  const href = safeHref(original.getAttribute('href'), place.base);
  return href && !place.inLink ? outsideLink(href, {}) : null;
}

/**
 * What would have been loaded from elsewhere, as a link that says so. Null for what has no address, and for
 * pixels that only count readers.
 *
 * @param {Element} original
 * @param {string} label
 * @param {Place} place
 */
function mediaLink(original, label, place) {
  const size = ['width', 'height'].map((side) => Number(original.getAttribute(side) || Infinity));
  if (size.some((side) => side <= 2)) return null;
  const source = original.getAttribute('src') ?? original.querySelector('source')?.getAttribute('src');
  const href = safeHref(source, place.base);
  if (!href) return null;
  const says = (original.getAttribute('alt') || original.getAttribute('title') || '').trim() || label;
  const parts = [
    element('span', { class: 'media-label' }, says),
    element('span', { class: 'media-host' }, new URL(href).host),
  ];
  const attributes = { class: `media media-${label.toLowerCase()}`, title: `${label}: ${href}` };
  return place.inLink ? element('span', attributes, ...parts) : outsideLink(href, attributes, ...parts);
}

/**
 * Wide tables scroll in a box of their own, which the keyboard can reach.
 *
 * @param {HTMLElement} table
 */
function scrollable(table) {
  return element('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Table' }, table);
}
