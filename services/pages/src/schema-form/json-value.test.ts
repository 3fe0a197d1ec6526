import { expect, test } from '@jest/globals';
import { above, below, parseJson, partsOf, valueAt, withValue } from './json-value.js';

test('a pointer names a place with any characters in it, and the place above it', () => {
  const pointer = below(below('/input', 'a/b~c'), 0);
  expect(pointer).toBe('/input/a~1b~0c/0');
  expect(partsOf(pointer)).toEqual(['input', 'a/b~c', '0']);
  expect(valueAt({ input: { 'a/b~c': ['found'] } }, pointer)).toBe('found');
  expect(above(pointer)).toBe('/input/a~1b~0c');
  expect(above('')).toBeNull();
});

test('what is not there is undefined, whatever stands on the way', () => {
  expect(valueAt({ a: 'text' }, '/a/b')).toBeUndefined();
  expect(valueAt({ a: null }, '/a/b')).toBeUndefined();
  expect(valueAt([1], '/7')).toBeUndefined();
  expect(valueAt({}, '/toString')).toBeUndefined();
});

test('a value is set in a copy: members keep their order, what is missing is made', () => {
  const whole = { a: 1, b: { c: 2 }, d: 3 };
  expect(JSON.stringify(withValue(whole, '/b/c', 5))).toBe('{"a":1,"b":{"c":5},"d":3}');
  expect(whole.b.c).toBe(2);
  expect(withValue(undefined, '/input/variants/0/width', 64)).toEqual({
    input: { variants: [{ width: 64 }] },
  });
  expect(withValue('text', '/a', 1)).toEqual({ a: 1 });
  expect(withValue({ a: 1 }, '', [2])).toEqual([2]);
});

test('undefined takes a member or an item away', () => {
  expect(withValue({ a: 1, b: 2 }, '/a', undefined)).toEqual({ b: 2 });
  expect(withValue({ list: [1, 2, 3] }, '/list/1', undefined)).toEqual({ list: [1, 3] });
  expect(withValue({ a: 1 }, '/b', undefined)).toEqual({ a: 1 });
});

test('a member named __proto__ is a member like any other', () => {
  const changed = withValue({}, '/__proto__', 'x');
  expect(Object.keys(changed as object)).toEqual(['__proto__']);
  expect(valueAt(changed, '/__proto__')).toBe('x');
});

test('text that is no JSON is told in words', () => {
  expect(parseJson('{"a":[1]}')).toEqual({ value: { a: [1] } });
  expect(parseJson('{a:1}')).toHaveProperty('fault', expect.stringMatching(/^This is not JSON: /));
});
