import { describe, expect, test } from '@jest/globals';
import { fingerprintOf, idempotencyKeyOf } from './idempotency-key.js';

const UUID = '8e03978e-40d5-43dd-bc93-6894a57f9324';

describe('an Idempotency-Key', () => {
  test('is what stands in quotes, or the same without them', () => {
    expect(idempotencyKeyOf(`"${UUID}"`)).toBe(UUID);
    expect(idempotencyKeyOf(UUID)).toBe(UUID);
    expect(idempotencyKeyOf(` "${UUID}" `)).toBe(UUID);
  });

  test('may have spaces, quotes and backslashes when they are escaped', () => {
    expect(idempotencyKeyOf(String.raw`"a \"b\" \\ c"`)).toBe(String.raw`a "b" \ c`);
  });

  test('is none without the header', () => {
    expect(idempotencyKeyOf(undefined)).toBeUndefined();
  });

  test.each([
    '',
    '""',
    '"a',
    'a"',
    '"a" b',
    '"a", "b"',
    'a, b',
    'a b',
    '"a";b=1',
    '"ä"',
    '"a\tb"',
    String.raw`"a\b"`,
    `"${'a'.repeat(201)}"`,
    'a'.repeat(201),
  ])('that is malformed is a 400 that shows how one looks: %j', (header) => {
    expect(() => idempotencyKeyOf(header)).toThrow(
      expect.objectContaining({
        code: 'malformed-idempotency-key',
        status: 400,
        message: expect.stringMatching(/Idempotency-Key: "[0-9a-f-]{36}"/),
      }),
    );
  });
});

describe('the fingerprint of a body', () => {
  test('does not change with the order of its fields, at any depth', () => {
    expect(fingerprintOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(fingerprintOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  });

  test.each([[{ a: 2 }], [{ a: '1' }], [{ a: 1, b: null }], [{ a: [1] }], [[1]], [null]])(
    'tells %j from another body',
    (other) => {
      expect(fingerprintOf(other)).not.toBe(fingerprintOf({ a: 1 }));
    },
  );

  test('changes with the order of a list', () => {
    expect(fingerprintOf([1, 2])).not.toBe(fingerprintOf([2, 1]));
  });
});
