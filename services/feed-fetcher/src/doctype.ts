import { tooComplex } from './refuse.js';

/** A declared entity is an abbreviation of a character or a word; whatever is longer is a bomb's first stage. */
const MAX_ENTITY_CHARS = 64;
const MAX_ENTITIES = 500;

const ENTITY =
  /<!ENTITY\s+(%\s+)?([^\s"'<>%&;]+)\s+(?:"([^"]*)"|'([^']*)'|(?:SYSTEM|PUBLIC)\s+(?:"[^"]*"|'[^']*')(?:\s+(?:"[^"]*"|'[^']*'))?(?:\s+NDATA\s+[^\s>]+)?)\s*>/gi;

/**
 * Takes the document type declaration away, so that no parser behind sees it, and puts the plain entities that
 * it declares into the text. Nothing external is ever fetched: external entities are left as they are written.
 * Throws TaskError `too-complex` (permanent) for entities that refer to others, that are long, or that would
 * make the text longer than `maxChars`.
 */
export function withoutDoctype(xml: string, maxChars: number): string {
  const from = afterProlog(xml);
  if (!/^<!DOCTYPE\b/i.test(xml.slice(from, from + 20))) return xml;
  const end = endOfDoctype(xml, from);
  if (end === -1) throw tooComplex('its DOCTYPE does not end.');
  const entities = plainEntities(xml.slice(from, end));
  const rest = xml.slice(end);
  return xml.slice(0, from) + (entities.size === 0 ? rest : replaced(rest, entities, maxChars));
}

/** The position after leading white space, comments and instructions. Searched by hand: patterns backtrack. */
export function afterProlog(xml: string): number {
  for (let at = 0; ;) {
    while (/\s/.test(xml[at] ?? '')) at++;
    const close = xml.startsWith('<!--', at) ? '-->' : xml.startsWith('<?', at) ? '?>' : null;
    const end = close === null ? -1 : xml.indexOf(close, at + 2);
    if (close === null || end === -1) return at;
    at = end + close.length;
  }
}

/** The position after the `>` that ends the declaration; brackets, quotes and comments hide others. */
function endOfDoctype(xml: string, from: number): number {
  const mark = /<!--|["'[\]<>]/g;
  mark.lastIndex = from + 1;
  let depth = 1;
  for (let found = mark.exec(xml); found; found = mark.exec(xml)) {
    const [sign] = found;
    const close = sign === '<!--' ? '-->' : sign === '"' || sign === "'" ? sign : null;
    if (close !== null) {
      const end = xml.indexOf(close, mark.lastIndex);
      // What is never closed hides nothing behind it, and looking for each of its like takes for ever.
      if (end === -1) return -1;
      mark.lastIndex = end + close.length;
    } else if (sign === '<' || sign === '[') depth++;
    else depth--;
    if (depth === 0) return mark.lastIndex;
  }
  return -1;
}

function plainEntities(doctype: string): Map<string, string> {
  const entities = new Map<string, string>();
  for (const [, parameter, name = '', double, single] of doctype.matchAll(ENTITY)) {
    const value = double ?? single;
    if (parameter !== undefined || value === undefined || entities.has(name)) continue;
    if (value.length > MAX_ENTITY_CHARS) throw tooComplex('its DOCTYPE declares long entities.');
    if (/&(?!#)|%/.test(value)) throw tooComplex('its DOCTYPE declares entities made of others.');
    if (entities.size >= MAX_ENTITIES) throw tooComplex('its DOCTYPE declares too many entities.');
    entities.set(name, value);
  }
  return entities;
}

function replaced(text: string, entities: Map<string, string>, maxChars: number): string {
  let length = text.length;
  return text.replace(/&([^\s&;#<]{1,100});/g, (reference, name: string) => {
    const value = entities.get(name);
    if (value === undefined) return reference;
    length += value.length - reference.length;
    if (length > maxChars) throw tooComplex('its entities make it too large.');
    return value;
  });
}
