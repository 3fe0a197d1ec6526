import { describe, expect, test } from '@jest/globals';
import { matchingFiles } from './matching-files.js';

const named = (...names: string[]) => ({
  list: async () => names.map((name) => ({ name, type: 'a/b', size: 1, sha256: '' })),
});
const match = async (pattern: string, ...names: string[]) =>
  (await matchingFiles(named(...names), 'T', pattern, 3)).map(({ name }) => name);

test.each([
  ['*.webp', ['a.webp', 'b.png', 'c.webp'], ['a.webp', 'c.webp']],
  ['w??.png', ['w64.png', 'w128.png'], ['w64.png']],
  ['{small,large}.*', ['small.a', 'large.b', 'x.a'], ['small.a', 'large.b']],
  ['[a-c]1', ['a1', 'd1'], ['a1']],
  ['[!a]1', ['a1', 'd1'], ['d1']],
  ['*', ['a', 'b.c'], ['a', 'b.c']],
  ['a', ['a', 'ab'], ['a']],
  ['**', ['a'], ['a']],
])('%s of %j is %j', async (pattern, names, found) => {
  expect(await match(pattern, ...names)).toEqual(found);
});

describe('says what is wrong, for good', () => {
  test.each([
    ['no-file-matches', '*.gif', ['a.png'], 'No file of task T fits *.gif; it has a.png.'],
    ['file-not-found', '*', [], 'Task T has no files: it made none, or their time is over.'],
    ['too-many-files', '*', ['a', 'b', 'c', 'd'], '4 files fit *; one task uploads at most 3.'],
  ])('%s', async (code, pattern, names, message) => {
    await expect(match(pattern, ...names)).rejects.toMatchObject({ code, message, retry: 'no' });
  });
});

test.each(['*a*a*', '{*a*,*aa}', '[a-z]*[a-z]*[a-z]*b', '{{{{a,b},c},d},*}', '{1..1000000}*'])(
  'the worst that %s can be asked ends at once',
  async (pattern) => {
    const names = Array.from({ length: 50 }, (_, n) => 'a'.repeat(150 + n));
    const began = performance.now();
    await match(pattern, ...names).catch(() => undefined);
    expect(performance.now() - began).toBeLessThan(2_000);
  },
);
