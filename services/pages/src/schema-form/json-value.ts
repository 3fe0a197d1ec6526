/** A JSON value, and one place in it named by a JSON pointer (RFC 6901). `undefined` stands for what is absent. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');
const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

/** The pointer of a member or item of what `pointer` names. */
export const below = (pointer: string, part: string | number): string =>
  `${pointer}/${escaped(String(part))}`;

export const partsOf = (pointer: string): string[] =>
  pointer === '' ? [] : pointer.slice(1).split('/').map(unescaped);

/** The pointer of what holds `pointer`; null for the whole. */
export const above = (pointer: string): string | null =>
  pointer === '' ? null : pointer.slice(0, pointer.lastIndexOf('/'));

export function valueAt(whole: Json | undefined, pointer: string): Json | undefined {
  let found = whole;
  for (const part of partsOf(pointer)) {
    if (Array.isArray(found)) found = found[Number(part)];
    else if (isObject(found)) found = Object.hasOwn(found, part) ? found[part] : undefined;
    else return undefined;
  }
  return found;
}

/**
 * A copy with another value at the pointer. `undefined` takes a member away, and an item out of its list. What is
 * missing on the way there is made: objects, and lists where the part is a number and nothing is there.
 */
export function withValue(whole: Json | undefined, pointer: string, value: Json | undefined): Json {
  return put(whole, partsOf(pointer), value) ?? {};
}

function put(whole: Json | undefined, parts: string[], value: Json | undefined): Json | undefined {
  const [first, ...rest] = parts;
  if (first === undefined) return value;
  if (Array.isArray(whole) || (whole === undefined && /^\d+$/.test(first))) {
    const items = Array.isArray(whole) ? [...whole] : [];
    const item = put(items[Number(first)], rest, value);
    if (item === undefined) items.splice(Number(first), 1);
    else items[Number(first)] = item;
    return items;
  }
  const object = isObject(whole) ? whole : {};
  const had = Object.hasOwn(object, first);
  const member = put(had ? object[first] : undefined, rest, value);
  // A rebuilt list of entries, so that a member named __proto__ is one like any other.
  const others = Object.entries(object).flatMap(([name, old]): [string, Json][] => {
    if (name !== first) return [[name, old]];
    return member === undefined ? [] : [[name, member]];
  });
  return Object.fromEntries(had || member === undefined ? others : [...others, [first, member]]);
}

/** What stands in a field of one line for a value. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** JSON as text, or why it is none, in words for the one who typed it. */
export function parseJson(text: string): { value: Json } | { fault: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { fault: `This is not JSON: ${(error as Error).message}` };
  }
}
