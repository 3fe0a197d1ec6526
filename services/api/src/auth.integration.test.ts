import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newTask, newId, messageOf } from '@offload/store/new-task';
import { systemEcho } from '@offload/contracts/system-echo';
import * as moves from '@offload/store/moves';
import type { Role } from '@offload/store/api-keys';
import { entryId, type EntryRecord } from '@offload/store/entries-record';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { createTestVhost, type TestVhost } from '../../../test/support/rabbitmq.js';
import { until } from '../../../test/support/until.js';
import { mayDo, roleNeeded } from './access.js';
import { openApiDocument } from './openapi.js';

let database: TestDatabase;
let vhost: TestVhost;
let api: ApiFixture;
let client: ReturnType<typeof supertest>;
/** A key of each owner. */
const keys: Record<'ann' | 'bob' | 'admin', string> = { ann: '', bob: '', admin: '' };
beforeAll(async () => {
  database = testDatabase('api-auth');
  vhost = await createTestVhost('api-auth');
  api = await startApi({ mongodbUri: database.uri, amqpUrl: vhost.url, local: false });
  await api.store.connection.ready();
  client = supertest(api.url);
  keys.ann = await keyOf('ann', ['operate']);
  keys.bob = await keyOf('bob', ['operate']);
  keys.admin = await keyOf('root', ['admin']);
});
afterAll(async () => {
  await api.stop();
  await database.remove();
  await vhost.remove();
});

const keyOf = async (owner: string, roles: Role[], expiresAt?: Date): Promise<string> =>
  (await api.store.keys.create({ owner, name: 'a test', roles, ...(expiresAt && { expiresAt }) })).key;
const as = (key: string) => ({ Authorization: `Bearer ${key}` });
const echo = { type: 'system.echo', input: { message: 'hi' } };
const bodyIn = ({ body }: { body: unknown }) => body;
const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id;
const submit = async (key: string) =>
  idOf(await client.post('/v1/tasks').set(as(key)).send(echo).expect(202));

describe('without a valid key', () => {
  test('nothing below /v1 is served, and the answer says how to send one', async () => {
    const answer = await client.get('/v1/tasks').expect(401);
    expect(answer.get('WWW-Authenticate')).toBe('Bearer realm="offload"');
    expect(answer.body).toMatchObject({ code: 'no-key', status: 401 });
    await client.post('/v1/tasks').send(echo).expect(401);
    await client.get('/v1/nowhere').expect(401);
  });

  test('health, documents and pages are served', async () => {
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs', '/'])
      await client.get(path).expect(200);
  });

  test.each([
    ['another scheme', 'Basic b2ZsOg=='],
    ['no key at all', 'Bearer'],
    ['a key of another form', 'Bearer ofl_short'],
    ['a key that nobody made', `Bearer ofl_${'A'.repeat(43)}`],
  ])('%s is refused', async (_what, authorization) => {
    const answer = await client.get('/v1/tasks').set({ Authorization: authorization }).expect(401);
    expect(answer.get('WWW-Authenticate')).toContain('invalid_token');
    expect(answer.body).toMatchObject({ code: 'invalid-key' });
  });

  test('an expired key is refused, also one that was known before', async () => {
    const soon = new Date(api.store.tasks.now().getTime() + 300);
    const key = await keyOf('ann', ['read'], soon);
    await client.get('/v1/tasks').set(as(key)).expect(200);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await client.get('/v1/tasks').set(as(key)).expect(401);
  });
});

test('a key may do what its roles say, on every route', async () => {
  const routes = Object.entries(openApiDocument().paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item).map((method) => ({ method, path, needed: roleNeeded(method, path) })),
  );
  expect(routes.filter(({ needed }) => needed === null).map(({ path }) => path)).not.toContain(
    expect.stringContaining('/v1'),
  );
  let refused = 0;
  for (const role of ['read', 'submit', 'operate'] as const) {
    const key = await keyOf('eve', [role]);
    for (const { method, path, needed } of routes) {
      if (needed === null || mayDo([role], needed)) continue;
      const url = path.replaceAll(/\{\w+\}/g, newId());
      const answer = await fetch(api.url + url, { method: method.toUpperCase(), headers: as(key) });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.headers.get('www-authenticate')).toContain(`scope="${needed}"`);
      expect(await answer.json()).toMatchObject({ code: 'forbidden' });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(10);
});

/** An entry of a feed that ann subscribes to. */
async function entryOf(store: ApiFixture['store'], subscription: string): Promise<string> {
  const feed = (await store.subscriptions.get('ann', subscription))?.feed ?? '';
  const now = store.feeds.now();
  const entry = {
    id: 'one',
    title: 'One',
    image: 'https://images.example.org/1.png',
  } as EntryRecord['entry'];
  const rest = { key: 'one', digest: '', entry, html: '', excerpt: '', bytes: 0, changedAt: now };
  const id = entryId(feed, 'one', now);
  await store.entries.write({ added: [{ _id: id, feed, ...rest }], edited: [] });
  return id;
}

describe("another owner's", () => {
  /** What ann has, by the first part of the path. */
  const owned: Record<string, string> = {};
  beforeAll(async () => {
    owned.tasks = await submit(keys.ann);
    const batch = { tasks: [echo] };
    owned.batches = idOf(await client.post('/v1/batches').set(as(keys.ann)).send(batch).expect(202));
    const schedule = { name: 'daily', type: 'system.echo', input: {}, cron: '@daily' };
    owned.schedules = idOf(await client.post('/v1/schedules').set(as(keys.ann)).send(schedule).expect(201));
    const upload = client.post('/v1/files?name=a.txt').set(as(keys.ann)).type('text/plain');
    owned.files = idOf(await upload.send('hello').expect(201));
    const feed = { url: 'https://feed.example.org/' };
    owned.feeds = idOf(await client.post('/v1/feeds').set(as(keys.ann)).send(feed).expect(202));
    owned.entries = await entryOf(api.store, owned.feeds);
  });

  /** Parts of paths that are not an owner's. */
  const everybodys = /^\/v1\/(queues|keys)\//;
  const routes = Object.entries(openApiDocument().paths ?? {})
    .filter(([path]) => path.includes('{') && !everybodys.test(path))
    .flatMap(([path, item]) => Object.keys(item).map((method) => [method.toUpperCase(), path] as const));

  test.each(routes)('%s %s is a 404, and nothing is changed', async (method, path) => {
    const [, , collection = ''] = path.split('/');
    const id = owned[collection];
    if (id === undefined) throw new Error(`This test does not know an id for ${path}.`);
    const url = path.replace(/\{(id|entry)\}/, id).replaceAll(/\{\w+\}/g, 'a.txt');
    const body = ['POST', 'PATCH'].includes(method) && { body: JSON.stringify(bodyOf(path)) };
    const headers = { ...as(keys.bob), 'Content-Type': 'application/json' };
    const answer = await fetch(api.url + url, { method, headers, ...body });
    expect([answer.status, await answer.json()]).toMatchObject([404, { status: 404 }]);
  });

  const bodyOf = (path: string): object => (path === '/v1/schedules/{id}' ? { paused: true } : {});

  test('are still there, and in no list of somebody else', async () => {
    for (const [collection, id] of Object.entries(owned)) {
      await client.get(`/v1/${collection}/${id}`).set(as(keys.ann)).expect(200);
      if (collection === 'files') continue;
      const body = bodyIn(await client.get(`/v1/${collection}`).set(as(keys.bob)).expect(200));
      expect(JSON.stringify(body)).not.toContain(id);
    }
  });

  test('tasks cannot be waited for, named as a source or cancelled with many', async () => {
    const task = owned.tasks;
    await client
      .post('/v1/tasks')
      .set(as(keys.bob))
      .send({ ...echo, after: [task] })
      .expect(422);
    const filter = { ids: [task] };
    const body = bodyIn(await client.post('/v1/tasks/cancel').set(as(keys.bob)).send(filter).expect(200));
    expect(body).toMatchObject({ done: 0 });
  });
});

describe('a file of a task', () => {
  async function withFile(): Promise<{ url: string; tag: string }> {
    const { store } = api;
    const task = newTask(
      systemEcho,
      { message: '', delayMs: 0 },
      { owner: 'ann', lane: 'bulk', now: store.tasks.now() },
    );
    await store.tasks.create(task);
    const claim = await store.tasks.claim(messageOf(task), 'a test', new Set());
    if (claim.kind !== 'claimed') throw new Error('not claimed');
    const { token } = claim;
    const file = { owner: 'ann', name: 'it’s a.txt', type: 'text/plain', task: task._id, token };
    await store.files.save(file, Buffer.from('hello'));
    const move = moves.finish({
      id: task._id,
      token,
      result: { message: '', attempt: 1 },
      keepMs: task.keepMs,
      now: store.tasks.now(),
    });
    expect(await store.tasks.settle(move, { id: task._id, token })).toBe('applied');
    const shown = await client.get(`/v1/tasks/${task._id}`).set(as(keys.ann)).expect(200);
    const [{ url }] = (shown.body as { files: [{ url: string }] }).files;
    return { url, tag: String(shown.get('ETag')) };
  }

  test('is read without a key by the address that its owner is shown, and by no other', async () => {
    const { url } = await withFile();
    const answer = await client.get(url).expect(200);
    expect(answer.text).toBe('hello');
    expect(answer.get('Content-Security-Policy')).toContain('sandbox');
    const [path, link] = url.split('?link=') as [string, string];
    await client.get(path).expect(401);
    const forged = await client.get(`${path}?link=${link.slice(0, -2)}AA`).expect(403);
    expect(forged.body).toMatchObject({ code: 'invalid-link' });
    const another = path.replace('a.txt', 'b.txt');
    await client.get(`${another}?link=${link}`).expect(403);
    await client.get(`/v1/tasks?link=${link}`).expect(403);
    await client.get(`${path}?link=x&link=y`).expect(403);
    expect((await fetch(api.url + url, { method: 'DELETE' })).status).toBe(403);
  });
});

describe('keys', () => {
  test('are made by an admin, shown once, listed without the key, and revoked at once here', async () => {
    const body = { owner: 'carl', name: 'his laptop', roles: ['submit', 'read', 'read'] };
    const made = await client.post('/v1/keys').set(as(keys.admin)).send(body).expect(201);
    const { key, id } = made.body as { key: string; id: string };
    expect(key).toMatch(/^ofl_[\w-]{43}$/);
    expect(made.get('Cache-Control')).toBe('no-store');
    expect(made.body).toMatchObject({ roles: ['submit', 'read'], expiresAt: null, ending: key.slice(-4) });
    await client.get('/v1/tasks').set(as(key)).expect(200);
    const listed = await client.get('/v1/keys?owner=carl').set(as(keys.admin)).expect(200);
    expect(listed.body).toMatchObject({ items: [{ id, name: 'his laptop' }], next: null });
    expect(JSON.stringify(listed.body)).not.toContain(key);
    await client.delete(`/v1/keys/${id}`).set(as(keys.admin)).expect(204);
    await client.get('/v1/tasks').set(as(key)).expect(401);
    await client.delete(`/v1/keys/${id}`).set(as(keys.admin)).expect(404);
  });

  test('are rotated: both are valid for a while, then the new one alone', async () => {
    const made = await api.store.keys.create({ owner: 'dora', name: 'old', roles: ['read'] });
    const rotate = (overlapMs: number) =>
      client.post(`/v1/keys/${made.record._id}/rotate`).set(as(keys.admin)).send({ overlapMs }).expect(201);
    const { key } = (await rotate(60_000)).body as { key: string };
    for (const each of [made.key, key]) await client.get('/v1/tasks').set(as(each)).expect(200);
    await rotate(0);
    await client.get('/v1/tasks').set(as(made.key)).expect(401);
    await client.get('/v1/tasks').set(as(key)).expect(200);
    const body = bodyIn(
      await client.post(`/v1/keys/${made.record._id}/rotate`).set(as(keys.admin)).expect(404),
    );
    expect(body).toMatchObject({ code: 'key-not-found' });
  });

  test('say when they were last used', async () => {
    const { key, record } = await api.store.keys.create({ owner: 'ann', name: 'used', roles: ['read'] });
    await client.get('/v1/tasks').set(as(key)).expect(200);
    const used = await until('its use to be noted', async () => {
      const answer = await client.get(`/v1/keys/${record._id}`).set(as(keys.admin)).expect(200);
      return (bodyIn(answer) as { lastUsedAt: string | null }).lastUsedAt ?? undefined;
    });
    expect(Date.parse(used)).toBeGreaterThan(record.createdAt.getTime() - 1);
  });

  test.each([
    ['an unknown role', { owner: 'a', name: 'b', roles: ['root'] }, '/roles/0'],
    ['no role', { owner: 'a', name: 'b', roles: [] }, '/roles'],
    ['an owner with a blank', { owner: 'a b', name: 'b', roles: ['read'] }, '/owner'],
    [
      'an end in the past',
      { owner: 'a', name: 'b', roles: ['read'], expiresAt: '2020-01-01T00:00:00Z' },
      '/expiresAt',
    ],
    ['an unknown field', { owner: 'a', name: 'b', roles: ['read'], key: 'x' }, '/key'],
  ])('with %s are refused', async (_what, body, pointer) => {
    const answer = await client.post('/v1/keys').set(as(keys.admin)).send(body).expect(422);
    expect(answer.body).toMatchObject({ code: 'invalid-request', errors: [{ pointer }] });
  });

  test('of an unknown id are a 404', async () => {
    for (const id of [newId(), 'x']) await client.get(`/v1/keys/${id}`).set(as(keys.admin)).expect(404);
  });
});
