import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entryId, type EntryRecord } from '@offload/store/entries-record';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { createTestVhost, type TestVhost } from '../../../test/support/rabbitmq.js';
import { until } from '../../../test/support/until.js';
import { openApiDocument } from './openapi.js';

/** What ann has, by where it is found: `tasks` for `/v1/tasks/{id}`. Bob knows all these ids. */
const owned: Record<string, string> = {};
const has = (collection: string): string => {
  const id = owned[collection];
  if (id === undefined) throw new Error(`This test does not know an id for /v1/${collection}/….`);
  return id;
};

let database: TestDatabase;
let vhost: TestVhost;
let api: ApiFixture;
let client: ReturnType<typeof supertest>;
const keys = { ann: '', bob: '' };
const document = openApiDocument();
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Described>).map(([method, described]) => ({
    method,
    path,
    described,
  })),
);
type Described = { requestBody?: object; parameters?: { in: string; name: string; schema: object }[] };

const as = (name: 'ann' | 'bob') => ({ Authorization: `Bearer ${keys[name]}` });
const echo = { type: 'system.echo', input: { message: 'hi' } };
const bodyIn = ({ body }: { body: unknown }) => body as Record<string, unknown>;

beforeAll(async () => {
  database = testDatabase('api-owners');
  vhost = await createTestVhost('api-owners');
  api = await startApi({ mongodbUri: database.uri, amqpUrl: vhost.url, local: false });
  await api.store.connection.ready();
  client = supertest(api.url);
  for (const owner of ['ann', 'bob'] as const)
    keys[owner] = (await api.store.keys.create({ owner, name: 'a test', roles: ['operate'] })).key;
  await giveAnnSome();
}, 60_000);
afterAll(async () => {
  await api.stop();
  await database.remove();
  await vhost.remove();
});

const post = async (owner: 'ann' | 'bob', path: string, body: object): Promise<string> => {
  const answer = await client.post(`/v1/${path}`).set(as(owner)).send(body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return String(bodyIn(answer).id);
};

/** Something of each kind; of kinds that only come about, what her lists show. */
async function giveAnnSome(): Promise<void> {
  owned.tasks = await post('ann', 'tasks', echo);
  owned.batches = await post('ann', 'batches', { tasks: [echo] });
  const schedule = { name: 'daily', type: 'system.echo', input: {}, cron: '@daily' };
  owned.schedules = await post('ann', 'schedules', schedule);
  const upload = client.post('/v1/files?name=a.txt').set(as('ann')).type('text/plain');
  owned.files = String(bodyIn(await upload.send('hello').expect(201)).id);
  owned.feeds = await post('ann', 'feeds', { url: 'https://feed.example.org/' });
  owned.entries = await entryOf(owned.feeds);
  const paths = Object.keys(document.paths ?? {});
  if (paths.includes('/v1/webhooks/deliveries')) await giveAnnWebhooks();
}

/** An entry of a feed that ann subscribes to. */
async function entryOf(subscription: string): Promise<string> {
  const { store } = api;
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

async function giveAnnWebhooks(): Promise<void> {
  owned['webhooks/secrets'] = await post('ann', 'webhooks/secrets', {});
  const url = 'https://hooks.example.org/';
  const task = await post('ann', 'tasks', { ...echo, callback: { url } });
  await client.post(`/v1/tasks/${task}/cancel`).set(as('ann')).expect(200);
  owned['webhooks/deliveries'] = await until('the delivery of the task that was cancelled', async () => {
    const { items } = bodyIn(await client.get('/v1/webhooks/deliveries').set(as('ann')).expect(200));
    return (items as { id: string }[])[0]?.id;
  });
  const delivery = await api.store.webhooks.get('ann', owned['webhooks/deliveries']);
  if (delivery) await api.store.webhooks.disableEndpoint(delivery, { code: 'http-410', message: 'Gone.' });
  const { items } = bodyIn(await client.get('/v1/webhooks/endpoints').set(as('ann')).expect(200));
  owned['webhooks/endpoints'] = (items as { id: string }[])[0]?.id ?? '';
}

describe("another owner's", () => {
  /** Parts of paths that are not an owner's. */
  const everybodys = /^\/v1\/(queues|keys)\//;
  const routes = operations
    .filter(({ path }) => path.includes('{') && !everybodys.test(path))
    .map(({ method, path }) => [method.toUpperCase(), path] as const);

  test.each(routes)('%s %s is a 404, and nothing is changed', async (method, path) => {
    const id = has(path.slice('/v1/'.length, path.indexOf('/{')));
    const url = path.replace(/\{\w+\}/, id).replaceAll(/\{\w+\}/g, 'a.txt');
    const body = ['POST', 'PATCH'].includes(method) && { body: JSON.stringify(bodyOf(path)) };
    const headers = { ...as('bob'), 'Content-Type': 'application/json' };
    const answer = await fetch(api.url + url, { method, headers, ...body });
    expect([answer.status, await answer.json()]).toMatchObject([404, { status: 404 }]);
  });

  const bodyOf = (path: string): object => (path === '/v1/schedules/{id}' ? { paused: true } : {});

  test('are still there, and in no list of somebody else', async () => {
    const listed = operations.filter(({ method }) => method === 'get').map(({ path }) => path);
    let lists = 0;
    for (const [collection, id] of Object.entries(owned)) {
      await client.get(`/v1/${collection}/${id}`).set(as('ann')).expect(200);
      if (!listed.includes(`/v1/${collection}`)) continue;
      lists++;
      const answer = await client.get(`/v1/${collection}`).set(as('bob')).expect(200);
      expect(JSON.stringify(bodyIn(answer))).not.toContain(id);
    }
    expect(lists).toBeGreaterThan(4);
  });
});

describe('ids of another owner', () => {
  /** Ways for an input to name a task. An uploaded file is looked for by the worker, among the files of the task's owner. */
  const inputs = (): [string, { type: string; input: object }][] => {
    const resize = (source: object) => ({
      type: 'image.resize',
      input: { source, variants: [{ name: 'a.webp', width: 10 }] },
    });
    return [
      ["a task's file", resize({ task: has('tasks'), file: 'a.txt' })],
      [
        'a part of a result',
        { type: 'system.echo', input: { message: { task: has('tasks'), pointer: '/message' } } },
      ],
    ];
  };

  test('are refused in the input of a task, of a batch and of a schedule, and in an edited input', async () => {
    const schedule = await post('bob', 'schedules', {
      name: 'mine',
      type: 'image.resize',
      cron: '@daily',
      input: {
        source: { url: 'https://example.com/a.png' },
        variants: [{ name: 'a.webp', width: 10 }],
      },
    });
    let asked = 0;
    const refused = async (what: string, method: 'post' | 'patch', path: string, body: object) => {
      const answer = await client[method](`/v1/${path}`).set(as('bob')).send(body);
      expect([what, path, answer.status, Array.isArray(bodyIn(answer).errors)]).toEqual([
        what,
        path,
        422,
        true,
      ]);
      // Nothing but the id itself is told: neither whether it is there nor whose it is.
      expect(JSON.stringify(answer.body)).not.toContain('ann');
      asked++;
    };
    for (const [what, task] of inputs()) {
      await refused(what, 'post', 'tasks', task);
      await refused(what, 'post', 'batches', { tasks: [echo, task] });
      await refused(what, 'post', 'schedules', { ...task, name: what, cron: '@daily' });
      const { type, input } = task;
      if (type === 'image.resize') await refused(what, 'patch', `schedules/${schedule}`, { input });
      const mine = await post('bob', 'tasks', { ...echo, type: 'system.echo', delayMs: 60_000 });
      await client.post(`/v1/tasks/${mine}/cancel`).set(as('bob')).expect(200);
      if (type === 'system.echo') await refused(what, 'post', `tasks/${mine}/retry`, { input });
    }
    await refused('after', 'post', 'tasks', { ...echo, after: [has('tasks')] });
    await refused('after', 'post', 'batches', { tasks: [{ ...echo, after: [has('tasks')] }] });
    expect(asked).toBe(10);
  });

  test('reach nothing where many are named', async () => {
    const ids = [has('tasks')];
    const none = { done: 0 };
    const by = async (answer: Promise<{ body: unknown }>, expected: object) =>
      expect(bodyIn(await answer)).toMatchObject(expected);
    for (const path of ['tasks/cancel', 'tasks/retry', 'dead-letters/requeue'])
      await by(client.post(`/v1/${path}`).set(as('bob')).send({ ids }).expect(200).then(), none);
    for (const path of ['tasks', 'dead-letters'])
      await by(client.delete(`/v1/${path}?ids=${ids.join()}`).set(as('bob')).expect(200).then(), none);
    const entries = [has('entries')];
    const marks = client.post('/v1/entries/marks').set(as('bob')).send({ entries, read: true });
    await by(marks.expect(200).then(), { marked: 0, unknown: entries });
  });

  test('find nothing as conditions', async () => {
    const names = { batch: 'batches', schedule: 'schedules', task: 'tasks' } as const;
    let asked = 0;
    for (const { method, path, described } of operations) {
      if (method !== 'get' || path.includes('{')) continue;
      for (const { in: place, name } of described.parameters ?? []) {
        if (place !== 'query' || !(name in names)) continue;
        const id = has(names[name as keyof typeof names]);
        if (path === '/v1/events') continue;
        const answer = await client.get(`${path}?${name}=${id}`).set(as('bob')).expect(200);
        expect([path, name, bodyIn(answer).items]).toEqual([path, name, []]);
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(1);
  });

  test('stand in no other place of a body or query than those that are asked for here', () => {
    const places = new Set<string>();
    const seen = new Set<unknown>();
    const walk = (node: unknown, name: string): void => {
      if (node === null || typeof node !== 'object' || seen.has(node)) return;
      seen.add(node);
      const { $ref, format } = node as { $ref?: unknown; format?: unknown };
      if (typeof $ref === 'string') walk(document.components?.schemas?.[$ref.split('/').at(-1) ?? ''], name);
      if (format === 'uuid') places.add(name);
      for (const [key, inner] of Object.entries(node))
        walk(inner, /^(items|schema|anyOf|oneOf|\d+)$/.test(key) ? name : key);
    };
    for (const { described } of operations) {
      walk(described.requestBody, 'body');
      for (const { in: place, name, schema } of described.parameters ?? [])
        if (place === 'query') walk(schema, name);
    }
    expect([...places].sort()).toEqual(['after', 'batch', 'entries', 'file', 'ids', 'schedule', 'task']);
  });
});
