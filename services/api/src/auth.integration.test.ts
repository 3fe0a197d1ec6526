import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newTask, newId, messageOf } from '@offload/store/new-task';
import { systemEcho } from '@offload/contracts/system-echo';
import * as moves from '@offload/store/moves';
import type { Role } from '@offload/store/api-keys';
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
