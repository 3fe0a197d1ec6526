import { describe, expect, test } from '@jest/globals';
import { distinctKeys } from './distinct-keys.js';
import { keyOf } from './object-key.js';

/** Its time: 2024-12-11, 22:49 UTC. */
const taskId = '0193b800-0000-7000-8000-000000000000';
const source = { taskId, name: 'photo.JPG', type: 'image/png', sha256: 'f'.repeat(64) };
const key = (template: string, change: Partial<typeof source> = {}) =>
  keyOf(template, { ...source, ...change });

test.each([
  ['{name}', 'photo.JPG'],
  ['{base}', 'photo'],
  ['{ext}', 'jpg'],
  ['{sha256}', 'f'.repeat(64)],
  ['{task}', taskId],
  ['{yyyy}/{mm}/{dd}/{name}', '2024/12/11/photo.JPG'],
])('%s is %s', (template, expected) => {
  expect(key(template)).toBe(expected);
});

test('days are those of the task, so that every attempt writes the same key', () => {
  expect(key('{yyyy}-{mm}-{dd}', { taskId: '00000000-0000-7000-8000-000000000000' })).toBe('1970-01-01');
});

describe('a name of the wild becomes one part of a key', () => {
  test.each([
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['..', '_'],
    ['.', '_'],
    ['', '_'],
    ['a/b\\c', 'a_b_c'],
    ['a\r\nb\u0000c\u2028d', 'a__b_c_d'],
    ['\ud800x', '_x'],
    ['Ünïcode 😀.png', 'Ünïcode 😀.png'],
    ['a?b#c%20d', 'a?b#c%20d'],
    ['{task}', '{task}'],
  ])('%j: %s', (name, expected) => {
    expect(key('{name}', { name })).toBe(expected);
  });

  test('a long one keeps its extension and whole characters', () => {
    const short = key('{name}', { name: `${'😀'.repeat(300)}.jpeg` });
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(400);
    expect(short).toMatch(/^(😀)+\.jpeg$/u);
  });
});

describe('an extension', () => {
  test.each([
    ['a.tar.gz', 'application/gzip', 'gz'],
    ['a', 'image/webp', 'webp'],
    ['a', 'text/html; charset=utf-8', 'html'],
    ['a', 'application/x-own', 'bin'],
    ['.hidden', 'text/plain', 'txt'],
    ['a.', 'image/gif', 'gif'],
    ['a.this-is-no-extension', 'image/gif', 'gif'],
  ])('of %s (%s) is %s', (name, type, ext) => {
    expect(key('{ext}', { name, type })).toBe(ext);
  });
});

test('what is too long or empty once it is filled in is refused for good', () => {
  for (const template of ['{name}{name}{name}', '{sha256}'])
    expect(() => key(template, { name: 'x'.repeat(400), sha256: '' })).toThrow(
      expect.objectContaining({ code: 'invalid-key', retry: 'no' }),
    );
});

test('several files at one key are refused unless they are alike', () => {
  const file = (name: string, sha256: string) => ({ name, sha256, key: 'k' });
  expect(() => distinctKeys([file('a', '1'), file('b', '1')])).not.toThrow();
  expect(() => distinctKeys([file('a', '1'), file('b', '2')])).toThrow(
    expect.objectContaining({ code: 'same-key', retry: 'no' }),
  );
});
