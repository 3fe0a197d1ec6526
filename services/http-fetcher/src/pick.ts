import { TaskError } from '@offload/contracts/errors';
import { valueAt } from '@offload/contracts/reference';
import type { HttpInput } from './build-request.js';

/**
 * The value at a JSON pointer (RFC 6901), or an object of several by name. Throws TaskError `nothing-at-pointer`
 * (permanent) that says how far the pointer leads.
 */
export function pick(document: unknown, picks: NonNullable<HttpInput['pick']>): unknown {
  if (typeof picks === 'string') return valueOf(document, picks);
  return Object.fromEntries(
    Object.entries(picks).map(([name, pointer]) => [name, valueOf(document, pointer)] as const),
  );
}

/** As `pick` does for one pointer. */
export function valueOf(document: unknown, pointer: string): unknown {
  const { found, value } = valueAt(document, pointer);
  if (found) return value;
  const parts = pointer.split('/');
  let depth = parts.length - 1;
  while (!valueAt(document, parts.slice(0, depth).join('/')).found) depth--;
  const reached = parts.slice(0, depth).join('/');
  throw new TaskError(
    'nothing-at-pointer',
    `The answer has nothing at ${pointer}. ${reached === '' ? 'The whole' : reached} is ${kindOf(valueAt(document, reached).value)}.`,
    { retry: 'no' },
  );
}

const KEYS_SHOWN = 20;

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value === null || typeof value !== 'object') return value === null ? 'null' : `a ${typeof value}`;
  const keys = Object.keys(value);
  const shown = keys.slice(0, KEYS_SHOWN).map((key) => JSON.stringify(key.slice(0, 40)));
  return `an object with ${keys.length === 0 ? 'no keys' : `the keys ${shown.join(', ')}${keys.length > KEYS_SHOWN ? ', …' : ''}`}`;
}
