import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { UPLOAD_LIMITS } from '@offload/contracts/s3-upload';
import { cutParts, PartBuffers, partSizes, type Part } from './cut-parts.js';

const streamOf = (...chunks: string[]): Readable => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

async function collect(parts: AsyncIterable<Part>): Promise<Part[]> {
  const all: Part[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

test.each([
  ['nothing: one empty part', [], ['']],
  ['less than a part', ['ab'], ['ab']],
  ['exactly a part is the last one', ['abcd'], ['abcd']],
  ['a byte more makes another', ['abcd', 'e'], ['abcd', 'e']],
  ['small chunks are gathered', ['a', 'bc', '', 'de', 'f'], ['abcd', 'ef']],
  ['a large chunk is cut', ['abcdefghijk'], ['abcd', 'efgh', 'ijk']],
  ['whole parts leave no empty one behind', ['abcdefgh'], ['abcd', 'efgh']],
])('%s', async (_name, chunks, expected) => {
  const parts = await collect(cutParts(streamOf(...chunks), () => 4));
  expect(parts.map(({ bytes }) => bytes.toString())).toEqual(expected);
  expect(parts.map(({ number }) => number)).toEqual(expected.map((_, index) => index + 1));
  expect(parts.map(({ last }) => last)).toEqual(expected.map((_, index) => index === expected.length - 1));
});

test('nothing is read while nobody takes the next part', async () => {
  let read = 0;
  const source = async function* () {
    for (;;) {
      read += 2;
      yield Buffer.from('ab');
    }
  };
  const parts = cutParts(source(), () => 4);
  await parts.next();
  expect(read).toBe(6); // one chunk past the part, to know that it is not the last
  await parts.next();
  expect(read).toBe(10);
});

test('who leaves early closes the source', async () => {
  const source = streamOf('abcd', 'efgh', 'ijkl');
  for await (const part of cutParts(source, () => 4)) if (part.number === 1) break;
  expect(source.destroyed).toBe(true);
});

test("the source's error comes through", async () => {
  const source = new Readable({ read: () => source.destroy(new Error('cut off')) });
  await expect(collect(cutParts(source, () => 4))).rejects.toThrow('cut off');
});

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

test.each([
  ['a little', 100, 8 * MIB],
  ['80,000 MiB, the last that fits parts of 8 MiB', 80_000 * MIB, 8 * MIB],
  ['a byte more', 80_000 * MIB + 1, 9 * MIB],
  ['the most', UPLOAD_LIMITS.bytes, 27 * MIB],
])('parts of a known size are equal and at most 10,000: %s', (_name, size, bytes) => {
  const sizes = partSizes(size);
  expect([sizes(1), sizes(10_000)]).toEqual([bytes, bytes]);
  expect(Math.ceil(size / bytes)).toBeLessThanOrEqual(UPLOAD_LIMITS.parts);
});

test('parts of an unknown size are equal as long as most uploads last, and 10,000 of them hold the most', () => {
  const sizes = Array.from({ length: UPLOAD_LIMITS.parts }, (_, index) => partSizes(null)(index + 1));
  expect(sizes.slice(0, 5_000).every((bytes) => bytes === 8 * MIB)).toBe(true);
  expect(sizes.reduce((sum, bytes) => sum + bytes)).toBeGreaterThan(UPLOAD_LIMITS.bytes);
  expect(Math.max(...sizes)).toBeLessThan(0.1 * GIB);
  expect(sizes.every((bytes, index) => bytes >= (sizes[index - 1] ?? 0))).toBe(true);
});

test('buffers are used again, only whole ones of the right size', () => {
  const buffers = new PartBuffers();
  const first = buffers.take(10);
  buffers.give({ number: 1, bytes: first, last: false });
  buffers.give({ number: 2, bytes: Buffer.allocUnsafeSlow(10).subarray(0, 5), last: true });
  expect(buffers.take(20)).not.toBe(first);
  expect(buffers.take(10)).toBe(first);
  expect(buffers.take(10)).not.toBe(first);
});
