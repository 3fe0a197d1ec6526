import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { cutParts, type Part } from './cut-parts.js';

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
  const parts = await collect(cutParts(streamOf(...chunks), 4));
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
  const parts = cutParts(source(), 4);
  await parts.next();
  expect(read).toBe(6); // one chunk past the part, to know that it is not the last
  await parts.next();
  expect(read).toBe(10);
});

test('who leaves early closes the source', async () => {
  const source = streamOf('abcd', 'efgh', 'ijkl');
  for await (const part of cutParts(source, 4)) if (part.number === 1) break;
  expect(source.destroyed).toBe(true);
});

test("the source's error comes through", async () => {
  const source = new Readable({ read: () => source.destroy(new Error('cut off')) });
  await expect(collect(cutParts(source, 4))).rejects.toThrow('cut off');
});
