import { describe, expect, jest, test } from '@jest/globals';
import type { Outbound } from '@offload/outbound/outbound';
import * as answers from '../../../test/support/origin.js';
import { withOrigin } from '../../../test/support/with-origin.js';
import { fetchFeed, type FetchedFeed, type FetchFeedOptions, type Validators } from './fetch-feed.js';
import { readDocument } from './read-document.js';
import type { FeedBytes } from './read-feed.js';

const FEED = '<rss version="2.0"><channel><title>T</title><item><guid>1</guid></item></channel></rss>';
const RSS = { 'content-type': 'application/rss+xml' };
const page = (head: string): answers.Answer =>
  answers.bytes(`<!doctype html><title>Page</title>${head}`, { 'content-type': 'text/html' });
const alternate = (href: string, title = ''): string =>
  `<link rel="alternate" type="application/rss+xml" title="${title}" href="${href}">`;

let origin: answers.Origin;
let outbound: Outbound;
withOrigin((started) => ({ origin, outbound } = started));

const fetch = (url: string, options: Partial<FetchFeedOptions> = {}): Promise<FetchedFeed> =>
  fetchFeed(url, { outbound, signal: new AbortController().signal, ...options });
const conditionsOf = (n: number): (string | undefined)[] => {
  const { headers } = origin.requests[n]!;
  return [headers['if-none-match'], headers['if-modified-since']];
};

describe('validators', () => {
  test.each(['"abc"', 'W/"abc"', 'unquoted', '"a b, c"', "'odd'", '"\xe9\xff"', '""'])(
    'go back byte for byte, and 304 costs no parse: %s',
    async (etag) => {
      const lastModified = 'Tue, 1 May 2024 1:2:3 +0200 (as it came)';
      const url = origin.serve(
        '/f',
        answers.bytes(Buffer.from(FEED), { ...RSS, etag, 'last-modified': lastModified }),
      );
      const first = await fetch(url);
      if (first.kind !== 'feed') throw new Error(first.kind);
      expect(first.validators).toEqual({ url, etag, lastModified });

      origin.serve('/f', answers.bytes('', { 'cache-control': 'max-age=60' }, 304));
      const read = jest.fn<(feed: FeedBytes) => Promise<never>>();
      const again = await fetch(url, { validators: first.validators!, threads: { read } });
      expect(again).toEqual({ kind: 'not-modified', url, permanentUrl: url, freshForMs: 60_000 });
      expect(conditionsOf(1)).toEqual([etag, lastModified]);
      expect(read).not.toHaveBeenCalled();
    },
  );

  test('are of the final URL: a redirect on the way is asked without them', async () => {
    const final = origin.serve('/new', answers.withEtag('"1"', FEED, RSS));
    const url = origin.serve('/old', answers.redirect('/new', 302));
    const validators: Validators = { url: final, etag: '"1"', lastModified: null };
    expect(await fetch(url, { validators })).toMatchObject({
      kind: 'not-modified',
      url: final,
      permanentUrl: url,
    });
    expect(conditionsOf(0)).toEqual([undefined, undefined]);
    expect(conditionsOf(1)).toEqual(['"1"', undefined]);
  });

  test('are dropped when a redirect has come since: another place may have the same tag', async () => {
    const validators: Validators = { url: `${origin.url}/f`, etag: '"1"', lastModified: null };
    const moved = origin.serve('/moved', answers.withEtag('"1"', FEED, RSS));
    const url = origin.serve('/f', answers.redirect('/moved', 301));
    expect(await fetch(url, { validators })).toMatchObject({
      kind: 'feed',
      permanentUrl: moved,
      validators: { url: moved },
    });
    expect(conditionsOf(1)).toEqual([undefined, undefined]);
  });

  test('are null when the origin has none, and a 304 that nobody asked for is an error', async () => {
    expect(await fetch(origin.serve('/f', answers.bytes(FEED)))).toMatchObject({ validators: null });
    const url = origin.serve('/f', answers.bytes('', {}, 304));
    await expect(fetch(url)).rejects.toMatchObject({ code: 'http-304' });
  });
});

describe('a feed that has moved', () => {
  test.each([
    [[301, 308], '/2', '/2'],
    [[301, 302], '/1', '/2'],
    [[307, 301], '/0', '/2'],
    [[303], '/0', '/1'],
  ])('by %j: for good to %s, found at %s', async (statuses, permanent, final) => {
    statuses.forEach((status, n) => origin.serve(`/${n}`, answers.redirect(`/${n + 1}`, status)));
    origin.serve(`/${statuses.length}`, answers.bytes(FEED, RSS));
    expect(await fetch(`${origin.url}/0`)).toMatchObject({
      kind: 'feed',
      permanentUrl: origin.url + permanent,
      url: origin.url + final,
    });
  });

  test('is gone, away or busy: the error says which, and until when', async () => {
    await expect(fetch(origin.serve('/f', answers.bytes('', {}, 410)))).rejects.toMatchObject({
      code: 'http-410',
      retry: 'no',
    });
    const busy = { 'retry-after': '120' };
    await expect(fetch(origin.serve('/f', answers.bytes('', busy, 503)))).rejects.toMatchObject({
      code: 'http-503',
      retry: expect.any(Date),
    });
    await expect(fetch(origin.serve('/f', answers.tooMany('120')))).rejects.toMatchObject({
      code: 'http-429',
      retry: expect.any(Date),
    });
  });
});

describe('a web page', () => {
  test('with one feed leads to it', async () => {
    const feed = origin.serve('/feed.xml', answers.bytes(FEED, RSS));
    const url = origin.serve('/', page(alternate('feed.xml')));
    expect(await fetch(url)).toMatchObject({ kind: 'feed', url: feed, permanentUrl: feed });
  });

  test('with several feeds is answered with their list', async () => {
    const url = origin.serve('/', page(alternate('/a', 'A') + alternate('/b')));
    expect(await fetch(url)).toEqual({
      kind: 'found',
      url,
      title: 'Page',
      feeds: [
        { url: `${origin.url}/a`, title: 'A', type: 'application/rss+xml' },
        { url: `${origin.url}/b`, title: null, type: 'application/rss+xml' },
      ],
    });
    expect(origin.requests).toHaveLength(1);
  });

  test('without any is asked for in its text and in the usual places, until one is a feed', async () => {
    origin.serve('/feed', page('not here'));
    origin.serve('/rss.xml', answers.bytes('{"no": "feed"}'));
    const feed = origin.serve('/atom.xml', answers.bytes(FEED, RSS));
    expect(await fetch(origin.serve('/', page('<a href="/my.rss">RSS</a>')))).toMatchObject({
      kind: 'feed',
      url: feed,
    });
    expect(origin.requests.map(({ path }) => path)).toEqual([
      '/',
      '/my.rss',
      '/feed',
      '/rss.xml',
      '/atom.xml',
    ]);
  });

  test('that leads to no feed says so, after a few questions', async () => {
    const url = origin.serve('/', page(''));
    await expect(fetch(url)).rejects.toMatchObject({
      code: 'not-a-feed',
      retry: 'no',
      message: expect.stringContaining('web page'),
    });
    expect(origin.requests.length).toBeLessThanOrEqual(11);
  });

  test('whose feed is missing or a page again fails for that reason', async () => {
    const url = origin.serve('/', page(alternate('/f')));
    await expect(fetch(url)).rejects.toMatchObject({ code: 'http-404' });
    origin.serve('/f', page(alternate('/g')));
    await expect(fetch(url)).rejects.toMatchObject({
      code: 'not-a-feed',
      message: expect.stringContaining(`${origin.url}/f`),
    });
  });

  test('with one feed is asked for it with its validators, too', async () => {
    const feed = origin.serve('/f', answers.withEtag('"1"', FEED, RSS));
    const url = origin.serve('/', page(alternate('/f')));
    const validators: Validators = { url: feed, etag: '"1"', lastModified: null };
    expect(await fetch(url, { validators })).toMatchObject({ kind: 'not-modified', url: feed });
    expect(conditionsOf(0)).toEqual([undefined, undefined]);
  });

  test('whose host asks for a pause while places are tried is left alone', async () => {
    origin.serve('/feed', answers.tooMany('60'));
    const url = origin.serve('/', page(''));
    await expect(fetch(url)).rejects.toMatchObject({ code: 'http-429', retry: expect.any(Date) });
    expect(origin.requests).toHaveLength(2);
  });

  test('is not searched when only a feed will do', async () => {
    const url = origin.serve('/', page(alternate('/f')));
    await expect(fetch(url, { discover: false })).rejects.toMatchObject({ code: 'not-a-feed' });
    expect(origin.requests).toHaveLength(1);
  });

  test('and its feed share one deadline', async () => {
    origin.serve('/f', answers.hang());
    const url = origin.serve('/', page(alternate('/f')));
    await expect(fetch(url, { deadlineMs: 400 })).rejects.toMatchObject({ code: 'timeout' });
  });

  test('whose usual places hang is given up at the deadline', async () => {
    origin.serve('/feed', answers.hang());
    const url = origin.serve('/', page(''));
    await expect(fetch(url, { deadlineMs: 400 })).rejects.toMatchObject({ code: 'timeout' });
  });

  test('is given up at once with the attempt, wherever the search is', async () => {
    const stop = new AbortController();
    origin.serve('/feed', answers.hang());
    const search = fetch(origin.serve('/', page('')), { signal: stop.signal });
    await origin.asked('/feed');
    stop.abort();
    await expect(search).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('a feed is read where the threads are, with the signal of the attempt', async () => {
  const { signal } = new AbortController();
  const read = jest.fn((feed: FeedBytes, _signal: AbortSignal) => Promise.resolve(readDocument(feed)));
  const url = origin.serve('/f', answers.bytes(FEED, RSS));
  await fetch(url, { threads: { read }, signal });
  expect(read.mock.calls).toEqual([
    [expect.objectContaining({ contentType: RSS['content-type'], url }), signal],
  ]);
});
