import { above } from './json-value.js';

/** One fault of a body as the API tells it (RFC 9457, `errors`). */
export interface Fault {
  pointer?: string;
  parameter?: string;
  detail: string;
}

/** What is wrong, by the pointer of the field that shows it. */
export type PlacedFaults = ReadonlyMap<string, string[]>;

export const noFaults: PlacedFaults = new Map();

/**
 * Each fault at its field, or at the nearest field around it: a fault of an input that has no field of its own is
 * not lost. @param hasField whether the form has a field for a pointer
 */
export function placeFaults(faults: readonly Fault[], hasField: (pointer: string) => boolean): PlacedFaults {
  const placed = new Map<string, string[]>();
  for (const { pointer = '', detail } of faults) {
    let at: string | null = pointer;
    while (at !== null && at !== '' && !hasField(at)) at = above(at);
    const place = at ?? '';
    const told =
      place === pointer || pointer === '' ? detail : `${pointer.slice(place.length + 1)} ${detail}`;
    placed.set(place, [...(placed.get(place) ?? []), told]);
  }
  return placed;
}

/** Whether a fault stands at the pointer or below it: a folded part that holds one is opened. */
export const holdsFault = (faults: PlacedFaults, pointer: string): boolean =>
  [...faults.keys()].some((each) => each === pointer || each.startsWith(`${pointer}/`));
