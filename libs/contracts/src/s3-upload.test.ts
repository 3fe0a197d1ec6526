import { expect, test } from '@jest/globals';
import { s3Upload, UPLOAD_LIMITS } from './s3-upload.js';

const accepts = (change: Record<string, unknown>): boolean =>
  s3Upload.input.safeParse({ ...s3Upload.example, ...change }).success;

test.each(['a', 'a/b/c.png', 'ü', '.hidden', '...', "a b!'()*"])('%s is a key', (key) => {
  expect(accepts({ key })).toBe(true);
});

test.each([
  '',
  '/a',
  'a/',
  'a//b',
  '.',
  'a/./b',
  '../a',
  'a\nb',
  'a\u0000',
  'x'.repeat(1025),
  'ü'.repeat(513),
])('%j is no key', (key) => {
  expect(accepts({ key })).toBe(false);
});

test.each(['a', 'Bucket', 'a_b', '-ab', 'ab-'])('%s is no bucket', (bucket) => {
  expect(accepts({ bucket })).toBe(false);
});

test('lengths are those of S3: keys in bytes of UTF-8, buckets in characters', () => {
  expect(accepts({ key: 'x'.repeat(1024) })).toBe(true);
  expect(accepts({ key: 'x'.repeat(1025) })).toBe(false);
  expect(accepts({ key: 'ü'.repeat(513) })).toBe(false);
  expect(accepts({ bucket: 'x'.repeat(63) })).toBe(true);
  expect(accepts({ bucket: 'x'.repeat(64) })).toBe(false);
});

test('a content type has two parts and no control characters', () => {
  expect(accepts({ contentType: 'text/plain; charset=utf-8' })).toBe(true);
  for (const contentType of ['text', 'text/', '/plain', 'text/plain\r\nx-amz-acl: public-read'])
    expect(accepts({ contentType })).toBe(false);
});

test('the largest upload stays below the 10,000 parts that S3 takes', () => {
  expect(UPLOAD_LIMITS.bytes / UPLOAD_LIMITS.partBytes).toBeLessThanOrEqual(10_000);
});
