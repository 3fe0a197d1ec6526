import { expect, test } from '@jest/globals';
import { readUrl } from './read-url.js';

test('letters beyond ASCII are read however often that was done before', () => {
  for (let n = 0; n < 50_000; n++) readUrl('http://example.com/');
  for (let n = 0; n < 50_000; n++)
    if (readUrl('http://bücher.example/')?.hostname !== 'xn--bcher-kva.example')
      throw new Error(`not read: ${n}`);
  expect(readUrl('b', 'http://example.com/a')?.href).toBe('http://example.com/b');
});

test.each(['', 'no scheme', 'http://', 'http://[::1'])('%j means no URL', (text) => {
  expect(readUrl(text)).toBeUndefined();
});
