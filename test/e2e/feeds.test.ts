import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { bytes, redirect, startOrigin, withEtag, type Origin } from '../support/origin.js';
import { sampleFeed, samplePng } from '../support/sample-content.js';
import { startSystem, type ShownTask, type System } from '../support/system.js';

let system: System;
let origin: Origin;
let database: Connection;
let keys: Record<'ann' | 'bob', string>;
beforeAll(async () => {
  origin = await startOrigin();
  system = await startSystem({
    label: 'feeds',
    processes: { web: 1, clock: 2, 'feed-fetcher': 2, 'image-resizer': 1 },
  });
  database = await mongoose.createConnection(system.database.uri).asPromise();
  keys = { ann: await keyOf('ann'), bob: await keyOf('bob') };
}, 90_000);
afterAll(async () => {
  await database.close();
  await system.stop();
  await origin.close();
}, 30_000);

async function keyOf(owner: string): Promise<string> {
  const body = { owner, name: 'test', roles: ['submit', 'read'] };
  const { answer } = await call<{ key: string }>('POST', '/v1/keys', body);
  return answer.key;
}

interface Answer<T> {
  status: number;
  answer: T;
  response: Response;
}

async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<Answer<T>> {
  const isText = typeof body === 'string';
  const response = await fetch(new URL(path, system.apiUrl), {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': isText ? 'text/x-opml' : 'application/json' }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, answer: (isJson ? JSON.parse(text) : text) as T, response };
}

interface Feed {
  id: string;
  url: string;
  state: string;
  title: string | null;
  unread: number;
  tags: string[];
  found: { url: string }[];
  failure: { code: string; times: number } | null;
  nextAt: string | null;
  task: string | null;
}

interface Entry {
  id: string;
  title: string;
  guid: string;
  read: boolean;
  starred: boolean;
  html: string;
  links: { thumbnail: string | null };
}

/** Subscribes, and waits until the feed has been fetched. */
async function subscribe(url: string, key?: string): Promise<Feed> {
  const { status, answer } = await call<Feed>('POST', '/v1/feeds', { url }, key);
  if (answer.task === null) return answer;
  expect(status).toBe(202);
  await ended(answer.task, key);
  return (await call<Feed>('GET', `/v1/feeds/${answer.id}`, undefined, key)).answer;
}

async function refresh(id: string, key?: string): Promise<ShownTask> {
  const { answer } = await call<ShownTask>('POST', `/v1/feeds/${id}/refresh`, undefined, key);
  return ended(answer.id, key);
}

async function ended(task: string, key?: string): Promise<ShownTask> {
  for (;;) {
    const response = await fetch(`${system.apiUrl}/v1/tasks/${task}`, {
      headers: { prefer: 'wait=20', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    });
    const shown = (await response.json()) as ShownTask;
    if (['succeeded', 'failed', 'cancelled'].includes(shown.state)) return shown;
  }
}

const entriesOf = async (id: string, query = '', key?: string): Promise<Entry[]> =>
  (await call<{ items: Entry[] }>('GET', `/v1/feeds/${id}/entries${query}`, undefined, key)).answer.items;

/** Nothing of it leads out of this machine. */
const feedOf = (items: number): string => sampleFeed(items, origin.url);
const rss = { 'content-type': 'application/rss+xml' };
const asked = (path: string): number => origin.requests.filter((request) => request.path === path).length;

test('a subscribed feed shows its entries; an edit updates one and a new one is added', async () => {
  const url = origin.serve('/a.xml', bytes(feedOf(3), rss));
  const feed = await subscribe(url);
  expect(feed).toMatchObject({ state: 'active', title: 'Sample feed', unread: 3, failure: null });
  expect(Date.parse(String(feed.nextAt))).toBeGreaterThan(Date.now());
  const before = await entriesOf(feed.id);
  expect(before.map(({ title }) => title)).toEqual(['Entry 3', 'Entry 2', 'Entry 1']);

  origin.serve('/a.xml', bytes(feedOf(4).replace('Entry 2<', 'Entry 2, corrected<'), rss));
  expect(await refresh(feed.id)).toMatchObject({ result: { outcome: 'updated', added: 1, changed: 1 } });
  const after = await entriesOf(feed.id);
  expect(after.map(({ title }) => title)).toEqual(['Entry 4', 'Entry 3', 'Entry 2, corrected', 'Entry 1']);
  expect(after[2]?.id).toBe(before[1]?.id);
  expect(await refresh(feed.id)).toMatchObject({ result: { outcome: 'unchanged', added: 0, changed: 0 } });
}, 60_000);

test('a feed that is as it was is answered 304 and only its check is noted', async () => {
  const url = origin.serve('/etag.xml', withEtag('"v1"', feedOf(2), rss));
  const feed = await subscribe(url);
  const first = await call<{ checkedAt: string; updatedAt: string }>('GET', `/v1/feeds/${feed.id}`);
  expect(await refresh(feed.id)).toMatchObject({ result: { outcome: 'unchanged' } });
  const second = await call<typeof first.answer>('GET', `/v1/feeds/${feed.id}`);
  expect(origin.requests.filter(({ path }) => path === '/etag.xml').at(-1)?.headers).toMatchObject({
    'if-none-match': '"v1"',
  });
  expect(second.answer.updatedAt).toBe(first.answer.updatedAt);
  expect(second.answer.checkedAt > first.answer.checkedAt).toBe(true);
}, 60_000);

test('two owners have one feed, fetched once, and each what he has read', async () => {
  const url = origin.serve('/shared.xml', bytes(feedOf(3), rss));
  const [ann, bob] = await Promise.all([subscribe(url, keys.ann), subscribe(url, keys.bob)]);
  expect(asked('/shared.xml')).toBe(1);
  expect(ann.id).not.toBe(bob.id);
  const [newest] = await entriesOf(ann.id, '', keys.ann);
  await call('PATCH', `/v1/entries/${newest?.id}`, { read: true, starred: true }, keys.ann);
  const unread = async (id: string, key: string) =>
    (await call<Feed>('GET', `/v1/feeds/${id}`, undefined, key)).answer.unread;
  expect(await unread(ann.id, keys.ann)).toBe(2);
  expect(await unread(bob.id, keys.bob)).toBe(3);
  expect((await entriesOf(ann.id, '?unread=true', keys.ann)).map(({ title }) => title)).toEqual([
    'Entry 2',
    'Entry 1',
  ]);
  expect(await entriesOf(ann.id, '?starred=true', keys.ann)).toMatchObject([
    { title: 'Entry 3', read: true },
  ]);
  expect(await entriesOf(bob.id, '?starred=true', keys.bob)).toEqual([]);
  await call('POST', `/v1/feeds/${bob.id}/read`, {}, keys.bob);
  expect(await unread(bob.id, keys.bob)).toBe(0);
  expect(await unread(ann.id, keys.ann)).toBe(2);

  const others = [
    ['GET', `/v1/feeds/${ann.id}`],
    ['PATCH', `/v1/feeds/${ann.id}`, { title: 'mine' }],
    ['DELETE', `/v1/feeds/${ann.id}`],
    ['POST', `/v1/feeds/${ann.id}/refresh`],
    ['GET', `/v1/feeds/${ann.id}/entries`],
    ['POST', `/v1/feeds/${ann.id}/read`, {}],
    ['GET', `/v1/feeds/${ann.id}/icon`],
    ['GET', `/v1/tasks/${ann.task ?? ann.id}`],
  ] as const;
  for (const [method, path, body] of others)
    expect({ path, status: (await call(method, path, body, keys.bob)).status }).toEqual({
      path,
      status: 404,
    });
  expect((await call<Feed>('GET', `/v1/feeds/${ann.id}`, undefined, keys.ann)).answer.unread).toBe(2);
}, 60_000);

test('a feed that fails says why and when it is tried again; one that is gone for good has ended', async () => {
  const feed = await subscribe(origin.serve('/broken.xml', bytes('no', {}, 500)));
  expect(feed).toMatchObject({ state: 'new', failure: { code: 'http-500', times: 1 } });
  expect(Date.parse(String(feed.nextAt))).toBeGreaterThan(Date.now() + 60_000);
  origin.serve('/broken.xml', bytes('gone', {}, 410));
  expect(await refresh(feed.id)).toMatchObject({ state: 'succeeded', result: { outcome: 'ended' } });
  const { answer } = await call<Feed>('GET', `/v1/feeds/${feed.id}`);
  expect(answer).toMatchObject({ state: 'ended', nextAt: null, failure: { code: 'http-410' } });
  origin.serve('/broken.xml', bytes(feedOf(1), rss));
  await refresh(feed.id);
  expect((await call<Feed>('GET', `/v1/feeds/${feed.id}`)).answer).toMatchObject({
    state: 'active',
    failure: null,
  });
}, 60_000);

test('a feed that has moved for good is fetched from there, and joins the one that is there already', async () => {
  const there = origin.serve('/new.xml', bytes(feedOf(2), rss));
  const here = origin.serve('/old.xml', bytes(feedOf(2), rss));
  const mine = await subscribe(here, keys.ann);
  await subscribe(there, keys.bob);
  const [newest] = await entriesOf(mine.id, '', keys.ann);
  await call('PATCH', `/v1/entries/${newest?.id}`, { starred: true }, keys.ann);
  origin.serve('/old.xml', redirect('/new.xml', 301));
  expect(await refresh(mine.id, keys.ann)).toMatchObject({ result: { outcome: 'merged' } });
  const moved = await call<Feed>('GET', `/v1/feeds/${mine.id}`, undefined, keys.ann);
  expect(moved.answer).toMatchObject({ id: mine.id, url: there, state: 'active' });
  expect(await entriesOf(mine.id, '?starred=true', keys.ann)).toMatchObject([{ title: newest?.title }]);
}, 60_000);

test('a page with several feeds lets its subscriber choose', async () => {
  origin.serve('/one.xml', bytes(feedOf(1), rss));
  const page = `<html><head><title>Blog</title>
    <link rel="alternate" type="application/rss+xml" href="/one.xml" title="Posts">
    <link rel="alternate" type="application/rss+xml" href="/two.xml" title="Comments"></head></html>`;
  const feed = await subscribe(origin.serve('/blog', bytes(page, { 'content-type': 'text/html' })));
  expect(feed).toMatchObject({ state: 'choose', nextAt: null });
  expect(feed.found.map(({ url }) => url)).toEqual([`${origin.url}/one.xml`, `${origin.url}/two.xml`]);
  const chosen = await call<Feed>('PATCH', `/v1/feeds/${feed.id}`, { url: feed.found[0]?.url });
  await ended(String(chosen.answer.task));
  expect((await call<Feed>('GET', `/v1/feeds/${feed.id}`)).answer).toMatchObject({
    id: feed.id,
    state: 'active',
    unread: 1,
  });
}, 60_000);

test('the clocks refresh a feed once when its time has come', async () => {
  const feed = await subscribe(origin.serve('/clock.xml', bytes(feedOf(1), rss)));
  origin.serve('/clock.xml', bytes(feedOf(2), rss));
  const before = asked('/clock.xml');
  await database.collection('feeds').updateOne({ url: feed.url }, { $set: { nextAt: new Date() } });
  await origin.asked('/clock.xml', before + 1);
  for (let unread = 1; unread < 2;) ({ unread } = (await call<Feed>('GET', `/v1/feeds/${feed.id}`)).answer);
  expect(asked('/clock.xml')).toBe(before + 1);
}, 60_000);

test('a worker of two types pauses the one and works the other', async () => {
  const feed = await subscribe(origin.serve('/paused.xml', bytes(feedOf(1), rss)));
  expect((await call('POST', '/v1/queues/feed.refresh/pause')).status).toBe(200);
  const { answer: waiting } = await call<ShownTask>('POST', `/v1/feeds/${feed.id}/refresh`);
  const fetched = await system.ended((await system.submit('feed.fetch', { url: feed.url })).id);
  expect(fetched.state).toBe('succeeded');
  expect((await system.task(waiting.id)).state).not.toBe('succeeded');
  expect((await call('POST', '/v1/queues/feed.refresh/resume')).status).toBe(200);
  expect(await system.ended(waiting.id)).toMatchObject({ state: 'succeeded', attempt: 1 });
}, 60_000);

describe('images', () => {
  test('of an entry are fetched by tasks and come from here; the origin is never in the HTML', async () => {
    const png = origin.serve('/p.png', bytes(samplePng(40, 30), { 'content-type': 'image/png' }));
    const html = `&lt;p&gt;Look: &lt;img src="${png}" alt="p"&gt;&lt;/p&gt;`;
    const xml = feedOf(1).replace(/&lt;p&gt;Text.*p&gt;/, html);
    const feed = await subscribe(origin.serve('/img.xml', bytes(xml, rss)));
    const [listed] = await entriesOf(feed.id);
    const { answer: entry } = await call<Entry>('GET', `/v1/entries/${listed?.id}`);
    expect(entry.html).not.toContain(origin.url);
    const src = String(/src="([^"]+)"/.exec(entry.html)?.[1]);
    expect((await call('GET', src)).status).toBe(404);

    let images = await call<{ images: { src: string; state: string }[] }>(
      'POST',
      `/v1/entries/${entry.id}/images`,
    );
    while (images.status === 202)
      images = await call<typeof images.answer>('POST', `/v1/entries/${entry.id}/images`);
    expect(images.answer.images).toMatchObject([
      { src, state: 'ready' },
      { src: `/v1/entries/${entry.id}/thumbnail`, state: 'ready' },
    ]);
    for (const path of [src, String(listed?.links.thumbnail)]) {
      const image = await call('GET', path);
      expect(image.status).toBe(200);
      expect(image.response.headers.get('content-type')).toBe('image/webp');
    }
    // Once for the thumbnail, once for the text.
    expect(asked('/p.png')).toBe(2);
  }, 60_000);
});

describe('OPML', () => {
  test('goes in and comes out again the same, and bad feeds are named', async () => {
    const outline = (n: number) => `<outline type="rss" text="F${n}" xmlUrl="${origin.url}/o${n}.xml"/>`;
    for (const n of [1, 2, 3]) origin.serve(`/o${n}.xml`, bytes(feedOf(n), rss));
    const opml = `<opml version="2.0"><body><outline text="Tech &amp; co">${outline(1)}${outline(2)}</outline>
      ${outline(3)}<outline text="bad" xmlUrl="ftp://example.org/x"/></body></opml>`;
    const key = await keyOf('carol');
    expect(await call('POST', '/v1/feeds/opml', opml, key)).toMatchObject({
      status: 200,
      answer: { imported: 3, existing: 0, refused: [{ url: 'ftp://example.org/x', title: 'bad' }] },
    });
    const list = async (of: string) =>
      (await call<{ items: Feed[] }>('GET', '/v1/feeds', undefined, of)).answer.items.map(
        ({ url, title, tags }) => ({ url, title, tags }),
      );
    const mine = await list(key);
    expect(mine).toHaveLength(3);
    const out = await call<string>('GET', '/v1/feeds/opml', undefined, key);
    const other = await keyOf('dave');
    expect((await call('POST', '/v1/feeds/opml', out.answer, other)).answer).toMatchObject({ imported: 3 });
    const byUrl = (a: { url: string }, b: { url: string }) => a.url.localeCompare(b.url);
    expect((await list(other)).sort(byUrl)).toEqual(mine.sort(byUrl));
    expect((await call('POST', '/v1/feeds/opml', opml, key)).answer).toMatchObject({
      imported: 0,
      existing: 3,
    });
    await origin.asked('/o3.xml');
  }, 60_000);
});
