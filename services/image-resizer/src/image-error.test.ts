import { expect, test } from '@jest/globals';
import { decodeError, encodeError } from './image-error.js';

const limits = [
  ['vips_tracked: out of memory -- size 1MB', 'out-of-memory'],
  ['unable to allocate 12 bytes', 'out-of-memory'],
] as const;

test.each(limits)('%s: %s, tried again', (message, code) => {
  const cause = new Error(message);
  expect(decodeError(cause)).toMatchObject({ code, retry: 'yes', cause });
  expect(encodeError(cause)).toMatchObject({ code, retry: 'yes', cause });
});

test('any other error while decoding says that the source is bad, with the last line as the reason', () => {
  expect(decodeError(new Error('source: bad seek\nheif: Invalid input'))).toMatchObject({
    code: 'broken-image',
    retry: 'no',
    message: 'The image is damaged or cut short (heif: Invalid input).',
  });
});

test('any other error while encoding is not blamed on the source', () => {
  const error = new Error('heifsave: no encoder');
  expect(encodeError(error)).toBe(error);
});
