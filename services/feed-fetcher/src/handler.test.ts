import { setMaxListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { feedFetch, type FeedEntry } from '@offload/contracts/feed-fetch';
import type { Outbound } from '@offload/outbound/outbound';
import { runHandler } from '@offload/worker/run-handler';
import * as answers from '../../../test/support/origin.js';
import { withOrigin } from '../../../test/support/with-origin.js';
import { createFeedHandler } from './handler.js';

const FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>/</link>
  <item><guid>g1</guid><title>One</title><link>one</link></item><item><guid>g2</guid><title>Two</title></item></channel></rss>`;
const RSS = { 'content-type': 'application/rss+xml' };

let origin: answers.Origin;
let outbound: Outbound;
withOrigin((started) => ({ origin, outbound } = started));

const fetchFeed = (url: string, deadlineMs?: number) =>
  runHandler(feedFetch, createFeedHandler({ outbound, deadlineMs }), { url });

describe('feed.fetch', () => {
  test('returns the feed, stores all entries in entries.json and says what it is doing', async () => {
    const url = origin.serve('/blog/feed.xml', answers.gzipped(FEED, RSS));
    const { result, files, progress } = await fetchFeed(url);
    expect(result).toMatchObject({
      format: 'rss',
      recovered: false,
      url,
      title: 'T',
      link: `${origin.url}/`,
      total: 2,
    });
    expect(result.entries).toMatchObject([
      { id: 'g1', title: 'One', link: `${origin.url}/blog/one` },
      { id: 'g2', title: 'Two', link: null },
    ]);
    const stored = files.get('entries.json');
    expect(stored?.type).toBe('application/json');
    expect(JSON.parse(stored!.body.toString()) as FeedEntry[]).toEqual(result.entries);
    expect(progress.map(({ note }) => note)).toEqual(['fetching', 'parsing', 'storing', null]);
    expect(origin.requests[0]?.headers.accept).toContain('application/atom+xml');
  });

  test('resolves links against where the feed was found after redirects', async () => {
    origin.serve('/new/feed', answers.bytes(FEED, RSS));
    const { result } = await fetchFeed(origin.serve('/old', answers.redirect('/new/feed', 301)));
    expect(result.url).toBe(`${origin.url}/new/feed`);
    expect(result.entries[0]?.link).toBe(`${origin.url}/new/one`);
  });

  test('decodes by the charset of the HTTP header', async () => {
    const body = Buffer.from(FEED.replace('One', '\xe9t\xe9'), 'latin1');
    const url = origin.serve('/f', answers.bytes(body, { 'content-type': 'text/xml; charset=iso-8859-1' }));
    const { result } = await fetchFeed(url);
    expect(result.entries[0]?.title).toBe('été');
  });

  test.each<[string, answers.Answer, string, unknown, string]>([
    ['a web page', answers.bytes('<!doctype html><title>x</title>'), 'not-a-feed', 'no', 'web page'],
    ['404', answers.bytes('', {}, 404), 'http-404', 'no', '404 (Not Found)'],
    ['410', answers.bytes('', {}, 410), 'http-410', 'no', 'gone for good'],
    ['304 that nobody asked for', answers.bytes('', {}, 304), 'http-304', 'no', '304'],
    ['503', answers.bytes('', {}, 503), 'http-503', 'yes', '503'],
    ['429 with Retry-After', answers.tooMany('60'), 'http-429', expect.any(Date), '429'],
    ['a reset', answers.reset(), 'connection-lost', 'yes', 'broke'],
    ['a cut body', answers.wrongLength(FEED, 9_999), 'truncated-body', 'yes', 'broke'],
    [
      'a redirect to a forbidden place',
      answers.redirect('http://169.254.169.254/latest'),
      'address-refused',
      'no',
      'not a public',
    ],
    ['a redirect loop', answers.redirect('/f'), 'too-many-redirects', 'no', 'redirect'],
    ['a hanging origin', answers.hang(), 'timeout', 'yes', 'within 0.5 seconds'],
    ['a dripping origin', answers.drip(20, 'x', RSS), 'timeout', 'yes', 'within 0.5 seconds'],
    ['an endless body', answers.endless(RSS), 'too-large', 'no', '15728640 bytes'],
    ['a gzip bomb', answers.gzipBomb(2e9, RSS), 'too-large', 'no', '15728640 bytes'],
  ])('fails clearly on %s', async (what, answer, code, retry, words) => {
    const patience = /hanging|dripping/.test(what) ? 500 : undefined;
    const failure = { code, retry, message: expect.stringContaining(words) };
    await expect(fetchFeed(origin.serve('/f', answer), patience)).rejects.toMatchObject(failure);
  });

  test('succeeds on the next attempt when the origin is well again', async () => {
    const url = origin.serve('/f', answers.failing(1, 500, answers.bytes(FEED)));
    await expect(fetchFeed(url)).rejects.toMatchObject({ code: 'http-500', retry: 'yes' });
    expect((await fetchFeed(url)).result.total).toBe(2);
  });

  test('ends at once when the attempt is aborted', async () => {
    const stop = new AbortController();
    const url = origin.serve('/f', answers.hang());
    const run = runHandler(feedFetch, createFeedHandler({ outbound }), { url }, { signal: stop.signal });
    await origin.asked('/f');
    stop.abort();
    await expect(run).rejects.toMatchObject({ code: 'aborted' });
  });

  test('answers a web page that has several feeds with their list, and nothing to store', async () => {
    const link = (href: string): string =>
      `<link rel="alternate" type="application/atom+xml" href="${href}">`;
    const url = origin.serve('/', answers.bytes(`<html><title>P</title>${link('/a')}${link('/b')}`));
    const { result, files } = await fetchFeed(url);
    expect(result).toMatchObject({ format: 'html', url, title: 'P', entries: [], total: 0 });
    expect(result.found.map((feed) => feed.url)).toEqual([`${origin.url}/a`, `${origin.url}/b`]);
    expect(files.size).toBe(0);
  });
});

describe('P7: no task can take down a worker', () => {
  test('500 hanging origins slow no healthy feed: it is answered in under a second', async () => {
    const handler = createFeedHandler({ outbound });
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const hanging = await Promise.all(Array.from({ length: 500 }, () => answers.startOrigin()));
    const stuck = hanging.map(async (each) => {
      const url = each.serve('/f', answers.hang());
      await runHandler(feedFetch, handler, { url }, { signal: stop.signal });
    });
    const outcomes = Promise.allSettled(stuck);
    await Promise.all(hanging.map((each) => each.asked('/f')));

    const url = origin.serve('/f', answers.bytes(FEED));
    const begun = performance.now();
    const { result } = await runHandler(feedFetch, handler, { url });
    const took = performance.now() - begun;

    stop.abort();
    const settled = await outcomes;
    await Promise.all(hanging.map((each) => each.close()));
    expect(result.total).toBe(2);
    expect(took).toBeLessThan(1_000);
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(500);
  }, 60_000);
});
