import { describe, expect, test } from '@jest/globals';
import { s3Upload, UPLOAD_LIMITS } from './s3-upload.js';

const A = '0190aaaa-0000-7000-8000-000000000001';
const read = (change: Record<string, unknown>) =>
  s3Upload.input.safeParse({ ...s3Upload.example, ...change });
const accepts = (change: Record<string, unknown>): boolean => read(change).success;

test('the old flag overwrite is told what to say instead', () => {
  expect(read({ overwrite: true }).error?.issues[0]?.path).toEqual(['overwrite']);
  expect(read({}).data).toMatchObject({ overwrite: 'always' });
});

describe('a content type has two parts and no control characters', () => {
  test.each(['image/png', 'text/plain; charset=utf-8', 'application/vnd.a+json;v=1'])('%s', (contentType) => {
    expect(accepts({ contentType })).toBe(true);
  });
  test.each(['text', 'text/', '/plain', 'a b/c', 'text/plain\r\nx-amz-acl: public-read', 'text/plain; a=ü'])(
    'not %j',
    (contentType) => {
      expect(accepts({ contentType })).toBe(false);
    },
  );
});

describe('headers are one line of ASCII', () => {
  test.each(['contentDisposition', 'cacheControl', 'contentEncoding', 'contentLanguage'])('%s', (header) => {
    expect(accepts({ [header]: 'x' })).toBe(true);
    for (const value of ['', ' x', 'x ', 'a\r\nb', 'ü', 'x'.repeat(600)])
      expect(accepts({ [header]: value })).toBe(false);
  });
});

describe('metadata', () => {
  test.each([[{ a: 'b' }], [{ 'a-b_c.d': 'x y' }], [{}], [{ a: 'x'.repeat(1_799) }]])(
    'may be %j',
    (metadata) => {
      expect(accepts({ metadata })).toBe(true);
    },
  );
  test.each([
    [{ A: 'b' }],
    [{ 'a b': 'c' }],
    [{ '': 'c' }],
    [{ a: '' }],
    [{ a: 'ü' }],
    [{ a: 'b\nc' }],
    [{ 'offload-sha256': 'x' }],
    [{ a: 'x'.repeat(1_800) }],
    [{ a: 1 }],
  ])('may not be %j', (metadata) => {
    expect(accepts({ metadata })).toBe(false);
  });
});

describe('tags', () => {
  test.each([[{ a: '' }], [{ 'ü x': 'a/b:c@d+e-f=g_h.i' }], [{ a: 'x'.repeat(256) }]])(
    'may be %j',
    (tags) => {
      expect(accepts({ tags })).toBe(true);
    },
  );
  const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, 'v']));
  test.each([
    [{ '': 'a' }],
    [{ a: 'b&c' }],
    [{ 'aws:x': 'y' }],
    [{ a: 'x'.repeat(257) }],
    [eleven],
    [{ a: '<' }],
  ])('may not be %j', (tags) => {
    expect(accepts({ tags })).toBe(false);
  });
});

describe('overwrite if-match', () => {
  test.each([
    [{ overwrite: 'if-match', ifMatch: '"abc-2"' }, true],
    [{ overwrite: 'if-match', ifMatch: 'abc' }, true],
    [{ overwrite: 'if-match' }, false],
    [{ ifMatch: '"abc"' }, false],
    [{ overwrite: 'never', ifMatch: '"abc"' }, false],
    [{ overwrite: 'if-match', ifMatch: '*\r\n' }, false],
    [{ overwrite: 'if-match', ifMatch: 'W/"a b"' }, false],
  ])('%j: %s', (change, well) => {
    expect(accepts(change)).toBe(well);
  });
});

describe('several files of a task', () => {
  const source = { task: A, files: '*.webp' };
  test.each([
    [{ source, key: 'a/{name}' }, true],
    [{ source, key: '{sha256}' }, true],
    [{ source, key: '{base}.img' }, true],
    [{ source, key: 'a/b' }, false],
    [{ source, key: '{task}.{ext}' }, false],
    [{ source, key: '{name}', overwrite: 'if-match', ifMatch: '"a"' }, false],
  ])('%j: %s', (change, well) => {
    expect(accepts(change)).toBe(well);
  });
});

test.each([
  [{ algorithm: 'AES256' }, true],
  [{ algorithm: 'aws:kms' }, true],
  [{ algorithm: 'aws:kms', kmsKeyId: 'arn:aws:kms:eu-west-1:1:key/2' }, true],
  [{ algorithm: 'AES256', kmsKeyId: 'x' }, false],
  [{ algorithm: 'rot13' }, false],
])('encryption %j: %s', (encryption, well) => {
  expect(accepts({ encryption })).toBe(well);
});

test('a link works for a second to a week', () => {
  const week = 7 * 24 * 3_600_000;
  for (const expiresInMs of [1_000, week]) expect(accepts({ presign: { expiresInMs } })).toBe(true);
  for (const expiresInMs of [999, week + 1, 1.5, '1000'])
    expect(accepts({ presign: { expiresInMs } })).toBe(false);
});

test('credentials and endpoints are nothing that a task may bring', () => {
  for (const name of ['endpoint', 'credentials', 'accessKeyId', 'region'])
    expect(accepts({ [name]: 'x' })).toBe(false);
  for (const target of ['http://x', '../x', 'X', '']) expect(accepts({ target })).toBe(false);
});

test('the largest upload fits the 10,000 parts that S3 takes', () => {
  expect(UPLOAD_LIMITS.parts).toBe(10_000);
  expect(UPLOAD_LIMITS.bytes / UPLOAD_LIMITS.parts).toBeLessThan(32 * 1024 ** 2);
});
