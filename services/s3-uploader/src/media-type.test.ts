import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { mediaType } from './media-type.js';

const PNG = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex');

test.each([
  ['what the source says', 'image/x-own', 'a.png', PNG, 'image/x-own'],
  ['the bytes, where it says nothing', '', 'a.txt', PNG, 'image/png'],
  ['the bytes, where it says octets', 'application/octet-stream', 'a.txt', PNG, 'image/png'],
  ['also with parameters', 'Application/Octet-Stream; charset=binary', 'a', PNG, 'image/png'],
  ['or what servers say for downloads', 'binary/octet-stream', 'a', gzipSync('x'), 'application/gzip'],
  ['or that', 'application/force-download', 'a', Buffer.from('%PDF-1.7\n'), 'application/pdf'],
  ['the name, where bytes do not tell', '', 'style.CSS', Buffer.from('a{}'), 'text/css; charset=utf-8'],
  ['octets, where nothing tells', '', 'x.unheard', Buffer.from('abc'), 'application/octet-stream'],
  ['octets of nothing', '', 'x', Buffer.alloc(0), 'application/octet-stream'],
  ['octets of a name that is a trap', '', 'x.constructor', Buffer.from('abc'), 'application/octet-stream'],
  ['no more than the type for a broken file', '', 'x', PNG.subarray(0, 9), 'application/octet-stream'],
])('the type is %s', async (_name, said, name, bytes, type) => {
  expect(await mediaType(said, name, bytes)).toBe(type);
});
