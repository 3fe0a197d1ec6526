import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FeedRecord } from '@offload/store/feed-record';
import { FEEDS } from '@offload/store/feed-record';
import { entryId, identityOf, type EntryRecord } from '@offload/store/entries-record';
import { newId } from '@offload/store/new-task';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';
import type { Feed } from './feed-resource.js';

let api: OwnApi;
let client: OwnApi['client'];
beforeAll(async () => {
  api = await startApiWithoutBroker('api-feeds');
  ({ client } = api);
});
afterAll(() => api.remove());

const bodyOf = <T = unknown>(answer: { body: unknown }): T => answer.body as T;
const newUrl = (): string => `https://${newId()}.example.org/feed.xml`;

async function subscribe(url = newUrl(), more: object = {}): Promise<Feed> {
  return bodyOf(await client.post('/v1/feeds').send({ url, ...more }));
}

/** The feed as if it had been fetched, with entries of these titles, the first the newest. */
async function fetched(feed: Feed, titles: string[], change: Partial<FeedRecord> = {}): Promise<string> {
  const { feeds, entries } = api.store;
  const record = await api.store.connection.mongo
    .collection<FeedRecord>(FEEDS)
    .findOneAndUpdate({ url: feed.url }, { $set: { state: 'active', ...change } });
  const id = record?._id ?? '';
  const now = feeds.now();
  const added = titles.map((title, n): Omit<EntryRecord, 'seenAt'> => {
    const at = new Date(now.getTime() - n * 3_600_000);
    const entry = { id: title, title, image: null, author: n === 0 ? 'Ann' : null } as EntryRecord['entry'];
    const html = `<p><img src="https://images.example.org/${n}.png" /></p>`;
    const { key, digest } = identityOf({ ...entry, html });
    const rest = { entry, html, excerpt: `About ${title}`, bytes: 10, changedAt: now };
    return { _id: entryId(id, key, at), feed: id, key, digest, ...rest };
  });
  await entries.write({ added, edited: [] });
  return id;
}

interface Listed {
  items: { id: string; title: string; read: boolean; starred: boolean; feed: string }[];
  next: string | null;
}

const list = async (path: string): Promise<Listed> => bodyOf(await client.get(path).expect(200));
const titles = async (path: string): Promise<string[]> => (await list(path)).items.map(({ title }) => title);

/** A subscription of another owner. */
async function others(): Promise<{ id: string; entry: string }> {
  const url = newUrl();
  const outcome = await api.store.subscriptions.subscribe('other', [{ url }]);
  if (typeof outcome === 'string' || !outcome[0]) throw new Error(JSON.stringify(outcome));
  const { subscription, feed } = outcome[0];
  await fetched({ url } as Feed, ['Theirs']);
  const [entry] = await api.store.entries.list([feed._id], { limit: 1 });
  return { id: subscription._id, entry: entry?._id ?? '' };
}

describe('POST /v1/feeds', () => {
  test('subscribes, and has a task fetch the feed', async () => {
    const url = newUrl();
    const answer = await client
      .post('/v1/feeds')
      .send({ url, title: ' Mine ', tags: ['A b'] })
      .expect(202);
    const feed = bodyOf<Feed>(answer);
    expect(answer.get('Location')).toBe(`/v1/feeds/${feed.id}`);
    expect(answer.get('Retry-After')).toBe('1');
    expect(feed).toMatchObject({
      url,
      title: 'Mine',
      ownTitle: null,
      state: 'new',
      tags: ['A b'],
      unread: 0,
    });
    const body = bodyOf(await client.get(`/v1/tasks/${feed.task}`).expect(200));
    expect(body).toMatchObject({ type: 'feed.refresh', lane: 'interactive' });
  });

  test('of the same URL is the same subscription and the same task, also many times at once', async () => {
    const url = newUrl();
    const all = await Promise.all(Array.from({ length: 10 }, () => subscribe(url)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(new Set(all.map(({ task }) => task)).size).toBe(1);
  });

  test('of a feed that is well makes no task', async () => {
    const url = newUrl();
    await api.store.subscriptions.subscribe('other', [{ url }]);
    await fetched({ url } as Feed, []);
    const body = bodyOf(await client.post('/v1/feeds').send({ url }).expect(201));
    expect(body).toMatchObject({ task: null, state: 'active' });
    await client.post('/v1/feeds').send({ url }).expect(200);
  });

  test.each([
    ['feed://example.org/a.xml#x', 'http://example.org/a.xml'],
    ['feed:https://example.org/b.xml', 'https://example.org/b.xml'],
    [' HTTPS://EXAMPLE.org:443/c ', 'https://example.org/c'],
    ['https://example.org', 'https://example.org/'],
  ])('takes %j as %s', async (given, url) => expect((await subscribe(given)).url).toBe(url));

  test.each([
    [{}, '/url'],
    [{ url: 'ftp://example.org/' }, '/url'],
    [{ url: 'example' }, '/url'],
    [{ url: `https://example.org/${'x'.repeat(2_100)}` }, '/url'],
    [{ url: 'https://example.org/', tags: [''] }, '/tags/0'],
    [{ url: 'https://example.org/', title: '' }, '/title'],
    [{ url: 'https://example.org/', folder: 'x' }, '/folder'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await client.post('/v1/feeds').send(body).expect(422);
    expect(answer.body).toMatchObject({ code: 'invalid-request', errors: [{ pointer }] });
  });

  test('is the only way: a feed.refresh task is not taken from a client', async () => {
    const body = { type: 'feed.refresh', input: { feed: newId() } };
    const answer = await client.post('/v1/tasks').send(body).expect(422);
    expect(answer.body).toMatchObject({ code: 'invalid-task', errors: [{ pointer: '/type' }] });
  });
});

test('a task that refreshes one feed cannot be made to refresh another', async () => {
  const { task } = await subscribe();
  const tasks = api.store.connection.mongo.collection<{ _id: string }>('tasks');
  await tasks.updateOne({ _id: String(task) }, { $set: { state: 'failed' } });
  const edited = await client
    .post(`/v1/tasks/${task}/retry`)
    .send({ input: { feed: newId() } })
    .expect(409);
  expect(edited.body).toMatchObject({ code: 'not-retryable' });
  await client.post(`/v1/tasks/${task}/retry`).expect(202);
});

describe('a subscription', () => {
  test('is changed field by field', async () => {
    const { id } = await subscribe(newUrl(), { title: 'Mine', tags: ['a'] });
    const path = `/v1/feeds/${id}`;
    expect(
      (
        await client
          .patch(path)
          .send({ tags: ['b', 'c'] })
          .expect(200)
      ).body,
    ).toMatchObject({
      title: 'Mine',
      tags: ['b', 'c'],
    });
    expect((await client.patch(path).send({ title: null, tags: null })).body).toMatchObject({
      title: null,
      tags: [],
    });
  });

  test('may go to another URL, but not to one that is subscribed to', async () => {
    const [a, b] = [await subscribe(), await subscribe()];
    const path = `/v1/feeds/${a.id}`;
    const taken = await client.patch(path).send({ url: b.url }).expect(409);
    expect(taken.body).toMatchObject({ code: 'feed-exists' });
    const url = newUrl();
    const moved = bodyOf<Feed>(await client.patch(path).send({ url }).expect(200));
    expect(moved).toMatchObject({ id: a.id, url });
    expect(moved.task).not.toBeNull();
  });

  test('is listed newest first, by tag, and says 304 when nothing has changed', async () => {
    const tag = newId();
    const made = [await subscribe(newUrl(), { tags: [tag] }), await subscribe(newUrl(), { tags: [tag] })];
    const first = await list(`/v1/feeds?tag=${tag}&limit=1`);
    expect(first.items).toMatchObject([{ id: made[1]?.id }]);
    expect((await list(String(first.next))).items).toMatchObject([{ id: made[0]?.id }]);
    const answer = await client.get(`/v1/feeds/${made[0]?.id}`).expect(200);
    await client
      .get(`/v1/feeds/${made[0]?.id}`)
      .set('If-None-Match', String(answer.get('ETag')))
      .expect(304);
  });

  test('that is removed is gone with its marks; subscribed to again it is unread', async () => {
    const feed = await subscribe();
    await fetched(feed, ['One']);
    await client.post(`/v1/feeds/${feed.id}/read`).expect(200);
    await client.delete(`/v1/feeds/${feed.id}`).expect(204);
    await client.delete(`/v1/feeds/${feed.id}`).expect(404);
    expect((await client.get(`/v1/feeds/${feed.id}`).expect(404)).body).toMatchObject({
      code: 'feed-not-found',
    });
    expect(await subscribe(feed.url)).toMatchObject({ unread: 1 });
  });

  test('of another owner, and its entries, are not there for one who knows their ids', async () => {
    const { id, entry } = await others();
    for (const path of [`/v1/feeds/${id}`, `/v1/feeds/${id}/entries`, `/v1/feeds/${id}/icon`])
      expect((await client.get(path).expect(404)).body).toMatchObject({ code: 'feed-not-found' });
    for (const path of ['', '/thumbnail', '/images/0'].map((part) => `/v1/entries/${entry}${part}`))
      expect((await client.get(path).expect(404)).body).toMatchObject({ code: 'entry-not-found' });
    await client.patch(`/v1/entries/${entry}`).send({ read: true }).expect(404);
    await client.post(`/v1/entries/${entry}/images`).expect(404);
    await client.post(`/v1/feeds/${id}/refresh`).expect(404);
    await client.post(`/v1/feeds/${id}/read`).expect(404);
    await client.patch(`/v1/feeds/${id}`).send({ title: 'x' }).expect(404);
    await client.delete(`/v1/feeds/${id}`).expect(404);
    const marked = await client
      .post('/v1/entries/marks')
      .send({ entries: [entry], read: true })
      .expect(200);
    expect(marked.body).toEqual({ marked: 0, unknown: [entry] });
    expect(await titles('/v1/entries?limit=200')).not.toContain('Theirs');
    expect(await api.store.marks.of('local', [entry])).toEqual(new Map());
  });

  test.each(['nonsense', newId()])('%s is not there', async (id) => {
    await client.get(`/v1/feeds/${id}`).expect(404);
    await client.get(`/v1/entries/${id}`).expect(404);
  });
});

describe('entries', () => {
  test('are listed over all feeds or of one, in pages, each once', async () => {
    const tag = newId();
    const [a, b] = [await subscribe(newUrl(), { tags: [tag] }), await subscribe(newUrl(), { tags: [tag] })];
    await fetched(a, ['a1', 'a2', 'a3']);
    await fetched(b, ['b1', 'b2']);
    const seen: string[] = [];
    for (let path: string | null = `/v1/entries?tag=${tag}&limit=2`; path;) {
      const page: Listed = await list(path);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ title }) => title));
      path = page.next;
    }
    expect(seen.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
    expect(await titles(`/v1/feeds/${a.id}/entries`)).toEqual(['a1', 'a2', 'a3']);
    const whole = await client.get('/v1/entries').expect(200);
    expect(JSON.stringify(whole.body)).not.toContain('<img');
  });

  test('are filtered by what is read, what is starred, and words', async () => {
    const feed = await subscribe();
    await fetched(feed, ['Red apple', 'Green apple', 'Red car']);
    const path = `/v1/feeds/${feed.id}/entries`;
    const [first, second] = (await list(path)).items;
    await client.patch(`/v1/entries/${first?.id}`).send({ read: true, starred: true }).expect(200);
    expect(await titles(`${path}?unread=true`)).toEqual(['Green apple', 'Red car']);
    expect(await titles(`${path}?unread=false`)).toEqual(['Red apple']);
    expect(await titles(`${path}?starred=true`)).toEqual(['Red apple']);
    expect(await titles(`${path}?starred=false&limit=1`)).toEqual(['Green apple']);
    expect(await titles(`${path}?starred=true&unread=true`)).toEqual([]);
    expect(await titles(`${path}?q=APPLE+red`)).toEqual(['Red apple']);
    expect(await titles(`${path}?q=ann`)).toEqual(['Red apple']);
    const body = { entries: [first?.id, second?.id, newId()], read: true, starred: false };
    expect((await client.post('/v1/entries/marks').send(body)).body).toMatchObject({ marked: 2 });
    expect(await titles(`${path}?starred=true`)).toEqual([]);
    expect((await client.get(`/v1/feeds/${feed.id}`)).body).toMatchObject({ unread: 1 });
  });

  test('that come after the time up to which all is read stay unread', async () => {
    const feed = await subscribe();
    await fetched(feed, ['old']);
    const body = bodyOf(await client.post(`/v1/feeds/${feed.id}/read`).send({}).expect(200));
    expect(body).toMatchObject({ feeds: 1 });
    await fetched(feed, ['new']);
    expect(await titles(`/v1/feeds/${feed.id}/entries?unread=true`)).toEqual(['new']);
    const ahead = await client.post('/v1/entries/read').send({ before: '2999-01-01T00:00:00Z' }).expect(200);
    expect(Date.parse(bodyOf<{ before: string }>(ahead).before)).toBeLessThan(Date.now() + 60_000);
    await fetched(feed, ['newest']);
    expect(await titles(`/v1/feeds/${feed.id}/entries?unread=true`)).toEqual(['newest']);
  });

  test('of the feeds with a tag are read together, those of others stay', async () => {
    const [tagged, other] = [await subscribe(newUrl(), { tags: ['to read'] }), await subscribe()];
    await fetched(tagged, ['of the tag']);
    await fetched(other, ['of none']);
    const body = bodyOf(await client.post('/v1/entries/read').send({ tag: 'to read' }).expect(200));
    expect(body).toMatchObject({ feeds: 1 });
    expect(await titles(`/v1/feeds/${tagged.id}/entries?unread=true`)).toEqual([]);
    expect(await titles(`/v1/feeds/${other.id}/entries?unread=true`)).toEqual(['of none']);
    await client.post(`/v1/feeds/${other.id}/read`).send({ tag: 'to read' }).expect(422);
  });

  test.each(['limit=0', 'limit=201', 'cursor=x', 'unread=yes', 'q=', 'foo=1'])(
    'are not listed by ?%s',
    async (query) => {
      const body = bodyOf(await client.get(`/v1/entries?${query}`).expect(422));
      expect(body).toMatchObject({ code: 'invalid-query', errors: [{ parameter: query.split('=')[0] }] });
    },
  );

  test('have their images fetched by one task each, whoever asks how often', async () => {
    const feed = await subscribe();
    await fetched(feed, ['pictures']);
    const [entry] = (await list(`/v1/feeds/${feed.id}/entries`)).items;
    const { html } = bodyOf<{ html: string }>(await client.get(`/v1/entries/${entry?.id}`).expect(200));
    const src = String(/src="([^"]+)"/.exec(html)?.[1]);
    expect((await client.get(src).expect(404)).body).toMatchObject({ code: 'image-not-ready' });
    const ask = () => client.post(`/v1/entries/${entry?.id}/images`).expect(202);
    const answers = await Promise.all([ask(), ask(), ask()]);
    for (const each of answers) expect(bodyOf(each)).toMatchObject({ images: [{ src, state: 'underway' }] });
    const tasks = api.store.connection.mongo.collection('tasks');
    const made = await tasks.find({ type: 'image.resize' }).toArray();
    expect(made).toMatchObject([{ owner: ':system', lane: 'interactive' }]);
    await tasks.updateMany(
      { type: 'image.resize' },
      { $set: { state: 'failed', error: { code: 'http-404', message: 'It is not there.' } } },
    );
    const done = await client.post(`/v1/entries/${entry?.id}/images`).expect(200);
    expect(done.body).toMatchObject({ images: [{ src, state: 'unavailable', reason: 'It is not there.' }] });
    expect((await client.get(src).expect(404)).body).toMatchObject({ code: 'image-unavailable' });
    await client.get(src.replace(/[^/]+$/, 'another')).expect(404);
  });
});

describe('OPML', () => {
  const send = (body: string | Buffer, type = 'text/x-opml') =>
    client.post('/v1/feeds/opml').set('Content-Type', type).send(body);

  test('of thousands of feeds is taken in seconds, the feeds due for the clock and no task made here', async () => {
    const feeds = Array.from({ length: 2_000 }, (_, n) => `<outline xmlUrl="https://f${n}.example.org/"/>`);
    const began = performance.now();
    const body = bodyOf(await send(`<opml><body>${feeds.join('')}</body></opml>`).expect(200));
    expect(body).toEqual({ imported: 2_000, existing: 0, refused: [] });
    expect(performance.now() - began).toBeLessThan(15_000);
    expect((await api.store.feeds.due(500)).length).toBe(500);
    const out = await client.get('/v1/feeds/opml').expect(200);
    expect(out.get('Content-Disposition')).toContain('feeds.opml');
    expect(out.text.match(/xmlUrl/g)?.length).toBeGreaterThanOrEqual(2_000);
  });

  test.each([
    ['no OPML', '<html></html>', 'text/xml', 422, 'invalid-opml'],
    ['nothing', '', 'text/xml', 422, 'invalid-opml'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded', 415, 'wrong-content-type'],
    ['too many', `<opml>${'<outline xmlUrl="x"/>'.repeat(10_001)}`, 'text/xml', 422, 'invalid-opml'],
    ['too much', `<opml>${' '.repeat(8 * 1024 * 1024)}</opml>`, 'text/xml', 413, 'too-large'],
  ])('that is %s is refused', async (_name, body, type, status, code) => {
    expect((await send(body, type).expect(status)).body).toMatchObject({ code });
  });

  test('names what it leaves out', async () => {
    const text = '<opml><outline text="No" xmlUrl="mailto:a@b"/><outline xmlUrl="javascript:1"/></opml>';
    expect((await send(text).expect(200)).body).toEqual({
      imported: 0,
      existing: 0,
      refused: [
        { url: 'mailto:a@b', title: 'No', reason: expect.stringMatching(/http or https/) },
        { url: 'javascript:1', title: null, reason: expect.stringMatching(/http or https/) },
      ],
    });
  });
});
