import { escapeUTF8 } from 'entities';
import { readUrl } from '@offload/outbound/read-url';

/** An element of a feed, as its parser found it. */
export class XmlElement {
  /** `dc:creator`, `title`: see {@link keyOf}. */
  readonly key: string;
  /** As it is written, for end tags and for HTML. */
  readonly name: string;
  /** xml:base in force, absolute. */
  readonly base: string;
  readonly attributes: readonly [key: string, value: string][];
  readonly children: (XmlElement | string)[] = [];
  #byKey: Map<string, XmlElement[]> | undefined;

  constructor(key: string, name: string, base: string, attributes: readonly [string, string][]) {
    this.key = key;
    this.name = name;
    this.base = base;
    this.attributes = attributes;
  }

  attribute(key: string): string | undefined {
    return this.attributes.find(([name]) => name === key)?.[1];
  }

  /** Child elements of these keys: all of the first key, then all of the second. */
  all(...keys: string[]): readonly XmlElement[] {
    this.#byKey ??= this.#index();
    const lists = keys.flatMap((key) => {
      const found = this.#byKey!.get(key);
      return found ? [found] : [];
    });
    return lists.length === 0 ? NONE : lists.length === 1 ? lists[0]! : lists.flat();
  }

  /** The first child element with one of these keys that has text, in the order of the keys. */
  first(...keys: string[]): XmlElement | undefined {
    this.#byKey ??= this.#index();
    for (const key of keys) {
      const found = this.#byKey.get(key)?.find((child) => !child.isBlank());
      if (found) return found;
    }
    return undefined;
  }

  /** The first non-blank text of child elements with these keys, in the order of the keys. */
  text(...keys: string[]): string | undefined {
    return this.first(...keys)?.ownText();
  }

  /** All of its text, that of elements in it included. */
  ownText(): string {
    return this.children.map((child) => (typeof child === 'string' ? child : child.ownText())).join('');
  }

  isBlank(): boolean {
    return this.children.every((child) => typeof child === 'string' && child.trim() === '');
  }

  elements(): XmlElement[] {
    return this.children.filter((child) => typeof child !== 'string');
  }

  /** What is in it, as HTML. Links that an xml:base inside turns elsewhere are made absolute. */
  innerHtml(base = this.base): string {
    return this.children
      .map((child) => (typeof child === 'string' ? escapeUTF8(child) : child.#outerHtml(base)))
      .join('');
  }

  #outerHtml(base: string): string {
    const tag = this.name.slice(this.name.indexOf(':') + 1);
    const attributes = this.attributes.map(([key, value]) => {
      const moved = this.base !== base && LINKS.has(key) ? readUrl(value, this.base)?.href : undefined;
      return ` ${key}="${escapeUTF8(moved ?? value)}"`;
    });
    const start = `<${tag}${attributes.join('')}>`;
    return VOID.has(tag.toLowerCase()) ? start : `${start}${this.innerHtml(base)}</${tag}>`;
  }

  #index(): Map<string, XmlElement[]> {
    const byKey = new Map<string, XmlElement[]>();
    for (const child of this.elements()) {
      const same = byKey.get(child.key);
      if (same) same.push(child);
      else byKey.set(child.key, [child]);
    }
    return byKey;
  }
}

const NONE: readonly XmlElement[] = [];
const LINKS = new Set(['href', 'src', 'poster', 'cite']);

/** Source: HTML Living Standard, "void elements". */
const VOID = new Set([
  'area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr',
]); // prettier-ignore
