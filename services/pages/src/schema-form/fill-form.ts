import type { Form } from './form-of-schema.js';
import { isObject, type Json, type JsonObject } from './json-value.js';

/** Whether the form's own field can show the value. What it cannot is shown as JSON, and kept as it is. */
export function shows(form: Form, value: Json | undefined): boolean {
  if (value === undefined) return true;
  switch (form.kind) {
    case 'text':
    case 'number':
      // Text stays in a number's place until it is a number: what was typed is the user's.
      return typeof value === 'string' || typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'scalar':
      return !isObject(value) && !Array.isArray(value) && value !== null;
    case 'choice':
      return form.values.includes(value);
    case 'fixed':
      return value === form.value;
    case 'group':
      return isObject(value);
    case 'record':
      return isObject(value);
    case 'list':
      return Array.isArray(value);
    case 'union':
      return branchOf(form, value) !== undefined;
    case 'json':
      return true;
  }
}

/** Which branch of a union a value belongs to: the one that knows all its members and misses the fewest. */
export function branchOf(
  form: Extract<Form, { kind: 'union' }>,
  value: Json | undefined,
): number | undefined {
  if (value === undefined) return undefined;
  let best: { index: number; misfit: number } | undefined;
  form.branches.forEach(({ form: branch }, index) => {
    if (!shows(branch, value)) return;
    const misfit = misfitOf(branch, value);
    if (!best || misfit < best.misfit) best = { index, misfit };
  });
  return best?.index;
}

function misfitOf(form: Form, value: Json): number {
  if (form.kind === 'number') return typeof value === 'number' ? 0 : 1;
  if (form.kind === 'text') return typeof value === 'string' ? 0 : 1;
  if (form.kind !== 'group' || !isObject(value)) return 0;
  const unknown = Object.keys(value).filter((name) => !form.members.some((member) => member.name === name));
  const missing = form.members.filter(({ name, required }) => required && !Object.hasOwn(value, name));
  return unknown.length * 10 + missing.length;
}

/** The least that stands for a form: what has to be there, with nothing filled in. */
export function emptyOf(form: Form): Json | undefined {
  switch (form.kind) {
    case 'fixed':
      return form.value;
    case 'group':
      return Object.fromEntries(
        form.members.flatMap(({ name, required, form: member }): [string, Json][] => {
          const value = required ? emptyOf(member) : undefined;
          return value === undefined ? [] : [[name, value]];
        }),
      );
    case 'record':
      return {};
    case 'list':
      return Array.from({ length: form.minItems ?? 0 }, () => emptyOf(form.items) ?? '');
    case 'union': {
      const [first] = form.branches;
      return first && emptyOf(first.form);
    }
    case 'choice':
    case 'text':
    case 'number':
    case 'flag':
    case 'scalar':
    case 'json':
      return undefined;
  }
}

/** What one line of text stands for in a field for any scalar. Only what is written back the same way is converted. */
export function scalarOf(form: Extract<Form, { kind: 'scalar' }>, text: string): string | number | boolean {
  if (form.flags && (text === 'true' || text === 'false')) return text === 'true';
  return form.numbers ? numberOf(text) : text;
}

/** The number that a text stands for, else the text itself: the server says what is wrong with it. */
export function numberOf(text: string): number | string {
  const trimmed = text.trim();
  const number = Number(trimmed);
  return trimmed !== '' && Number.isFinite(number) && String(number) === trimmed ? number : text;
}

/** Members of a value that its group does not know, e.g. typed in as JSON. They are kept and shown as such. */
export const unknownMembers = (form: Extract<Form, { kind: 'group' }>, value: JsonObject): string[] =>
  Object.keys(value).filter((name) => !form.members.some((member) => member.name === name));

/** Limits in words, for the hint below a field; empty without any. */
export function limitsOf(form: Form): string {
  if (form.kind === 'number') return between(form.minimum, form.maximum, '');
  if (form.kind === 'list') return between(form.minItems, form.maxItems, ' items');
  if (form.kind !== 'text') return '';
  // That it may not be empty says "required" already.
  const says = form.maxLength !== undefined || (form.minLength ?? 0) > 1;
  return says ? between(form.minLength, form.maxLength, ' characters') : '';
}

function between(low: number | undefined, high: number | undefined, unit: string): string {
  const word = (limit: number): string => limit.toLocaleString('en');
  if (low !== undefined && high !== undefined)
    return low === high ? `${word(low)}${unit}` : `${word(low)} to ${word(high)}${unit}`;
  if (high !== undefined) return `at most ${word(high)}${unit}`;
  return low === undefined ? '' : `at least ${word(low)}${unit}`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** Milliseconds in words, exact: `1 min 30 s`. */
export function durationInWords(ms: number): string {
  let left = Math.max(0, Math.trunc(ms));
  const parts = UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
  return parts.join(' ') || '0 ms';
}
