import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Snooze, TaskError } from '@offload/contracts/errors';
import { feedRefresh } from '@offload/contracts/feed-refresh';
import { createOutbound } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import type { EntryStore } from '@offload/store/entries';
import { FEEDS, type FeedRecord } from '@offload/store/feed-record';
import { imageTaskIds } from '@offload/store/feed-task';
import { runHandler } from '@offload/worker/run-handler';
import * as answers from '../../../test/support/origin.js';
import { sampleFeed } from '../../../test/support/sample-content.js';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { createRefreshHandler, type RefreshOptions } from './refresh-handler.js';

let stored: StoreFixture;
let store: StoreFixture['store'];
let origin: answers.Origin;
let outbound: Outbound;
beforeAll(async () => {
  stored = await storeFixture('refresh');
  ({ store } = stored);
  origin = await answers.startOrigin();
  outbound = createOutbound({ allow: ['loopback'] });
});
afterAll(async () => {
  await outbound.close();
  await origin.close();
  await stored.remove();
});

const RSS = { 'content-type': 'application/rss+xml' };

/** Nothing of it leads out of this machine. */
const feedOf = (items: number): string => sampleFeed(items, origin.url);

async function subscribed(path: string, answer: answers.Answer): Promise<FeedRecord> {
  const url = origin.serve(path, answer);
  const outcome = await store.subscriptions.subscribe('ann', [{ url }]);
  if (typeof outcome === 'string' || !outcome[0]) throw new Error(JSON.stringify(outcome));
  return outcome[0].feed;
}

const now = async (feed: FeedRecord): Promise<FeedRecord> => {
  const found = await store.feeds.get(feed._id);
  if (!found) throw new Error('gone');
  return found;
};

async function refresh(feed: FeedRecord, options: Partial<RefreshOptions> & { full?: boolean } = {}) {
  const { full = false, ...given } = options;
  const handler = createRefreshHandler({ outbound, store, random: () => 0, ...given });
  return (await runHandler(feedRefresh, handler, { feed: feed._id, full })).result;
}

const titles = async (feed: FeedRecord): Promise<string[]> =>
  (await store.entries.list([feed._id], { limit: 200 })).map(({ entry }) => entry.title);

const setBack = (feed: FeedRecord, change: object) =>
  store.connection.mongo.collection<FeedRecord>(FEEDS).updateOne({ _id: feed._id }, { $set: change });

describe('entries', () => {
  test('that a worker had no time to store are stored by the next attempt, none twice', async () => {
    const feed = await subscribed('/crash', answers.bytes(feedOf(500), RSS));
    let writes = 0;
    const failing: EntryStore = {
      ...store.entries,
      write: (changes) =>
        ++writes === 2 ? Promise.reject(new Error('the worker died')) : store.entries.write(changes),
    };
    await expect(refresh(feed, { store: { ...store, entries: failing } })).rejects.toThrow('the worker died');
    expect(await store.entries.list([feed._id], { limit: 501 })).toHaveLength(200);
    expect(await now(feed)).not.toHaveProperty('checkedAt');
    expect(await refresh(feed)).toMatchObject({ outcome: 'updated', added: 300, changed: 0 });
    expect(await store.entries.list([feed._id], { limit: 501 })).toHaveLength(500);
  });

  test('of one GUID are told apart, and stay the same ones', async () => {
    const item = (n: number) =>
      `<item><guid>same</guid><title>T${n}</title><link>https://e.org/${n}</link></item>`;
    const xml = `<rss version="2.0"><channel><title>t</title>${item(1)}${item(2)}</channel></rss>`;
    const feed = await subscribed('/guids', answers.bytes(xml, RSS));
    expect(await refresh(feed)).toMatchObject({ added: 2 });
    origin.serve('/guids', answers.bytes(xml.replace('T2', 'T3'), RSS));
    expect(await refresh(feed)).toMatchObject({ added: 0, changed: 1 });
    expect((await titles(feed)).sort()).toEqual(['T1', 'T3']);
  });

  test('that are edited keep their place and their date of coming', async () => {
    const feed = await subscribed('/edit', answers.bytes(feedOf(3), RSS));
    await refresh(feed);
    const before = await store.entries.list([feed._id], { limit: 3 });
    const later = feedOf(3).replace('Entry 1<', 'Entry one<').replace('02 Jan 2026', '01 Feb 2026');
    origin.serve('/edit', answers.bytes(later, RSS));
    await refresh(feed);
    const after = await store.entries.list([feed._id], { limit: 3 });
    expect(after.map(({ _id, seenAt }) => ({ _id, seenAt }))).toEqual(
      before.map(({ _id, seenAt }) => ({ _id, seenAt })),
    );
    expect(await titles(feed)).toEqual(['Entry 3', 'Entry 2', 'Entry one']);
  });

  test('dated in the future stand where they were found', async () => {
    const xml = feedOf(2).replace('02 Jan 2026', '02 Jan 2199');
    const feed = await subscribed('/future', answers.bytes(xml, RSS));
    await refresh(feed);
    origin.serve('/future', answers.bytes(xml.replace('<item>', '<item><guid>new</guid></item><item>'), RSS));
    await refresh(feed);
    const [newest] = await store.entries.list([feed._id], { limit: 1 });
    expect(newest?.entry.id).toBe('new');
  });

  test('have thumbnails made of their lead images, one task for an image whatever happens twice', async () => {
    const image = 'https://images.example.org/lead.jpg';
    const xml = feedOf(2).replaceAll('Text of', `&lt;img src="${image}"&gt;Text of`);
    const feed = await subscribed('/lead', answers.bytes(xml, RSS));
    await refresh(feed);
    const [id] = imageTaskIds('thumbnail', image, store.feeds.now());
    expect(await store.tasks.get(id)).toMatchObject({
      type: 'image.resize',
      lane: 'bulk',
      owner: ':system',
      state: 'scheduled',
      input: { source: { url: image } },
    });
    await setBack(feed, { digest: 'another' });
    await expect(refresh(feed)).resolves.toMatchObject({ outcome: 'unchanged' });
  });
});

describe('the icon of a site', () => {
  const page = (links: string) => answers.bytes(`<head>${links}</head>`, { 'content-type': 'text/html' });

  test('is the one that its page names when the feed names none, looked for once, and made small', async () => {
    const png = '<link rel="shortcut icon" href="/i.ico"><link rel="icon" sizes="32x32" href="/i.png">';
    origin.serve('/', page(png));
    const feed = await subscribed('/iconless', answers.bytes(feedOf(1), RSS));
    expect(await refresh(feed)).toMatchObject({ outcome: 'updated' });
    expect((await now(feed)).facts?.icon).toBe(`${origin.url}/i.png`);
    const [id] = imageTaskIds('icon', `${origin.url}/i.png`, store.feeds.now());
    expect(await store.tasks.get(id)).toMatchObject({ type: 'image.resize', owner: ':system' });
    const before = origin.requests.length;
    origin.serve('/iconless', answers.bytes(feedOf(2), RSS));
    await refresh(feed);
    expect(origin.requests.length).toBe(before + 1);
    expect((await now(feed)).facts?.icon).toBe(`${origin.url}/i.png`);
  });

  test('that cannot be found is no failure of the feed', async () => {
    origin.serve('/', answers.reset());
    const feed = await subscribed('/no-icon', answers.bytes(feedOf(1), RSS));
    expect(await refresh(feed)).toMatchObject({ outcome: 'updated', error: null });
    expect(await now(feed)).toMatchObject({ facts: { icon: null }, iconAt: expect.any(Date) });
  });
});

describe('a feed', () => {
  test('whose server answers 304 for ever is asked in full after eight days', async () => {
    const feed = await subscribed('/always', (request, response, n, left) =>
      request.headers['if-none-match'] === undefined
        ? answers.bytes(feedOf(n), { etag: '"1"', ...RSS })(request, response, n, left)
        : answers.bytes('', {}, 304)(request, response, n, left),
    );
    expect(await refresh(feed)).toMatchObject({ added: 1 });
    expect(await refresh(feed)).toMatchObject({ outcome: 'unchanged' });
    const { fullAt } = await now(feed);
    await setBack(feed, { fullAt: new Date(Number(fullAt) - 8.1 * 86_400_000) });
    expect(await refresh(feed)).toMatchObject({ outcome: 'updated', added: 2 });
  });

  test('that fails backs off, says so, and is well again as if nothing had been', async () => {
    const feed = await subscribed('/down', answers.bytes('', {}, 503));
    for (const [times, minutes] of [
      [1, 5],
      [2, 10],
      [3, 20],
    ] as const) {
      const { nextAt } = await refresh(feed);
      const { failure, checkedAt } = await now(feed);
      expect(failure).toMatchObject({ code: 'http-503', times });
      expect(Date.parse(String(nextAt)) - Number(checkedAt)).toBe(minutes * 60_000);
    }
    origin.serve('/down', answers.bytes(feedOf(1), RSS));
    await refresh(feed);
    const well = await now(feed);
    expect(well.state).toBe('active');
    expect(well).not.toHaveProperty('failure');
  });

  test('whose server says when to come again is not asked before', async () => {
    const feed = await subscribed('/wait', answers.tooMany('7200'));
    const { nextAt } = await refresh(feed);
    expect(Date.parse(String(nextAt)) - store.feeds.now().getTime()).toBeGreaterThan(7_100_000);
  });

  test('that has become a web page has failed, and does not become another feed', async () => {
    const feed = await subscribed('/page', answers.bytes(feedOf(1), RSS));
    await refresh(feed);
    const page = '<html><link rel="alternate" type="application/rss+xml" href="/other"></html>';
    origin.serve('/page', answers.bytes(page, { 'content-type': 'text/html' }));
    expect(await refresh(feed)).toMatchObject({ outcome: 'failing', error: { code: 'not-a-feed' } });
    expect(await titles(feed)).toEqual(['Entry 1']);
  });

  test('of a page that links to one is found, and the page is known as its former address', async () => {
    origin.serve('/posts.xml', answers.bytes(feedOf(1), RSS));
    const page = '<html><link rel="alternate" type="application/rss+xml" href="/posts.xml"></html>';
    const feed = await subscribed('/site', answers.bytes(page, { 'content-type': 'text/html' }));
    expect(await refresh(feed)).toMatchObject({ outcome: 'updated', added: 1 });
    expect(await now(feed)).toMatchObject({
      url: `${origin.url}/posts.xml`,
      formerUrls: [`${origin.url}/site`],
    });
  });

  test('that another task fetches is waited for, uncounted', async () => {
    const feed = await subscribed('/busy', answers.bytes(feedOf(1), RSS));
    const other = await store.feeds.begin(feed._id, { ms: 60_000 });
    await expect(refresh(feed)).rejects.toThrow(Snooze);
    if (other.kind === 'begun') await store.feeds.release(feed._id, other.token);
    expect(await refresh(feed)).toMatchObject({ outcome: 'updated' });
  });

  test('that waits for its host is free for another task meanwhile', async () => {
    const feed = await subscribed('/polite', answers.bytes(feedOf(1), RSS));
    const busy = { fetch: () => Promise.reject(new Snooze('host-busy', 'later', new Date())) };
    await expect(refresh(feed, { outbound: busy })).rejects.toThrow(Snooze);
    expect(await now(feed)).not.toHaveProperty('fetching');
    expect(await now(feed)).not.toHaveProperty('failure');
  });

  test('nobody subscribes to is not fetched', async () => {
    const feed = await subscribed('/unused', answers.bytes(feedOf(1), RSS));
    await setBack(feed, { unusedAt: new Date() });
    const refused = { fetch: () => Promise.reject(new TaskError('asked', 'It was asked.', { retry: 'no' })) };
    expect(await refresh(feed, { outbound: refused })).toMatchObject({ outcome: 'unused' });
  });
});
