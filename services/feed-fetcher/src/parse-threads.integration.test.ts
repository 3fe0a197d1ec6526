import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ParseThreads, type ParseThreadsOptions } from './parse-threads.js';
import type { FeedBytes, FeedReading } from './read-feed.js';

/** Threads run the compiled worker: `tsc -b` comes before the tests. */
const WORKER = new URL('../dist/parse-worker.js', import.meta.url);

const feed = (items: string): FeedBytes => ({
  bytes: Buffer.from(`<rss version="2.0"><channel><title>T</title>${items}</channel></rss>`),
  contentType: undefined,
  url: 'https://site.example/',
});
const large = (count: number): FeedBytes =>
  feed(
    Array.from(
      { length: count },
      (_, n) =>
        `<item><guid>${n}</guid><description>&lt;p&gt;${'word '.repeat(50)}&lt;/p&gt;</description></item>`,
    ).join(''),
  );
const never = new AbortController().signal;

let threads: ParseThreads;
const start = (options: Partial<ParseThreadsOptions> = {}): ParseThreads =>
  (threads = new ParseThreads({ worker: WORKER, ...options }));
afterEach(() => threads.close());

async function readWith(pool: ParseThreads, bytes: FeedBytes, signal: AbortSignal): Promise<FeedReading> {
  const document = await pool.read(bytes, signal);
  if (document.kind === 'page') throw new Error('a page');
  return document.reading;
}
const read = (bytes: FeedBytes, signal: AbortSignal): Promise<FeedReading> =>
  readWith(threads, bytes, signal);

describe('a feed parsed in a thread', () => {
  test('comes to the same as one parsed here, and holds up nobody meanwhile', async () => {
    let turns = 0;
    const reading = readWith(start(), large(3_000), never);
    const done = reading.then(() => true);
    while (!(await Promise.race([done, turn(false)]))) turns++;
    const { result, entriesJson } = await reading;
    expect(result).toMatchObject({ format: 'rss', title: 'T', total: 3_000, recovered: false });
    expect(JSON.parse(Buffer.from(entriesJson).toString())).toHaveLength(3_000);
    // On this thread it would have been a single turn.
    expect(turns).toBeGreaterThan(20);
  });

  test('fails with the error of its reader, whole', async () => {
    const words = { ...feed(''), bytes: Buffer.from('no feed') };
    await expect(readWith(start(), words, never)).rejects.toMatchObject({
      name: 'TaskError',
      code: 'not-a-feed',
      retry: 'no',
      message: expect.stringContaining('neither'),
    });
  });

  test('waits when all threads are busy, and all are answered', async () => {
    start({ size: 2 });
    const readings = await Promise.all(Array.from({ length: 7 }, (_, n) => read(large(n + 1), never)));
    expect(readings.map(({ result }) => result.total)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('does not wait for large ones when it is small', async () => {
    start({ size: 2 });
    const order: string[] = [];
    const note = async (name: string, bytes: FeedBytes): Promise<void> => {
      await read(bytes, never);
      order.push(name);
    };
    await Promise.all([
      note('large', large(5_000)),
      note('next large', large(5_000)),
      note('small', large(10)),
    ]);
    expect(order.indexOf('small')).toBeLessThan(order.indexOf('next large'));
  });

  test('that takes too long is ended, and the next one is read', async () => {
    start({ size: 1, timeLimitMs: () => 1 });
    await expect(read(large(20_000), never)).rejects.toMatchObject({
      code: 'too-complex',
      retry: 'yes',
    });
    start({ size: 1 });
    expect((await read(large(1), never)).result.total).toBe(1);
  });

  test('that is small and hostile holds its thread for its short time only', async () => {
    start({ size: 1, timeLimitMs: () => 500 });
    // Each open element of HTML moves all that are open: the time grows by the square.
    const hostile = feed(`<item><description>${'&lt;div>'.repeat(400_000)}</description></item>`);
    await expect(read(hostile, never)).rejects.toMatchObject({ code: 'too-complex', retry: 'yes' });
  });

  test('that takes too much memory ends its thread and nothing else', async () => {
    start({ size: 1, heapMiB: 32 });
    await expect(read(large(40_000), never)).rejects.toMatchObject({
      code: 'too-complex',
      retry: 'no',
    });
    expect((await read(large(1), never)).result.total).toBe(1);
  });

  test('is given up when the attempt is', async () => {
    const stop = new AbortController();
    const reading = readWith(start({ size: 1 }), large(40_000), stop.signal);
    stop.abort(new Error('cancelled'));
    await expect(reading).rejects.toThrow('cancelled');
    expect((await read(large(1), never)).result.total).toBe(1);
  });
});
