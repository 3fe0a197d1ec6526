import { z } from 'zod';
import { jsonPointer } from './json-pointer.js';

/**
 * A part of another task's result, as it may stand anywhere in an input: `{ "task": id, "pointer": "/variants/0/file" }`.
 * The new task waits for that one; right before the handler is called, the value at the pointer takes its place.
 */
export const taskReference = z
  .strictObject({
    task: z.uuid().describe('A task of yours; this one waits until it has succeeded'),
    pointer: jsonPointer('/variants/0/file').describe(
      'JSON pointer (RFC 6901) into its result; empty: the whole of it',
    ),
  })
  .meta({ id: 'TaskReference', title: "A part of another task's result" });

export type TaskReference = z.output<typeof taskReference>;

type Path = readonly PropertyKey[];

/** A reference and where in the input it stands. */
export interface PlacedReference extends TaskReference {
  path: Path;
}

/** Names of tasks are looked for down to here: no contract nests deeper, and a body could until the stack is full. */
export const DEEPEST = 100;

/** Every reference of an input, at whatever depth. */
export function referencesIn(input: unknown): PlacedReference[] {
  const found: PlacedReference[] = [];
  replaceReferences(input, (reference, path) => {
    found.push({ ...reference, path });
    return undefined;
  });
  return found;
}

/** The input with what `value` gives in the place of each reference; the input given stays as it is. */
export function replaceReferences(
  input: unknown,
  value: (reference: TaskReference, path: Path) => unknown,
  path: Path = [],
): unknown {
  if (input === null || typeof input !== 'object' || path.length > DEEPEST) return input;
  if (Array.isArray(input)) return input.map((item, i) => replaceReferences(item, value, [...path, i]));
  // Looked at first: an input may have thousands of objects, and a parse that fails takes microseconds.
  const parsed = 'pointer' in input ? taskReference.safeParse(input) : undefined;
  if (parsed?.success) return value(parsed.data, path);
  return Object.fromEntries(
    Object.entries(input).map(([key, inner]) => [key, replaceReferences(inner, value, [...path, key])]),
  );
}

/**
 * The value that a JSON pointer names (RFC 6901 section 4); `found: false` when there is none. Array elements are
 * named by their index; `-`, the one after the last, never is there.
 */
export function valueAt(document: unknown, pointer: string): { found: boolean; value?: unknown } {
  let here = document;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (here === null || typeof here !== 'object') return { found: false };
    if (
      Array.isArray(here)
        ? !/^(0|[1-9]\d*)$/.test(key) || Number(key) >= here.length
        : !Object.hasOwn(here, key)
    )
      return { found: false };
    here = (here as Record<string, unknown>)[key];
  }
  return { found: true, value: here };
}

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with an input however its references turn out: an issue at a reference or below it is no fault yet,
 * nor is a union one of whose forms has only such issues.
 */
export function faultsBesides(issues: readonly Issue[], references: readonly { path: Path }[]): Issue[] {
  const open = references.map(({ path }) => path);
  return issues.filter((issue) => !isOpen(issue, open));
}

function isOpen(issue: Issue, open: readonly Path[]): boolean {
  if (open.some((path) => startsWith(issue.path, path))) return true;
  if (issue.code !== 'invalid_union') return false;
  const below = open
    .filter((path) => startsWith(path, issue.path))
    .map((path) => path.slice(issue.path.length));
  return (
    below.length > 0 &&
    issue.errors.some((form) => form.length > 0 && form.every((each) => isOpen(each, below)))
  );
}

const startsWith = (path: Path, start: Path): boolean =>
  start.length <= path.length && start.every((part, i) => part === path[i]);
