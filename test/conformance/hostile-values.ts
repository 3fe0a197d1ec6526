import * as fc from 'fast-check';

/** Texts that have broken servers before. */
const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\ufeff',
  '\u2028',
  '\u202etxt.exe',
  '👩‍👩‍👧‍👦',
  'e\u0301'.repeat(50),
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '$where',
  '$ref',
  'a.b',
  '..',
  '../../etc/passwd',
  '..%2f..%2fetc',
  'C:\\con',
  'null',
  'undefined',
  'NaN',
  'true',
  '-1',
  '1e400',
  '0x10',
  '９',
  '9'.repeat(400),
  "'; drop table tasks; --",
  '{{7*7}}',
  '<script>alert(1)</script>',
  '%zz',
  '%00',
  '\r\nSet-Cookie: a=b',
  '(a+)+$',
  '0000-00-00T00:00:00Z',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  '-271821-04-19T23:59:59Z',
  '9999-12-31T23:59:59.999999999999+14:00',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'FFFFFFFF-FFFF-7FFF-BFFF-FFFFFFFFFFFF',
  'http://',
  'http://[::1',
  'http://a:b@example.com/',
  'http://example.com:99999/',
  'http://xn--/',
  'http://\u0000/',
  'http://0x7f.1/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  '//example.com',
  'https://example.com/' + 'a'.repeat(3000),
  '* * * * *',
  '0 0 31 2 *',
  '*/0 * * * *',
  '@reboot',
  '99999999999 * * * *',
  'Etc/../UTC',
  'a'.repeat(5_000),
  '\ud83d\ude00'.repeat(2_000),
];

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.1,
  1.5,
  255,
  256,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  2 ** 64,
  1e21,
  1e308,
  -1e308,
  5e-324,
];

/** An own member of that name, where assigning would set the prototype. */
function withOwn(key: string, value: unknown): object {
  return Object.defineProperty({}, key, { value, enumerable: true, configurable: true, writable: true });
}

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
};

const SHAPES: unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  { $gt: '' },
  { $ne: null },
  { $where: '1' },
  { $ref: '#/components' },
  { 'a.b': 1 },
  { '': 1 },
  { length: -1 },
  { toString: null, valueOf: null },
  { then: 1 },
  { toJSON: 'x' },
  { task: '#none', pointer: '/' },
  withOwn('__proto__', { admin: true }),
  { constructor: { prototype: { admin: true } } },
  nested(20, (inner) => [inner]),
  nested(63, (inner) => ({ a: inner })),
  nested(70, (inner) => [inner]),
  nested(500, (inner) => [inner]),
  Array.from({ length: 1_100 }, () => 'x'),
  Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, n])),
];

/** Any text, most of it nasty. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
);

/** Any JSON value, most of them nasty. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 3, arbitrary: fc.constantFrom(...SHAPES) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** Bodies that are not what a content type promises. */
export const brokenBody: fc.Arbitrary<Buffer> = fc
  .oneof(
    fc.constantFrom(
      '',
      '{',
      '{"a":',
      '[1,]',
      "{'a':1}",
      'NaN',
      '1e400',
      '{"type":"system.echo","input":{"message":1e400}}',
      '{"a":1}{"b":2}',
      '\ufeff{}',
      '{"a":1,"a":2,"__proto__":{"b":1}}',
      '"\\ud800"',
      'null',
      'true',
      '[]',
      '0',
      '[['.repeat(10_000),
      '{"a":'.repeat(5_000),
      ' '.repeat(70_000),
      '{"input":"' + 'x'.repeat(66_000) + '"}',
      '--x\r\nContent-Disposition: form-data; name="file"\r\n',
      '--x\r\nContent-Disposition: form-data; name="__proto__"; filename="../../a\0b"\r\n\r\nz\r\n--x--\r\n',
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><opml><body>&c;</body></opml>',
      '<opml>' + '<outline>'.repeat(2_000),
    ),
    fc.string({ unit: 'binary', maxLength: 200 }),
  )
  .map((text) => Buffer.from(text));

/** Bytes that are no UTF-8. */
export const brokenBytes: fc.Arbitrary<Buffer> = fc.constantFrom(
  Buffer.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0]),
  Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0]),
  Buffer.alloc(1_000, 0x80),
);
