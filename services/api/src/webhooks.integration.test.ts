import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { createTestVhost, type TestVhost } from '../../../test/support/rabbitmq.js';

let database: TestDatabase;
let vhost: TestVhost;
let api: ApiFixture;
let client: ReturnType<typeof supertest>;
beforeAll(async () => {
  database = testDatabase('api-webhooks');
  vhost = await createTestVhost('api-webhooks');
  api = await startApi({ mongodbUri: database.uri, amqpUrl: vhost.url });
  await api.store.connection.ready();
  client = supertest(api.url);
});
afterAll(async () => {
  await api.stop();
  await database.remove();
  await vhost.remove();
});

const URL = 'https://hooks.example.org/a';
const echo = { type: 'system.echo', input: {} };
const bodyOf = <T = Record<string, unknown>>({ body }: { body: unknown }) => body as T;
interface Secret {
  id: string;
  secret: string;
  values: { id: string; expiresAt: string | null }[];
}
const makeSecret = async (name: string) =>
  bodyOf<Secret>(await client.post('/v1/webhooks/secrets').send({ name }).expect(201));

describe('a callback', () => {
  beforeAll(() => makeSecret('default'));
  const schedule = { name: 'hourly', cron: '@hourly', ...echo };

  test('is taken with a task, and shown with its defaults', async () => {
    const made = await client
      .post('/v1/tasks')
      .send({ ...echo, callback: { url: URL } })
      .expect(202);
    const callback = {
      url: URL,
      events: ['task.succeeded', 'task.failed', 'task.cancelled'],
      secretName: 'default',
    };
    expect(made.body).toMatchObject({ callback });
    const { id } = bodyOf<{ id: string }>(made);
    expect((await api.store.tasks.get(id))?.effects).toEqual(['webhook']);
    const without = await client.post('/v1/tasks').send(echo).expect(202);
    expect(without.body).toMatchObject({ callback: null });
    expect((await api.store.tasks.get(bodyOf<{ id: string }>(without).id))?.effects).toBeUndefined();
  });

  test('of a batch is about the batch; its tasks get what it says of tasks, or keep their own', async () => {
    const own = { url: 'https://hooks.example.org/own', events: ['task.failed'] };
    const tasks = [
      { ref: 'a', ...echo },
      { ...echo, callback: own },
      { ...echo, after: ['#a'] },
    ];
    const events = ['batch.completed', 'task.failed'];
    const made = await client
      .post('/v1/batches')
      .send({ tasks, callback: { url: URL, events } })
      .expect(202);
    const batch = bodyOf<{ id: string; callback: object; tasks: { id: string }[] }>(made);
    expect(batch.callback).toEqual({ url: URL, events, secretName: 'default' });
    const stored = await Promise.all(batch.tasks.map(({ id }) => api.store.tasks.get(id)));
    expect(stored.map((task) => task?.callback?.url)).toEqual([URL, own.url, URL]);
    expect(stored.map((task) => task?.callback?.events)).toEqual([
      ['task.failed'],
      ['task.failed'],
      ['task.failed'],
    ]);
    expect(stored.map((task) => task?.effects)).toEqual([['webhook', 'release'], ['webhook'], ['webhook']]);
  });

  test('of a batch is about its completion alone by default', async () => {
    const made = await client
      .post('/v1/batches')
      .send({ tasks: [echo], callback: { url: URL } })
      .expect(202);
    const batch = bodyOf<{ callback: object; tasks: { id: string }[] }>(made);
    expect(batch.callback).toMatchObject({ events: ['batch.completed'] });
    expect((await api.store.tasks.get(batch.tasks[0]?.id ?? ''))?.callback).toBeUndefined();
  });

  test('of a schedule is handed to each task that it makes, and can be taken away', async () => {
    const made = await client
      .post('/v1/schedules')
      .send({ ...schedule, callback: { url: URL, events: ['task.failed'] } })
      .expect(201);
    const { id } = bodyOf<{ id: string }>(made);
    const run = await client.post(`/v1/schedules/${id}/run`).expect(202);
    expect(run.body).toMatchObject({ callback: { url: URL, events: ['task.failed'] } });
    await client.patch(`/v1/schedules/${id}`).send({ name: 'other' }).expect(200);
    expect((await client.get(`/v1/schedules/${id}`).expect(200)).body).toMatchObject({
      callback: { url: URL },
    });
    const patched = await client.patch(`/v1/schedules/${id}`).send({ callback: null }).expect(200);
    expect(patched.body).toMatchObject({ callback: null });
    const again = await client.post(`/v1/schedules/${id}/run`).expect(202);
    expect(again.body).toMatchObject({ callback: null });
  });

  test.each([
    ['a URL that is none', { url: 'ftp://example.org' }, '/callback/url'],
    ['an event that there is not', { url: URL, events: ['task.started'] }, '/callback/events/0'],
    ['an event of batches', { url: URL, events: ['batch.completed'] }, '/callback/events/0'],
    ['no event', { url: URL, events: [] }, '/callback/events'],
    ['a secret in the place of its name', { url: URL, secretName: 'whsec_AAAA' }, '/callback/secretName'],
    ['a secret that nobody made', { url: URL, secretName: 'nowhere' }, '/callback/secretName'],
    ['an unknown field', { url: URL, secret: 'x' }, '/callback/secret'],
  ])('of a task with %s is refused', async (_what, callback, pointer) => {
    const answer = await client
      .post('/v1/tasks')
      .send({ ...echo, callback })
      .expect(422);
    expect(answer.body).toMatchObject({ code: 'invalid-task', errors: [{ pointer }] });
  });

  test('of a batch or schedule with a secret that nobody made is refused', async () => {
    const callback = { url: URL, secretName: 'nowhere' };
    const tasks = [echo, { ...echo, callback: { ...callback, url: `${URL}/b` } }];
    const batch = await client.post('/v1/batches').send({ tasks, callback }).expect(422);
    expect(batch.body).toMatchObject({
      code: 'invalid-batch',
      errors: [{ pointer: '/callback/secretName' }, { pointer: '/tasks/1/callback/secretName' }],
    });
    const body = { ...schedule, name: 'refused', callback };
    const answer = await client.post('/v1/schedules').send(body).expect(422);
    expect(answer.body).toMatchObject({
      code: 'invalid-schedule',
      errors: [{ pointer: '/callback/secretName' }],
    });
  });
});

test('what sends webhooks is no task that clients may submit', async () => {
  const input = { delivery: '01936f1e-7c00-7000-8000-000000000000' };
  const answer = await client.post('/v1/tasks').send({ type: 'webhook.send', input }).expect(422);
  expect(answer.body).toMatchObject({ errors: [{ pointer: '/type' }] });
});

describe('a secret of webhooks', () => {
  test('is shown once, listed without itself, rotated and deleted', async () => {
    const made = await client.post('/v1/webhooks/secrets').send({ name: 'shop' }).expect(201);
    expect(made.get('Cache-Control')).toBe('no-store');
    const { id, secret } = bodyOf<Secret>(made);
    expect(secret).toMatch(/^whsec_/);
    expect(made.get('Location')).toBe(`/v1/webhooks/secrets/${id}`);
    const listed = await client.get('/v1/webhooks/secrets').expect(200);
    expect(JSON.stringify(listed.body)).toContain(id);
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    const rotated = bodyOf<Secret>(await client.post(`/v1/webhooks/secrets/${id}/rotate`).expect(201));
    expect(rotated.secret).not.toBe(secret);
    expect(rotated.values.map(({ expiresAt }) => expiresAt === null)).toEqual([false, true]);
    const now = { overlapMs: 0 };
    await client.post(`/v1/webhooks/secrets/${id}/rotate`).send(now).expect(201);
    const shown = bodyOf<Secret>(await client.get(`/v1/webhooks/secrets/${id}`).expect(200));
    expect(shown.values).toHaveLength(1);
    expect(shown.secret).toBeUndefined();
    await client.delete(`/v1/webhooks/secrets/${id}`).expect(204);
    for (const path of [id, 'x'].map((part) => `/v1/webhooks/secrets/${part}`))
      expect((await client.get(path).expect(404)).body).toMatchObject({ code: 'webhook-secret-not-found' });
    await client.delete(`/v1/webhooks/secrets/${id}`).expect(404);
    await client.post(`/v1/webhooks/secrets/${id}/rotate`).expect(404);
  });

  test('has a name of its own, and a POST with an Idempotency-Key is refused', async () => {
    await makeSecret('twice');
    const again = await client.post('/v1/webhooks/secrets').send({ name: 'twice' }).expect(409);
    expect(again.body).toMatchObject({ code: 'webhook-secret-exists' });
    const keyed = client.post('/v1/webhooks/secrets').set('Idempotency-Key', '"1"').send({ name: 'keyed' });
    expect((await keyed.expect(400)).body).toMatchObject({ code: 'idempotency-key-not-taken' });
    const wrong = await client.post('/v1/webhooks/secrets').send({ name: 'A B' }).expect(422);
    expect(wrong.body).toMatchObject({ errors: [{ pointer: '/name' }] });
  });
});

describe('a delivery', () => {
  test('is listed by what it is about, shown with its payload, and replayed', async () => {
    const body = { ...echo, delayMs: 60_000, callback: { url: URL } };
    const { id: task } = bodyOf<{ id: string }>(await client.post('/v1/tasks').send(body).expect(202));
    await client.post(`/v1/tasks/${task}/cancel`).expect(200);
    const listed = await client.get(`/v1/webhooks/deliveries?task=${task.toUpperCase()}&state=pending`);
    const { items } = bodyOf<{ items: { id: string }[] }>(listed);
    expect(items).toMatchObject([{ task, event: 'task.cancelled', state: 'pending', attemptCount: 0 }]);
    const id = items[0]?.id ?? '';
    const shown = await client.get(`/v1/webhooks/deliveries/${id}`).expect(200);
    expect(shown.body).toMatchObject({
      attempts: [],
      payload: { type: 'task.cancelled', data: { id: task, state: 'cancelled' } },
      links: { replay: `/v1/webhooks/deliveries/${id}/replay` },
    });
    const replayed = await client.post(`/v1/webhooks/deliveries/${id}/replay`).expect(202);
    expect(replayed.body).toMatchObject({ id, state: 'pending' });
    const none = await client.get(`/v1/webhooks/deliveries?task=${task}&state=delivered`).expect(200);
    expect(none.body).toEqual({ items: [], next: null });
  });

  test('that is not there is a 404, and a wrong filter a 422', async () => {
    for (const path of ['x', '01936f1e-7c00-7000-8000-000000000000'])
      expect((await client.get(`/v1/webhooks/deliveries/${path}`).expect(404)).body).toMatchObject({
        code: 'webhook-delivery-not-found',
      });
    await client.post('/v1/webhooks/deliveries/x/replay').expect(404);
    for (const query of ['state=sent', 'event=task', 'url=x', 'task=1', 'what=1'])
      await client.get(`/v1/webhooks/deliveries?${query}`).expect(422);
  });
});

describe('a disabled URL', () => {
  test('is listed with the reason, and enabled once', async () => {
    const task = await client.post('/v1/tasks').send({ ...echo, delayMs: 60_000, callback: { url: URL } });
    const { id } = bodyOf<{ id: string }>(task);
    await client.post(`/v1/tasks/${id}/cancel`).expect(200);
    const [delivery] = await api.store.webhooks.list({ owner: 'local', task: id }, { limit: 1 });
    const whole = await api.store.webhooks.get('local', delivery?._id ?? '');
    await api.store.webhooks.disableEndpoint(whole!, { code: 'http-410', message: 'gone' });
    const { items } = bodyOf<{ items: { id: string }[] }>(
      await client.get('/v1/webhooks/endpoints').expect(200),
    );
    expect(items).toMatchObject([{ url: URL, reason: { code: 'http-410' } }]);
    const path = `/v1/webhooks/endpoints/${items[0]?.id}`;
    await client.get(path).expect(200);
    await client.post(`${path}/enable`).expect(204);
    const again = await client.post(`${path}/enable`).expect(404);
    expect(again.body).toMatchObject({ code: 'webhook-endpoint-not-found' });
  });
});
