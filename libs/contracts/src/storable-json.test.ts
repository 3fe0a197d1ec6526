import { expect, test } from '@jest/globals';
import { unstorable } from './storable-json.js';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

test.each<[string, unknown, string | undefined]>([
  ['a scalar', 'a\0b', undefined],
  ['null', null, undefined],
  ['odd names', JSON.parse('{"$set":{"a.b":1},"":{"__proto__":1}}'), undefined],
  ['as many levels as are taken', nested(10), undefined],
  ['one level more', nested(11), 'is nested deeper than 10 levels'],
  ['100,000 levels', nested(100_000), 'is nested deeper than 10 levels'],
  ['NUL in a name', [{ a: { 'b\0': 1 } }], 'has a name that cannot be stored: "b\\u0000"'],
  ['_bsontype', { a: [{ _bsontype: 'ObjectId' }] }, 'has a name that cannot be stored: "_bsontype"'],
])('%s', (_what, value, fault) => {
  expect(unstorable(value, 10)).toBe(fault);
});
