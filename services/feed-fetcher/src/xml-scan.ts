import { tooComplex } from './refuse.js';

const MAX_DEPTH = 256;
const MAX_ATTRIBUTES = 1_000;

/** One attribute; sticky, so that a tag is read in one pass. Source: XML 1.0, productions 41 and 10. */
const ATTRIBUTE = /\s+([^\s"'<>/=]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const OPEN = /<([^\s"'<>/=!?][^\s"'<>/=]*)/y;
const OPEN_END = /\s*(\/?)>/y;
const CLOSE = /<\/([^\s<>]+)\s*>/y;
/** An ampersand that begins no reference which XML knows without a declaration. */
const BAD_REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i;
// eslint-disable-next-line no-control-regex -- XML 1.0, production 2: these are no characters
const BAD_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

const OPAQUE: [start: string, end: string][] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/**
 * Whether a document without DOCTYPE is well-formed, as far as a feed's reader needs to know: tags balance,
 * attributes are quoted, references and characters are XML's, one root element. Linear in its length; stops at
 * the first fault. Throws TaskError `too-complex` (permanent) for nesting or attributes that no feed has.
 */
export function isWellFormed(xml: string): boolean {
  if (BAD_CHARACTER.test(xml)) return false;
  const open: string[] = [];
  let roots = 0;
  let at = 0;
  while (at < xml.length) {
    const next = xml.indexOf('<', at);
    const text = xml.slice(at, next === -1 ? xml.length : next);
    if (open.length === 0 ? text.trim() !== '' : BAD_REFERENCE.test(text)) return false;
    if (next === -1) break;
    const opaque = OPAQUE.find(([start]) => xml.startsWith(start, next));
    if (opaque) {
      const end = xml.indexOf(opaque[1], next + opaque[0].length);
      if (end === -1) return false;
      at = end + opaque[1].length;
      continue;
    }
    if (open.length === 0 && roots++ > 0) return false;
    at = xml[next + 1] === '/' ? closeTag(xml, next, open) : openTag(xml, next, open);
    if (at === -1) return false;
  }
  return open.length === 0 && roots === 1;
}

/** The position after the tag, -1 when it is not one. */
function openTag(xml: string, from: number, open: string[]): number {
  OPEN.lastIndex = from;
  const name = OPEN.exec(xml)?.[1];
  if (name === undefined) return -1;
  ATTRIBUTE.lastIndex = OPEN.lastIndex;
  const names = new Set<string>();
  let end = OPEN.lastIndex;
  for (let found = ATTRIBUTE.exec(xml); found; found = ATTRIBUTE.exec(xml)) {
    const [, attribute = '', double, single] = found;
    if (names.has(attribute) || BAD_REFERENCE.test(double ?? single ?? '')) return -1;
    if (names.add(attribute).size > MAX_ATTRIBUTES)
      throw tooComplex(`an element has over ${MAX_ATTRIBUTES} attributes.`);
    end = ATTRIBUTE.lastIndex;
  }
  OPEN_END.lastIndex = end;
  const tail = OPEN_END.exec(xml);
  if (!tail) return -1;
  if (tail[1] === '' && open.push(name) > MAX_DEPTH)
    throw tooComplex(`elements are nested over ${MAX_DEPTH} deep.`);
  return OPEN_END.lastIndex;
}

function closeTag(xml: string, from: number, open: string[]): number {
  CLOSE.lastIndex = from;
  const name = CLOSE.exec(xml)?.[1];
  return name !== undefined && open.pop() === name ? CLOSE.lastIndex : -1;
}
