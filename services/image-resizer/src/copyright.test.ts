import { expect, test } from '@jest/globals';
import { readCopyright } from './copyright.js';

interface Entry {
  tag: number;
  type?: number;
  length?: number;
  value: string | number;
}

/** An EXIF block of one directory (TIFF 6.0, section 2). */
function exif(entries: Entry[], { big = false, prefix = 'Exif\0\0', count = entries.length } = {}): Buffer {
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  const texts: Buffer[] = [];
  let free = 8 + directory.length;
  const u16 = (value: number, at: number) =>
    big ? directory.writeUInt16BE(value, at) : directory.writeUInt16LE(value, at);
  const u32 = (value: number, at: number) =>
    big ? directory.writeUInt32BE(value, at) : directory.writeUInt32LE(value, at);
  u16(count, 0);
  entries.forEach(({ tag, type = 2, length, value }, n) => {
    const text = typeof value === 'string' ? Buffer.from(value) : Buffer.alloc(0);
    const at = 2 + n * 12;
    u16(tag, at);
    u16(type, at + 2);
    u32(length ?? text.length, at + 4);
    if (typeof value === 'number') u32(value, at + 8);
    else if (text.length <= 4) text.copy(directory, at + 8);
    else {
      u32(free, at + 8);
      texts.push(text);
      free += text.length;
    }
  });
  const head = Buffer.from(big ? 'MM\0*\0\0\0\u0008' : 'II*\0\u0008\0\0\0', 'latin1');
  return Buffer.concat([Buffer.from(prefix, 'latin1'), head, directory, ...texts]);
}

const copyright = { tag: 0x8298, value: '© Ann Example\0' };
const artist = { tag: 0x013b, value: 'Ann\0' };

test.each([
  ['little endian', exif([artist, copyright])],
  ['big endian', exif([artist, copyright], { big: true })],
  ['without a prefix', exif([artist, copyright], { prefix: '' })],
])('copyright and artist are read: %s', (_how, block) => {
  expect(readCopyright(block)).toEqual({ Copyright: '© Ann Example', Artist: 'Ann' });
});

test("photographer's and editor's copyright are both told", () => {
  expect(readCopyright(exif([{ tag: 0x8298, value: 'Ann\0Ben\0' }]))).toEqual({ Copyright: 'Ann; Ben' });
});

test.each([
  ['nothing', undefined],
  ['no bytes', Buffer.alloc(0)],
  ['other bytes', Buffer.from('hello, this is no EXIF')],
  ['a header only', exif([]).subarray(0, 16)],
  ['a directory out of reach', Buffer.from('II*\0\u00ff\u00ff\u00ff\u007f\0\0', 'latin1')],
  ['more entries than there are', exif([{ tag: 1, value: 1 }], { count: 65_535 })],
  ['a text out of reach', exif([{ tag: 0x8298, length: 100, value: 0x7fffffff }])],
  ['a text longer than the block', exif([{ tag: 0x8298, length: 4_000, value: 'short text' }])],
  ['a text that is too long', exif([{ tag: 0x8298, length: 0xffffffff, value: 'short text' }])],
  ['a number', exif([{ tag: 0x8298, type: 4, length: 1, value: 7 }])],
  ['an empty text', exif([{ tag: 0x8298, value: '\0 \0' }])],
])('%s has no copyright, and is no error', (_what, block) => {
  expect(readCopyright(block)).toEqual({});
});
