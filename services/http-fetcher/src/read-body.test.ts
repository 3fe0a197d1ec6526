import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { BodyReader } from './read-body.js';

const large = (): Buffer => Buffer.alloc(300 * 1024);

/** A body that is read, and whose memory counts until `release`. */
function held(
  reader: BodyReader,
  ends = true,
): { body: PassThrough; taken: Promise<void>; release: () => void } {
  const body = new PassThrough();
  let release: () => void = () => {};
  const free = new Promise<void>((resolve) => (release = resolve));
  const taken = new Promise<void>((resolve, reject) => {
    reader
      .read(body, 1024 * 1024, {
        async whole() {
          resolve();
          await free;
        },
        more: () => Promise.reject(new Error('it is not that long')),
      })
      .catch(reject);
  });
  body.write(large());
  if (ends) body.end();
  return { body, taken, release };
}

test('a body that is woken often while it waits for its turn listens once for its end', async () => {
  const reader = new BodyReader();
  const first = Array.from({ length: 32 }, () => held(reader));
  await Promise.all(first.map(({ taken }) => taken));
  const waiting = Array.from({ length: 20 }, () => held(reader));
  const last = waiting.at(-1)!;
  await new Promise((resolve) => setImmediate(resolve));
  const listeners = last.body.listenerCount('close');
  for (let n = 0; n < 15; n++) {
    first[n]!.release();
    await waiting[n]!.taken;
  }
  expect(last.body.listenerCount('close')).toBe(listeners);
  for (const { release } of [...first, ...waiting]) release();
  await last.taken;
});

test('one that ends while it waits for its turn waits no longer', async () => {
  const reader = new BodyReader();
  const first = Array.from({ length: 32 }, () => held(reader));
  await Promise.all(first.map(({ taken }) => taken));
  const late = held(reader, false);
  await new Promise((resolve) => setImmediate(resolve));
  late.body.destroy(new Error('cut off'));
  await expect(late.taken).rejects.toThrow('cut off');
  for (const { release } of first) release();
});
