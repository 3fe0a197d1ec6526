import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { parseJson, valueAt, withValue, type Json } from './json-value.js';
import { noFaults, placeFaults, type Fault, type PlacedFaults } from './place-faults.js';

/**
 * A body that is being written, as JSON: form and raw text are two views of it, so that neither loses what the other
 * one made. Signals, so that only the field that changes is drawn again.
 */
export interface Draft {
  /** Tells the fields of several forms on a page apart. */
  readonly name: string;
  readonly value: Signal<Json>;
  readonly faults: Signal<PlacedFaults>;
  /** Goes up when the whole is replaced: fields that keep something of their own begin anew. */
  readonly version: Signal<number>;
  /** Which branch of a union was chosen, where its value does not tell. */
  readonly branches: Signal<ReadonlyMap<string, number>>;
  /** Texts of fields for JSON that are none yet, with what is wrong. */
  readonly unread: Signal<ReadonlyMap<string, { text: string; fault: string }>>;
  readonly isReadable: ReadonlySignal<boolean>;
  at(pointer: string): Json | undefined;
  set(pointer: string, value: Json | undefined): void;
  replace(value: Json): void;
  choose(pointer: string, branch: number): void;
  /** What was noted about fields below the pointer is forgotten, e.g. when items of a list move up. */
  forgetBelow(pointer: string): void;
  readJson(pointer: string, text: string): void;
  /** Shows what the API found wrong. */
  refuse(faults: readonly Fault[]): void;
}

/** The id of the element in which the field of a pointer stands. */
export const fieldId = (draft: Pick<Draft, 'name'>, pointer: string): string =>
  `${draft.name}:${encodeURI(pointer)}`;

export function createDraft(name: string, initial: Json): Draft {
  const value = signal(initial);
  const faults = signal<PlacedFaults>(noFaults);
  const version = signal(0);
  const branches = signal<ReadonlyMap<string, number>>(new Map());
  const unread = signal<ReadonlyMap<string, { text: string; fault: string }>>(new Map());
  const without = <T>(map: ReadonlyMap<string, T>, pointer: string): ReadonlyMap<string, T> =>
    new Map([...map].filter(([each]) => each !== pointer && !each.startsWith(`${pointer}/`)));
  const draft: Draft = {
    name,
    value,
    faults,
    version,
    branches,
    unread,
    isReadable: computed(() => unread.value.size === 0),
    at: (pointer) => valueAt(value.value, pointer),
    set(pointer, given) {
      value.value = withValue(value.peek(), pointer, given);
      // What was wrong there may be right now.
      if (faults.peek().has(pointer)) faults.value = without(faults.peek(), pointer);
    },
    replace(given) {
      value.value = given;
      faults.value = noFaults;
      branches.value = new Map();
      unread.value = new Map();
      version.value += 1;
    },
    choose(pointer, branch) {
      draft.forgetBelow(pointer);
      branches.value = new Map([...branches.peek(), [pointer, branch]]);
    },
    forgetBelow(pointer) {
      branches.value = without(branches.peek(), pointer);
      unread.value = without(unread.peek(), pointer);
      faults.value = without(faults.peek(), pointer);
    },
    readJson(pointer, text) {
      const read = text.trim() === '' ? { value: undefined } : parseJson(text);
      if ('fault' in read) {
        unread.value = new Map([...unread.peek(), [pointer, { text, fault: read.fault }]]);
      } else {
        unread.value = without(unread.peek(), pointer);
        draft.set(pointer, read.value);
      }
    },
    refuse(given) {
      const hasField = (pointer: string): boolean =>
        document.getElementById(fieldId(draft, pointer)) !== null;
      faults.value = placeFaults(given, hasField);
    },
  };
  return draft;
}

/** Moves the caret to the field of a pointer, or to the first one within it, and opens what is folded around it. */
export function focusField(draft: Pick<Draft, 'name'>, pointer: string): void {
  const place = document.getElementById(fieldId(draft, pointer));
  if (!place) return;
  for (let each: Element | null = place; each; each = each.parentElement)
    if (each instanceof HTMLDetailsElement) each.open = true;
  const fields = 'input, select, textarea, button';
  const field = place.matches(fields) ? place : place.querySelector(fields);
  if (field instanceof HTMLElement) field.focus();
}
