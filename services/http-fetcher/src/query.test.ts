import { expect, test } from '@jest/globals';
import { addToQuery, setInQuery } from './query.js';

test.each<[string, Record<string, string | string[]>, string]>([
  ['', { a: '1' }, '?a=1'],
  ['?', { a: '1' }, '?a=1'],
  ['?x=%20%7e+', { a: ['1', ' &'] }, '?x=%20%7e+&a=1&a=+%26'],
  ['?x&', { x: '2' }, '?x&x=2'],
  ['?x=1', {}, '?x=1'],
])('%s gets more, and what stood there stays as it was', (before, fields, after) => {
  const url = new URL(`http://a.b/${before}`);
  addToQuery(url, fields);
  expect(url.search).toBe(after);
});

test.each([
  ['?a=1&x=%20&a=2', '?x=%20&a=n'],
  ['?%61=1&b', '?b&a=n'],
  ['', '?a=n'],
  ['?ab=1&=a', '?ab=1&=a&a=n'],
])('in %s it replaces each of its name', (before, after) => {
  const url = new URL(`http://a.b/${before}`);
  setInQuery(url, 'a', 'n');
  expect(url.search).toBe(after);
});
