import { describe, expect, test } from '@jest/globals';
import { fileName, httpUrl, source, taskFilesSource, taskNamedBy, tasksNamedBy } from './source.js';

const A = '0190aaaa-0000-7000-8000-000000000001';
const B = '0190aaaa-0000-7000-8000-000000000002';

describe('a source', () => {
  test.each([
    [{ url: 'https://example.com/a.png' }],
    [{ url: 'http://127.0.0.1:8080/' }],
    [{ file: A }],
    [{ task: A, file: 'w64.webp' }],
  ])('may be %j', (value) => {
    expect(source.safeParse(value).success).toBe(true);
  });

  test.each([
    [{}],
    [{ url: 'ftp://example.com/a' }],
    [{ url: 'file:///etc/passwd' }],
    [{ url: 'javascript:alert(1)' }],
    [{ url: '/a.png' }],
    [{ url: `https://example.com/${'a'.repeat(2048)}` }],
    [{ file: 'w64.webp' }],
    [{ task: A }],
    [{ task: 'a', file: 'w64.webp' }],
    [{ task: A, file: '../w64.webp' }],
    [{ url: 'https://example.com/', file: A }],
  ])('may not be %j', (value) => {
    expect(source.safeParse(value).success).toBe(false);
  });
});

describe("several of another task's files", () => {
  test.each(['*', '*.webp', 'w??.png', '{small,large}.*', '[a-c]*', '[!x]*', 'a*b*c*'])(
    'may be %s',
    (files) => {
      expect(taskFilesSource.safeParse({ task: A, files }).success).toBe(true);
      expect(taskNamedBy({ task: A, files })).toBe(A);
    },
  );

  test.each(['', 'a/b', '../*', '+(a)', '@(a|b)', 'a b', '*a*b*c*d*', '****', 'x'.repeat(101)])(
    'may not be %j',
    (files) => {
      expect(taskFilesSource.safeParse({ task: A, files }).success).toBe(false);
      expect(taskNamedBy({ task: A, files })).toBeUndefined();
    },
  );
});

test.each(['a', 'A.b-c_d', 'x'.repeat(200)])('%s is a file name', (name) => {
  expect(fileName.safeParse(name).success).toBe(true);
});

test.each(['', '.a', '-a', 'a/b', 'a b', 'ü', 'x'.repeat(201)])('%j is no file name', (name) => {
  expect(fileName.safeParse(name).success).toBe(false);
});

test('a URL has a host', () => {
  expect(httpUrl.safeParse('https://').success).toBe(false);
});

test("the tasks that an input names are found at every depth, each once, and only in a source's form", () => {
  const input = {
    source: { task: A, file: 'a.png' },
    more: [{ source: { task: B, file: 'b.png' } }, { source: { task: A, file: 'c.png' } }],
    other: { task: 'none', file: 'x' },
  };
  expect(tasksNamedBy(input)).toEqual([A, B]);
  expect(taskNamedBy({ url: 'https://example.com/' })).toBeUndefined();
});
