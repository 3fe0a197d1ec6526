import { decodeHTMLStrict } from 'entities';
import { Tokenizer } from 'htmlparser2';
import { Links } from './links.js';
import { checkEntryCount, tooComplex } from './refuse.js';
import { XmlElement } from './xml-element.js';
import { keyOf, NO_SCOPE, scopeOf, scopeOfRss, type Scope } from './xml-names.js';

export interface XmlDocument {
  /** Holds the root elements. */
  top: XmlElement;
  /** RSS items and Atom entries, wherever ill-formed markup has put them; none is inside another. */
  items: XmlElement[];
}

const MAX_DEPTH = 256;
const MAX_ATTRIBUTES = 1_000;
const MAX_ELEMENTS = 1_000_000;

const ITEMS = new Set(['item', 'entry', 'atom:entry']);

/** Elements of RSS that hold words only: one that is open when the next begins was not closed. */
const LEAVES = new Set([
  'title',
  'link',
  'guid',
  'pubdate',
  'author',
  'comments',
  'category',
  'language',
  'dc:creator',
  'dc:date',
]);
const AFTER_LEAVES = new Set([
  ...LEAVES,
  'description',
  'enclosure',
  'content:encoded',
  'content',
  'image',
  'source',
  'summary',
]);

/**
 * Reads XML into elements, and whatever is no XML as far as it goes: stray end tags are passed over, what is not
 * closed ends with what it is in, entities of HTML are known. Linear in time. Throws TaskError `too-complex`
 * (permanent) for nesting, attributes or elements that no feed has.
 */
export function parseXml(xml: string, base: string): XmlDocument {
  const builder = new TreeBuilder(xml, base);
  const tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: false }, builder);
  tokenizer.write(xml);
  tokenizer.end();
  builder.dropCutItem();
  return { top: builder.top, items: builder.items };
}

interface Open {
  element: XmlElement;
  /** Its name in lower case. */
  lower: string;
  scope: Scope;
}

/** The tokenizer's callbacks: positions in `xml`. */
class TreeBuilder {
  readonly top: XmlElement;
  readonly items: XmlElement[] = [];
  readonly #open: Open[];
  #count = 0;
  #name = '';
  #attributes: [string, string][] = [];
  #attributeName = '';
  #attributeValue = '';

  constructor(
    private readonly xml: string,
    base: string,
  ) {
    this.top = new XmlElement('', '', base, []);
    this.#open = [{ element: this.top, lower: '', scope: NO_SCOPE }];
  }

  onopentagname(start: number, end: number): void {
    this.#name = this.xml.slice(start, end);
    this.#attributes = [];
  }

  onattribname(start: number, end: number): void {
    this.#attributeName = this.xml.slice(start, end);
    this.#attributeValue = '';
  }

  onattribdata(start: number, end: number): void {
    this.#attributeValue += this.xml.slice(start, end);
  }

  onattribend(): void {
    if (this.#attributes.length >= MAX_ATTRIBUTES) {
      throw tooComplex(`an element has over ${MAX_ATTRIBUTES} attributes.`);
    }
    this.#attributes.push([this.#attributeName, decoded(this.#attributeValue)]);
  }

  onopentagend(): void {
    this.#begin();
  }

  onselfclosingtag(): void {
    const { element } = this.#begin();
    if (this.#open.at(-1)?.element === element) this.#open.pop();
  }

  onclosetag(start: number, end: number): void {
    const name = this.xml.slice(start, end).trim();
    const lower = name.toLowerCase();
    const depth =
      this.#depthOf(({ element }) => element.name === name) || this.#depthOf((open) => open.lower === lower);
    if (depth > 0) this.#open.length = depth;
  }

  ontext(start: number, end: number): void {
    this.#append(decoded(this.xml.slice(start, end)));
  }

  oncdata(start: number, end: number, endOffset: number): void {
    this.#append(this.xml.slice(start, end - endOffset));
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onattribentity(): void {}
  ontextentity(): void {}
  onend(): void {}

  /** What is cut off in the midst of an item would be another one the next time; alone it is better than nothing. */
  dropCutItem(): void {
    const last = this.items.at(-1);
    if (this.items.length > 1 && this.#open.some(({ element }) => element === last)) this.items.pop();
  }

  #begin(): Open {
    if (++this.#count > MAX_ELEMENTS) throw tooComplex(`it has over ${MAX_ELEMENTS} elements.`);
    const scopeAround = this.#open.at(-1)!.scope;
    const declared = scopeOf(scopeAround, this.#attributes);
    const scope = /^rss$/i.test(this.#name) ? scopeOfRss(declared) : declared;
    const key = keyOf(this.#name, scope);
    this.#closeForgotten(key);
    const parent = this.#open.at(-1)!.element;
    const attributes = this.#attributes.map(([name, value]): [string, string] => [
      // Source: Namespaces in XML, section 6.2: no default namespace for attributes.
      name.includes(':') ? keyOf(name, scope) : name.toLowerCase(),
      value,
    ]);
    // CDF has a `base` of its own.
    const names = key === 'channel' ? ['xml:base', 'base'] : ['xml:base'];
    const own = attributes.find(([name]) => names.includes(name))?.[1];
    const base = own === undefined ? parent.base : Links.base(parent.base, own);
    const element = new XmlElement(key, this.#name, base, attributes);
    const opened = { element, lower: this.#name.toLowerCase(), scope };
    parent.children.push(opened.element);
    if (ITEMS.has(key) && !this.#open.some(({ element }) => ITEMS.has(element.key))) {
      this.items.push(opened.element);
      checkEntryCount(this.items.length);
    }
    if (this.#open.push(opened) > MAX_DEPTH) throw tooComplex(`elements are nested over ${MAX_DEPTH} deep.`);
    return opened;
  }

  /** Ends an item before the next one, and a leaf before what cannot be in it. */
  #closeForgotten(key: string): void {
    if (ITEMS.has(key)) {
      const depth = this.#depthOf(({ element }) => element.key === key);
      if (depth > 0) this.#open.length = depth;
    }
    if (AFTER_LEAVES.has(key) && LEAVES.has(this.#open.at(-1)!.element.key)) this.#open.pop();
  }

  /** Position of the innermost open element of that kind; 0 when there is none. */
  #depthOf(matches: (open: Open) => boolean): number {
    for (let depth = this.#open.length - 1; depth > 0; depth--) {
      if (matches(this.#open[depth]!)) return depth;
    }
    return 0;
  }

  #append(text: string): void {
    this.#open.at(-1)!.element.children.push(text);
  }
}

/** Also what HTML knows and XML does not: `&nbsp;` is undeclared in many a feed. */
const decoded = (text: string): string => (text.includes('&') ? decodeHTMLStrict(text) : text);
