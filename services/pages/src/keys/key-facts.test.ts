import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { expiryOf, LIFETIMES, OVERLAPS, stateOf } from './key-facts.js';
import { ROLES } from './roles.js';

const now = Date.parse('2026-11-24T00:00:00Z');

test('a key expires as chosen', () => {
  expect(LIFETIMES.map(([days]) => expiryOf(days, now))).toEqual([
    undefined,
    '2026-12-24T00:00:00.000Z',
    '2027-02-22T00:00:00.000Z',
    '2027-11-24T00:00:00.000Z',
  ]);
});

test('a key that has expired, or does soon, is told apart', () => {
  expect(stateOf(null, now)).toBe('valid');
  expect(stateOf('2026-11-23T23:59:59Z', now)).toBe('expired');
  expect(stateOf('2026-11-25T00:00:00Z', now)).toBe('expires soon');
  expect(stateOf('2027-01-01T00:00:00Z', now)).toBe('valid');
});

test('an overlap is no longer than the API takes', () => {
  for (const [ms] of OVERLAPS) expect(Number(ms)).toBeLessThanOrEqual(30 * 86_400_000);
});

test('every role that the API knows can be given, with what it may', () => {
  const document = JSON.parse(
    readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'),
  ) as { components: { schemas: { NewKey: { properties: { roles: { items: { enum: string[] } } } } } } };
  expect(ROLES.map(([role]) => role)).toEqual(document.components.schemas.NewKey.properties.roles.items.enum);
});
