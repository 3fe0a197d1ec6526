/**
 * What of a JSON value the store cannot hold; undefined when it can hold all of it. BSON's names are C strings
 * (bsonspec.org), its driver takes an object with `_bsontype` for one of its own types, and MongoDB nests 200 levels in
 * a whole document. Does not recurse: the value may be nested deeper than a stack holds.
 * @param levels the most that are taken; a scalar has none
 */
export function unstorable(value: unknown, levels: number): string | undefined {
  const waiting: { value: unknown; level: number }[] = [{ value, level: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value: here, level } = next;
    if (here === null || typeof here !== 'object') continue;
    if (level >= levels) return `is nested deeper than ${levels} levels`;
    for (const [key, inner] of Object.entries(here)) {
      if (key.includes('\0') || key === '_bsontype')
        return `has a name that cannot be stored: ${JSON.stringify(key.slice(0, 50))}`;
      waiting.push({ value: inner, level: level + 1 });
    }
  }
  return undefined;
}
