import * as fc from 'fast-check';
import { hostileText, hostileValue } from './hostile-values.js';

type Container = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Container => value !== null && typeof value === 'object';

/** Levels that faults are put into; what is hostile may have thousands. */
const DEEPEST = 20;

/** Every place in a value that holds something. */
function placesOf(value: unknown, depth = 0): { parent: Container; key: string }[] {
  if (!isContainer(value) || depth > DEEPEST) return [];
  return Object.keys(value).flatMap((key) => [
    { parent: value, key },
    ...placesOf((value as Record<string, unknown>)[key], depth + 1),
  ]);
}

/** Also where assigning would mean something else (`__proto__`). */
const put = (into: Container, key: string, value: unknown): void =>
  void Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });

const WAYS = ['replace', 'replace', 'replace', 'remove', 'add', 'wrap', 'as text'] as const;

/** One fault in a value. @param at which place, of those that there are */
function mutate(
  value: unknown,
  at: number,
  way: (typeof WAYS)[number],
  key: string,
  hostile: unknown,
): unknown {
  const root = { root: structuredClone(value) };
  const places = placesOf(root);
  const place = places[at % places.length];
  if (!place) return hostile;
  const parent = place.parent as Record<string, unknown>;
  const here = parent[place.key];
  if (way === 'remove') {
    if (Array.isArray(place.parent)) place.parent.splice(Number(place.key), 1);
    else delete parent[place.key];
  } else if (way === 'add' && isContainer(here)) {
    if (Array.isArray(here)) here.push(hostile);
    else put(here, key, hostile);
  } else if (way === 'wrap') put(parent, place.key, [here]);
  else if (way === 'as text') put(parent, place.key, JSON.stringify(here));
  else put(parent, place.key, hostile);
  return root.root;
}

/** Values with one to three faults each, in any place. */
export const nearly = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      values,
      fc.array(fc.tuple(fc.nat(1_000), fc.constantFrom(...WAYS), hostileText, hostileValue), {
        minLength: 1,
        maxLength: 3,
      }),
    )
    .map(([value, faults]) =>
      faults.reduce<unknown>((now, [at, way, key, hostile]) => mutate(now, at, way, key, hostile), value),
    );
