import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { brokerBack, killBroker } from '../support/broker-process.js';
import { settledLedger } from '../support/ledger.js';
import { bytes, startOrigin, type Origin } from '../support/origin.js';
import { sampleFeed, samplePng } from '../support/sample-content.js';
import { startSystem, type System } from '../support/system.js';

let system: System;
let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
  system = await startSystem({
    label: 'crashes',
    env: { LOG_LEVEL: 'debug' },
    processes: { web: 1, clock: 1, 'feed-fetcher': 2, 'image-resizer': 1, 's3-uploader': 1, echo: 1 },
  });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await origin.close();
}, 60_000);

const FEED_MS = 1_500;

/** Tasks of every type in turn, each with work that takes a moment. */
function inputs(): ((n: number) => [type: string, input: unknown])[] {
  const feed = bytes(sampleFeed(5), { 'content-type': 'application/rss+xml' });
  const image = bytes(samplePng(400, 300), { 'content-type': 'image/png' });
  const picture = origin.serve('/picture.png', image);
  return [
    (n) => {
      const url = origin.serve(`/feed/${n}`, async (request, response, times, left) => {
        await sleep(FEED_MS, undefined, { signal: left });
        await feed(request, response, times, left);
      });
      return ['feed.fetch', { url }];
    },
    () => [
      'image.resize',
      { source: { url: picture }, variants: [{ width: 60 }, { width: 30, format: 'jpeg' }] },
    ],
    (n) => ['s3.upload', { source: { url: picture }, bucket: 'offload', key: `chaos/${n}.png` }],
    (n) => ['system.echo', { message: String(n), delayMs: 300 }],
  ];
}

/** Posts tasks at a steady pace whatever happens to the API, and keeps the ids that were answered 202. */
async function post(count: number, everyMs: number): Promise<{ accepted: string[]; refused: number }> {
  const accepted: string[] = [];
  const makers = inputs();
  let refused = 0;
  for (let n = 0; accepted.length < count; n++) {
    const make = makers[n % makers.length];
    if (!make) throw new Error('no maker');
    const [type, input] = make(n);
    await system.submit(type, input).then(
      (task) => accepted.push(task.id),
      () => {
        refused += 1;
      },
    );
    if (refused > 10 * count) throw new Error(`The API refused ${refused} tasks.`);
    await sleep(everyMs);
  }
  return { accepted, refused };
}

const running = (type: string) => {
  const found = system.processes.find((each) => each.type === type);
  if (!found) throw new Error(`no ${type} runs`);
  return found;
};

describe('a task answered 202 ends, once (P1, P3)', () => {
  test('while a worker, the broker and the API are killed under load', async () => {
    const posted = post(200, 60);

    await sleep(2_000);
    const fetcher = running('feed-fetcher');
    fetcher.signal('SIGKILL');
    await fetcher.exited;
    await system.start('feed-fetcher');

    await sleep(1_000);
    await killBroker();
    await brokerBack(system.vhost.url);

    await sleep(2_000);
    const web = running('web');
    web.signal('SIGKILL');
    await web.exited;
    await system.start('web');

    const { accepted } = await posted;
    const ledger = await settledLedger(system, accepted, 90_000);
    expect(ledger).toEqual({
      accepted: 200,
      byState: { succeeded: 200 },
      lost: [],
      open: [],
      doneTwice: [],
    });
  }, 180_000);
});
