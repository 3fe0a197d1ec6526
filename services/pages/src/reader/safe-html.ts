// An entry's HTML comes from a stranger. The worker has sanitised it; here DOMPurify does so again, and what that
// leaves is not inserted but read: the article is built anew from the elements and attributes below. So neither a
// hole in one of them nor a hostile feed can script this page, style it, name anything in it, or make the browser ask
// another host: images come from the API alone, sound, film and frames become links. (docs/decisions/0085)

import createPurifier from 'dompurify';

/** Kept, without attributes of their own. */
const KEPT = new Set(
  (
    'abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure ' +
    'hr i ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot th ' +
    'thead time tr u ul var wbr'
  ).split(' '),
);

/** Headings go below the entry's own (h2), and no entry makes landmarks of this page. */
const RENAMED = new Map(
  Object.entries({ h1: 'h3', h2: 'h3', h3: 'h4', h4: 'h5', h5: 'h6', h6: 'h6', strike: 's', tt: 'code' }),
);
for (const name of 'address article aside center footer header hgroup main nav section'.split(' '))
  RENAMED.set(name, 'div');

/** What would be loaded from another host, and what it is called. */
const MEDIA = new Map(Object.entries({ audio: 'Sound', video: 'Film', iframe: 'Embedded page' }));

/** Whole numbers that tables and lists may keep. */
const NUMBERS = new Map([
  ['td', ['colspan', 'rowspan']],
  ['th', ['colspan', 'rowspan']],
  ['col', ['span']],
  ['colgroup', ['span']],
  ['ol', ['start']],
]);

/** Deeper nesting is shown as plain text: a hostile document must not exhaust the stack. */
const DEPTH = 100;
/** Elements of one entry; what comes after them is plain text, too. */
const ELEMENTS = 20_000;
/** Pixels; larger ones are not a size but an attack, or a mistake. */
const LARGEST = 5_000;

/** Where the API has the images of entries: everything else is another host, or no image. */
const IMAGE_PATH = /^\/v1\/entries\/[0-9a-f-]{36}\/(?:images\/[0-9a-f]{20}|thumbnail)$/;

const purifier = createPurifier(window);
const PURIFY = {
  ALLOWED_TAGS: [...KEPT, ...RENAMED.keys(), ...MEDIA.keys(), 'a', 'img', 'picture', 'source'],
  ALLOWED_ATTR: [
    ...['href', 'src', 'alt', 'title', 'width', 'height', 'colspan', 'rowspan', 'span', 'start', 'reversed'],
    ...['lang', 'dir', 'datetime', 'scope'],
  ],
  // The expression below is for addresses; by itself DOMPurify holds every other attribute against it, too.
  ADD_URI_SAFE_ATTR: [
    ...[
      'width',
      'height',
      'colspan',
      'rowspan',
      'span',
      'start',
      'reversed',
      'lang',
      'dir',
      'datetime',
      'scope',
    ],
  ],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|\/v1\/entries\/)/i,
  // Never serialised and parsed again, which is how mutation attacks work.
  RETURN_DOM_FRAGMENT: true as const,
};

interface Place {
  depth: number;
  /** A link cannot hold another one. */
  inLink: boolean;
  /** Shared by the whole document. */
  budget: { elements: number };
}

/** What stands for an image until the API has it: its path, and where it goes. */
export interface Picture {
  path: string;
  place: HTMLElement;
  alt: string;
  size: { width: number; height: number } | null;
}

/** An http, https or mailto address; null for everything else (`javascript:`, `data:`, …). */
export function safeHref(href: string | null | undefined): string | null {
  if (!href || !URL.canParse(href)) return null;
  const url = new URL(href);
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
}

/** HTML as this page may show it. Its pictures are empty places, to be filled when the API has them. */
export function safeArticle(html: string): { content: DocumentFragment; pictures: Picture[] } {
  const purified = purifier.sanitize(html, PURIFY);
  const builder = new Builder();
  const content = document.createDocumentFragment();
  builder.rebuild(purified, content, { depth: 0, inLink: false, budget: { elements: ELEMENTS } });
  return { content, pictures: builder.pictures };
}

class Builder {
  readonly pictures: Picture[] = [];

  rebuild(from: Node, into: Node, place: Place): void {
    if (place.depth > DEPTH || place.budget.elements <= 0) {
      into.appendChild(document.createTextNode(from.textContent ?? ''));
      return;
    }
    for (const child of from.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) into.appendChild(document.createTextNode(child.nodeValue ?? ''));
      else if (child instanceof Element || child.nodeType === Node.ELEMENT_NODE) {
        place.budget.elements--;
        this.#element(child as Element, into, place);
      }
    }
  }

  #element(original: Element, into: Node, place: Place): void {
    const name = original.localName;
    if (name === 'img') return this.#picture(original, into);
    const media = MEDIA.get(name);
    if (media) {
      const link = mediaLink(original, media, place);
      if (link) into.appendChild(link);
      return;
    }
    const made = name === 'a' ? anchor(original, place) : plainElement(original, name);
    if (made) into.appendChild(made.localName === 'table' ? scrollable(made) : made);
    const inLink = place.inLink || made?.localName === 'a';
    this.rebuild(original, made ?? into, { ...place, depth: place.depth + 1, inLink });
  }

  #picture(original: Element, into: Node): void {
    const path = (original.getAttribute('src') ?? '').split('?', 1)[0] ?? '';
    if (!IMAGE_PATH.test(path)) return;
    const [width, height] = ['width', 'height'].map((side) => Number(original.getAttribute(side)));
    const isSize = [width, height].every((side) => side && Number.isInteger(side) && side <= LARGEST);
    const size = isSize && width && height ? { width, height } : null;
    const alt = (original.getAttribute('alt') ?? '').trim();
    const place = document.createElement('span');
    place.className = 'picture';
    if (size) {
      place.style.width = `${size.width}px`;
      place.style.aspectRatio = `${size.width} / ${size.height}`;
    }
    into.appendChild(place);
    this.pictures.push({ path, place, alt, size });
  }
}

function plainElement(original: Element, name: string): HTMLElement | null {
  const kept = RENAMED.get(name) ?? (KEPT.has(name) ? name : null);
  if (!kept) return null;
  const made = document.createElement(kept);
  for (const attribute of NUMBERS.get(name) ?? []) {
    const value = original.getAttribute(attribute) ?? '';
    if (/^\d{1,3}$/.test(value)) made.setAttribute(attribute, value);
  }
  if (name === 'ol' && original.hasAttribute('reversed')) made.setAttribute('reversed', '');
  if (name === 'abbr') made.title = original.getAttribute('title') ?? '';
  for (const attribute of ['lang', 'dir']) {
    const value = original.getAttribute(attribute) ?? '';
    if (/^[A-Za-z0-9-]{2,35}$/.test(value)) made.setAttribute(attribute, value);
  }
  // What scrolls has to be reached by the keyboard.
  if (kept === 'pre') made.tabIndex = 0;
  return made;
}

function outsideLink(href: string, ...children: (Node | string)[]): HTMLAnchorElement {
  const made = document.createElement('a');
  made.href = href;
  made.target = '_blank';
  made.rel = 'noopener noreferrer';
  made.append(...children);
  return made;
}

function anchor(original: Element, place: Place): HTMLElement | null {
  const href = safeHref(original.getAttribute('href'));
  return href && !place.inLink ? outsideLink(href) : null;
}

/** What would have been loaded from elsewhere, as a link that says so; null for what has no address. */
function mediaLink(original: Element, label: string, place: Place): HTMLElement | null {
  const source = original.getAttribute('src') ?? original.querySelector('source')?.getAttribute('src');
  const href = safeHref(source);
  if (!href || href.startsWith('mailto:')) return null;
  const title = (original.getAttribute('title') ?? '').trim().slice(0, 200);
  const says = document.createElement('span');
  says.textContent = title ? `${label}: ${title}` : label;
  const host = document.createElement('span');
  host.className = 'media-host';
  host.textContent = new URL(href).host;
  const made = place.inLink ? document.createElement('span') : outsideLink(href);
  made.append(says, ' ', host);
  made.className = 'media';
  return made;
}

/** Wide tables scroll in a box of their own, which the keyboard can reach. */
function scrollable(table: HTMLElement): HTMLElement {
  const box = document.createElement('div');
  box.className = 'wide-table';
  box.tabIndex = 0;
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', 'Table');
  box.append(table);
  return box;
}
