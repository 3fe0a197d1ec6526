import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { JsonThreads, type JsonThreadsOptions } from './json-threads.js';
import { readJson, type JsonRequest } from './read-json.js';

/** Threads run the compiled worker: `tsc -b` comes before the tests. */
const WORKER = new URL('../dist/json-worker.js', import.meta.url);

let threads: JsonThreads;
const start = (options: Partial<JsonThreadsOptions> = {}): JsonThreads =>
  (threads = new JsonThreads({ worker: WORKER, smallBytes: 0, ...options }));
afterEach(() => threads.close());

const request = (text: string, pick?: string): JsonRequest => ({
  bytes: Buffer.from(text),
  contentType: undefined,
  wish: { kind: 'document', pick },
});
/** The worst for the parser: millions of small objects. */
const dense = (bytes: number): string => `[${'{},'.repeat(bytes / 3 - 2)}7]`;

describe('JSON read in a thread', () => {
  test.each<[string, JsonRequest]>([
    ['a document', request('{"a":[1,{"__proto__":9007199254740993,"$x.y":null}]}')],
    ['what is picked', request('{"a":[1,2]}', '/a/1')],
    [
      'a page',
      { ...request('{"i":[{"n":1},"a\\nb"],"next":7}'), wish: { kind: 'page', items: '/i', next: '/next' } },
    ],
    ['a page without a next one', { ...request('[]'), wish: { kind: 'page', items: '', next: null } }],
  ])('comes to the same as here: %s', async (_what, each) => {
    expect(await start().read(each)).toEqual(readJson(each));
  });

  test('of half a million objects holds up nobody meanwhile', async () => {
    const text = dense(1_500_000);
    const pick = `/${text.split(',').length - 1}`;
    start();
    await threads.read(request('[]'));
    let turns = 0;
    let done = false;
    const reading = threads.read(request(text, pick)).finally(() => (done = true));
    for (; !done; turns++) await turn();
    expect(await reading).toEqual({ kind: 'document', value: 7, bigNumbers: 0 });
    expect(turns).toBeGreaterThan(20);
  });

  test('fails as it does here, with its code and what to do', async () => {
    await expect(start().read(request('{'))).rejects.toMatchObject({ code: 'not-json', retry: 'no' });
    await expect(threads.read(request('[]', '/1'))).rejects.toMatchObject({ code: 'nothing-at-pointer' });
  });

  test('takes turns, and a small one is read at once', async () => {
    start({ size: 1, smallBytes: 10 });
    const order: string[] = [];
    const read = async (name: string, text: string) => {
      await threads.read(request(text));
      order.push(name);
    };
    await Promise.all([read('first', dense(9_000)), read('second', dense(30)), read('small', '[1]')]);
    expect(order).toEqual(['small', 'first', 'second']);
  });

  test('ends with its thread when it takes too long, and the next one is read', async () => {
    start({ size: 1, timeLimitMs: 1 });
    const slow = { code: 'json-too-complex', retry: 'yes', message: expect.stringContaining('seconds') };
    await expect(threads.read(request(dense(600_000), '/0'))).rejects.toMatchObject(slow);
    start();
    expect(await threads.read(request('[1]'))).toMatchObject({ value: [1] });
  });

  test('ends with its thread when it takes too much memory, and the next one is read', async () => {
    start({ size: 1, heapMiB: 10 });
    const large = { code: 'json-too-complex', retry: 'no', message: expect.stringContaining('memory') };
    await expect(threads.read(request(dense(1_500_000), '/0'))).rejects.toMatchObject(large);
    expect(await threads.read(request('[1]'))).toMatchObject({ value: [1] });
  });
});
