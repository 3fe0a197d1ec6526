import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bytes, slowly, startOrigin, tooMany, type Origin } from '../support/origin.js';
import { sampleFeed } from '../support/sample-content.js';
import { startSystem, type System } from '../support/system.js';
import { until } from '../support/until.js';

const RSS = { 'content-type': 'application/rss+xml' };
const CONCURRENCY = 2;

let system: System;
let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
  system = await startSystem({
    label: 'polite',
    processes: { web: 1, clock: 1, 'feed-fetcher': 2 },
    env: {
      OUTBOUND_LIMIT_ALLOWED: 'true',
      OUTBOUND_HOST_CONCURRENCY: String(CONCURRENCY),
      OUTBOUND_HOST_RATE_PER_SECOND: '10',
      OUTBOUND_CONTACT: 'https://example.com/bot',
    },
  });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await origin.close();
}, 30_000);

test('many tasks for one host are done by two workers within its limits, each once and without a counted attempt, and hold up nobody else', async () => {
  const feed = slowly(40, bytes(sampleFeed(1), RSS));
  const urls = Array.from({ length: 20 }, (_, n) => origin.serve(`/feed/${n}.xml`, feed));
  const tasks = await Promise.all(urls.map((url) => system.submit('feed.fetch', { url })));
  const other = await startOrigin();
  const elsewhere = await system.submit('feed.fetch', {
    url: other.serve('/feed.xml', bytes(sampleFeed(1), RSS)),
  });
  expect((await system.ended(elsewhere.id)).state).toBe('succeeded');
  const polite = origin.requests.length;

  const ended = await Promise.all(tasks.map(({ id }) => system.ended(id)));
  expect(new Set(ended.map(({ state, attempt }) => `${state} ${attempt}`))).toEqual(new Set(['succeeded 1']));
  expect(polite).toBeLessThan(urls.length);
  expect(origin.atOnce().most).toBeLessThanOrEqual(CONCURRENCY);
  expect(origin.requests.map(({ path }) => path).sort()).toEqual(
    urls.map((url) => new URL(url).pathname).sort(),
  );
  expect(origin.requests[0]?.headers['user-agent']).toContain('(+https://example.com/bot)');
  await other.close();
}, 60_000);

test('a host that asks for a pause is asked by nobody until it is over', async () => {
  const limited = await startOrigin();
  const first = await system.submit('feed.fetch', { url: limited.serve('/limited.xml', tooMany('600')) });
  await limited.asked('/limited.xml');
  const url = limited.serve('/feed.xml', bytes(sampleFeed(1), RSS));
  const waits = (id: string, code: string) =>
    until(`${code} of a scheduled task`, async () => {
      const { state, error } = await system.task(id);
      return (state === 'scheduled' && error?.code === code) || undefined;
    });
  await waits(first.id, 'http-429');
  const second = await system.submit('feed.fetch', { url });
  await waits(second.id, 'host-busy');
  expect((await system.task(second.id)).attempt).toBe(0);
  expect(limited.requests).toHaveLength(1);
  await limited.close();
}, 60_000);
