import { describe, expect, test } from '@jest/globals';
import { bucketName, fillKey, keyFault, keyTemplate, needsDigest } from './s3-key.js';

const facts = {
  name: 'a b.png',
  base: 'a b',
  ext: 'png',
  sha256: 'f'.repeat(64),
  task: '0193b5d4-0000-7000-8000-000000000000',
  yyyy: '2026',
  mm: '02',
  dd: '03',
};

describe('a key', () => {
  test.each(['a', 'a/b/c.png', 'ü', '.hidden', '...', "a b!'()*", 'a:b', '%2e%2e', '😀', 'x'.repeat(1024)])(
    '%s is one',
    (key) => {
      expect(keyFault(key)).toBeUndefined();
    },
  );

  test.each([
    ['', 'is empty'],
    ['/a', 'slash'],
    ['a/', 'slash'],
    ['a//b', 'empty'],
    ['.', 'parts'],
    ['a/./b', 'parts'],
    ['../a', 'parts'],
    ['a/..', 'parts'],
    ['a\nb', 'control'],
    ['a\u0000', 'control'],
    ['a\u0085', 'control'],
    ['a\u2028', 'control'],
    ['a\uffff', 'control'],
    ['a\ud800', 'well-formed'],
    ['x'.repeat(1025), '1,024'],
    ['ü'.repeat(513), '1,024'],
  ])('%j is none: %s', (key, why) => {
    expect(keyFault(key)).toContain(why);
  });
});

describe('a template', () => {
  test.each([
    ['{name}', 'a b.png'],
    ['{base}-x.{ext}', 'a b-x.png'],
    ['{yyyy}/{mm}/{dd}/{task}', '2026/02/03/0193b5d4-0000-7000-8000-000000000000'],
    ['{sha256}.{ext}', `${'f'.repeat(64)}.png`],
    ['{{name}}', '{name}'],
    ['{{{name}}}', '{a b.png}'],
    ['plain', 'plain'],
    ['$&-{name}', '$&-a b.png'],
  ])('%s becomes %s', (template, key) => {
    expect(keyTemplate.safeParse(template).success).toBe(true);
    expect(fillKey(template, facts)).toBe(key);
  });

  test.each([
    '{nam}',
    '{',
    '}',
    'a{b',
    '{NAME}',
    '{name',
    '{constructor}',
    '{ name }',
    '{}',
    '/{name}',
    '{name}/',
    '{name}/../x',
    'a\n{name}',
  ])('%j is refused when the task is posted', (template) => {
    expect(keyTemplate.safeParse(template).success).toBe(false);
  });

  test('that names something unknown is told what there is', () => {
    expect(keyTemplate.safeParse('{year}').error?.issues[0]?.message).toContain('{yyyy}');
  });

  test('what is filled in is never read as a template again', () => {
    expect(fillKey('{name}', { ...facts, name: '{task}$1' })).toBe('{task}$1');
  });

  test('says whether it needs the hash before the key', () => {
    expect([needsDigest('{sha256}'), needsDigest('{name}')]).toEqual([true, false]);
  });
});

test.each(['a', 'Bucket', 'a_b', '-ab', 'ab-', 'a..b', 'x'.repeat(64), '../x'])(
  '%s is no bucket',
  (bucket) => {
    expect(bucketName.safeParse(bucket).success).toBe(false);
  },
);

test.each(['abc', 'a.b', '123', 'x'.repeat(63)])('%s is a bucket', (bucket) => {
  expect(bucketName.safeParse(bucket).success).toBe(true);
});
