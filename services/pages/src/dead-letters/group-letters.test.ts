import { expect, test } from '@jest/globals';
import { chunksOf, groupLetters, outcomeInWords, patternOf, type Grouped } from './group-letters.js';

test.each([
  ['http://127.0.0.1:8080/a?b=1 answered 503.', '<url> answered <n>.'],
  ['(see https://example.com/x).', '(see <url>).'],
  ['Task 0193b800-7c00-7000-8000-000000000000 is gone', 'Task <id> is gone'],
  ['connect ECONNREFUSED 10.0.0.1:443', 'connect ECONNREFUSED <address>'],
  ['connect ECONNREFUSED [::1]:443', 'connect ECONNREFUSED <address>'],
  ['getaddrinfo example.com:80', 'getaddrinfo <address>'],
  ['The key "a b" is not known; there are "c".', 'The key "…" is not known; there are "…".'],
  ['Not before 2026-01-31T08:00:00.123Z', 'Not before <time>'],
  ['12,345 of 99.5 bytes in 30 s', '<n> of <n> bytes in <n> s'],
  ['expected e3b0c44298fc1c149afbf4c8996fb92427ae41e4', 'expected <hash>'],
  ['utf-8 and sha256 and h264 stay', 'utf-8 and sha256 and h264 stay'],
  ['two\n  lines', 'two lines'],
  ['', ''],
])('%j is grouped as %j', (message, pattern) => {
  expect(patternOf(message)).toBe(pattern);
});

test('a long message is quick, and grouped by its beginning', () => {
  const long = `${'a-'.repeat(100_000)}1`;
  const began = performance.now();
  expect(patternOf(long)).toHaveLength(501);
  expect(performance.now() - began).toBeLessThan(200);
  for (const nasty of ['a.'.repeat(250), '"'.repeat(500), '1.'.repeat(250), `x://${'.'.repeat(490)}`])
    patternOf(nasty);
  expect(performance.now() - began).toBeLessThan(400);
});

const letter = (id: string, more: Partial<Grouped> = {}): Grouped => ({
  id,
  type: 'http.fetch',
  code: 'http-503',
  message: `http://origin/${id} answered 503.`,
  failedAt: `2026-01-0${id}T00:00:00.000Z`,
  ...more,
});

test('letters are one group when type, code and message are the same but for what differs each time', () => {
  const groups = groupLetters([
    letter('1'),
    letter('3'),
    letter('2', { code: 'timeout' }),
    letter('4', { type: 'feed.fetch' }),
    letter('5', { message: 'something else' }),
  ]);
  expect(groups.map(({ type, code, letters }) => [type, code, letters.map(({ id }) => id)])).toEqual([
    ['http.fetch', 'http-503', ['3', '1']],
    ['http.fetch', 'http-503', ['5']],
    ['feed.fetch', 'http-503', ['4']],
    ['http.fetch', 'timeout', ['2']],
  ]);
  expect(groups[0]).toMatchObject({ pattern: '<url> answered <n>.', newest: letter('3').failedAt });
  expect(new Set(groups.map(({ key }) => key)).size).toBe(4);
});

test('many ids go in parts that one request takes', () => {
  expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunksOf([], 2)).toEqual([]);
});

test('what happened is told with its count', () => {
  expect(outcomeInWords(1, 1, 'will run again')).toBe('1 task will run again.');
  expect(outcomeInWords(3, 5, 'will run again')).toBe(
    '3 of 5 tasks will run again; 2 had moved on meanwhile.',
  );
});
