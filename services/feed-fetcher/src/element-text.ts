import { isUtf8 } from 'node:buffer';
import type { RawLink, RawText } from './raw-feed.js';
import { linkTo } from './raw-feed.js';
import type { XmlElement } from './xml-element.js';

/** RSS and its modules: text is HTML, escaped or, against the rules, as elements. */
export function htmlIn(element: XmlElement | undefined): RawText | undefined {
  if (element === undefined) return undefined;
  const value = element.elements().length > 0 ? element.innerHtml() : element.ownText();
  return { value, kind: 'html', base: element.base };
}

/** Where plain text is the rule, and HTML is found all the same: iTunes and Media RSS. */
export function wordsIn(element: XmlElement | undefined): RawText | undefined {
  const text = htmlIn(element);
  if (text === undefined || element?.attribute('type') === 'html' || element!.elements().length > 0)
    return text;
  return { ...text, kind: 'unknown' };
}

/**
 * RFC 4287, section 3.1.1 and 4.1.3.3, and Atom 0.3's types and modes. Without a type it should be text, and often
 * is not. Undefined for what is no text (images, archives).
 */
export function atomTextIn(element: XmlElement | undefined): RawText | undefined {
  if (element === undefined) return undefined;
  const type = element.attribute('type')?.trim().toLowerCase() ?? '';
  const mode = element.attribute('mode')?.trim().toLowerCase();
  const { base } = element;
  if (mode === 'base64') {
    // What is no base64 is what it says it is not: text.
    const value = element.ownText();
    return { value: textFromBase64(value) ?? value, kind: kindOf(type), base };
  }
  if (element.elements().length > 0)
    return { value: element.innerHtml(), kind: 'html', base, ...unwrapped(element) };
  if (/^(?:image|audio|video|application)\//.test(type) && !/xml|html|json/.test(type)) {
    // RFC 4287, section 4.1.3.3, rule 6: it is base64, and now and then of text.
    const value = textFromBase64(element.ownText());
    return value === undefined ? undefined : { value, kind: 'unknown', base };
  }
  return { value: element.ownText(), kind: kindOf(type), base };
}

function kindOf(type: string): RawText['kind'] {
  if (/html/.test(type)) return 'html';
  return type === 'text' || type === 'text/plain' ? 'text' : 'unknown';
}

/** RFC 4287, section 3.1.1.3: XHTML stands in one div, which is not part of it. */
function unwrapped(element: XmlElement): { value: string; base: string } | undefined {
  const [div, ...others] = element.children.filter(
    (child) => typeof child !== 'string' || child.trim() !== '',
  );
  if (div === undefined || typeof div === 'string' || others.length > 0 || !/(?:^|:)div$/.test(div.key)) {
    return undefined;
  }
  return { value: div.innerHtml(), base: div.base };
}

/** Undefined for what is no base64, or none of text. */
function textFromBase64(text: string): string | undefined {
  const compact = text.replace(/\s+/g, '');
  if (!/^[\w+/-]+={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8') : undefined;
}

/** Links that stand as text, or in `href` against the rules. */
export const linksIn = (elements: readonly XmlElement[]): RawLink[] =>
  elements.flatMap((element) =>
    element.isBlank()
      ? linkTo(element.attribute('href') ?? element.attribute('rdf:resource'), element.base)
      : linkTo(element.ownText(), element.base),
  );

export const linksAt = (elements: readonly XmlElement[], ...attributes: string[]): RawLink[] =>
  elements.flatMap((element) => attributes.flatMap((name) => linkTo(element.attribute(name), element.base)));

/** Atom links of one relation; without one it is `alternate` (RFC 4287, section 4.2.7.2). */
export function linksOf(links: readonly XmlElement[], relation: string): XmlElement[] {
  return links.filter((link) => {
    const rel = (link.attribute('rel') ?? 'alternate').trim().toLowerCase();
    return rel.replace('http://www.iana.org/assignments/relation/', '') === relation;
  });
}

/** Pages before other forms of the same. */
export function alternates(links: readonly XmlElement[]): RawLink[] {
  const all = linksOf(links, 'alternate');
  const isPage = (link: XmlElement): boolean => /html/i.test(link.attribute('type') ?? 'text/html');
  return linksAt([...all.filter(isPage), ...all.filter((link) => !isPage(link))], 'href');
}
