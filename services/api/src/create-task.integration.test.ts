import { randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as moves from '@offload/store/moves';
import { startApi } from '../../../test/support/api-fixture.js';
import { testDatabase } from '../../../test/support/database.js';
import type { TaskResource } from './task-resource.js';
import { startApiWithBroker, type OwnApi } from '../../../test/support/own-api.js';

let api: Awaited<ReturnType<typeof startApiWithBroker>>;
let client: OwnApi['client'];
beforeAll(async () => {
  api = await startApiWithBroker('api-create');
  ({ client } = api);
});
afterAll(() => api.remove());

const echo = (message: string, options: object = {}) => ({
  type: 'system.echo',
  input: { message },
  ...options,
});
const post = (body: object, headers: Record<string, string> = {}) =>
  client.post('/v1/tasks').set(headers).send(body);
const taskOf = ({ body }: { body: unknown }) => body as TaskResource;
const tasks = () => api.store.connection.mongo.collection<{ _id: string; state: string }>('tasks');
const withMessage = (message: string) => ({ 'input.message': message });
const cancel = (id: string) =>
  api.store.tasks.apply(moves.cancel({ id, keepMs: 60_000, now: api.store.tasks.now() }));
/** Messages of a queue with this message in their input, taken out of it. */
async function published(message: string): Promise<number> {
  await api.submitter.settled();
  let count = 0;
  await api.broker.withChannel(async (channel) => {
    for (;;) {
      const got = await channel.get('system.echo', { noAck: true });
      if (!got) return;
      if (got.content.toString().includes(message)) count += 1;
    }
  });
  return count;
}

describe('POST with an Idempotency-Key', () => {
  const header = (key: string = randomUUID()) => ({ 'Idempotency-Key': `"${key}"` });

  test('fifty times at once: one task, one publication, each answer that task', async () => {
    const headers = header();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post(echo('fifty'), headers).expect(202)),
    );
    const ids = new Set(answers.map((answer) => taskOf(answer).id));
    expect(ids.size).toBe(1);
    const isNew = answers.filter((answer) => answer.get('Existing-Task') === undefined);
    expect(isNew).toHaveLength(1);
    expect(answers.filter((answer) => answer.get('Existing-Task') === 'idempotency-key')).toHaveLength(49);
    for (const answer of answers) expect(answer.get('Location')).toBe(`/v1/tasks/${[...ids][0]}`);
    expect(await tasks().countDocuments(withMessage('fifty'))).toBe(1);
    expect(await published('fifty')).toBe(1);
  });

  test('again with the same JSON in another order and spelling is the same task', async () => {
    const headers = header();
    const first = taskOf(await post(echo('same', { tags: ['a'] }), headers).expect(202));
    const again = await client
      .post('/v1/tasks')
      .set({ ...headers, 'Content-Type': 'application/json' })
      .send('{ "tags":["a"], "input":{ "message":"same" },  "type":"system.echo" }')
      .expect(202);
    expect(taskOf(again).id).toBe(first.id);
  });

  test('with another body is a 422 that says what to do; nothing is stored', async () => {
    const headers = header();
    const { id } = taskOf(await post(echo('one body'), headers).expect(202));
    const answer = await post(echo('another body'), headers).expect(422);
    expect(answer.body).toMatchObject({
      code: 'idempotency-key-reused',
      detail: expect.stringMatching(new RegExp(`another body.*${id}.*new key`)),
    });
    expect(await tasks().countDocuments(withMessage('another body'))).toBe(0);
  });

  test('shows the task as it stands, also when it has ended', async () => {
    const headers = header();
    const { id } = taskOf(await post(echo('ended'), headers).expect(202));
    await cancel(id);
    const answer = await post(echo('ended'), headers).expect(200);
    expect(taskOf(answer)).toMatchObject({ id, state: 'cancelled' });
  });

  test('is answered with the first task even when the request would not be valid any more', async () => {
    const headers = header();
    const parent = taskOf(await post(echo('parent')).expect(202)).id;
    const body = echo('times over', { after: [parent] });
    const { id } = taskOf(await post(body, headers).expect(202));
    await tasks().deleteOne({ _id: parent });
    expect(taskOf(await post(body, headers).expect(202)).id).toBe(id);
    await post(body).expect(422);
  });

  test('names a new task once 24 hours are over', async () => {
    const headers = header('a-day');
    const first = taskOf(await post(echo('a day'), headers).expect(202));
    const stored = await api.store.tasks.get(first.id);
    const kept = Number(stored?.idempotencyUntil) - Number(stored?.createdAt);
    expect(Math.abs(kept - 24 * 3_600_000)).toBeLessThan(1_000);
    await tasks().updateOne({ _id: first.id }, { $set: { idempotencyUntil: api.store.tasks.now() } });
    const answer = await post(echo('a day later'), headers).expect(202);
    expect(answer.get('Existing-Task')).toBeUndefined();
    expect(taskOf(answer).id).not.toBe(first.id);
  });

  test('that is malformed is a 400, and nothing is stored', async () => {
    const answer = await post(echo('malformed'), { 'Idempotency-Key': 'a b' }).expect(400);
    expect(answer.body).toMatchObject({ code: 'malformed-idempotency-key' });
    expect(await tasks().countDocuments(withMessage('malformed'))).toBe(0);
  });
});

describe('POST with `unique`', () => {
  test('fifty times at once makes one task, and says to the others that it is not new', async () => {
    const body = echo('unique', { unique: 'nightly' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(body).expect(202)));
    expect(new Set(answers.map((answer) => taskOf(answer).id)).size).toBe(1);
    expect(answers.filter((answer) => answer.get('Existing-Task') === 'unique')).toHaveLength(49);
    expect(taskOf(answers[0] as never)).toMatchObject({ unique: 'nightly' });
    expect(await published('unique')).toBe(1);
  });

  test('makes another once that one has ended', async () => {
    const body = echo('unique again', { unique: 'again' });
    const { id } = taskOf(await post(body).expect(202));
    await cancel(id);
    const next = await post(body).expect(202);
    expect(next.get('Existing-Task')).toBeUndefined();
    expect(taskOf(next).id).not.toBe(id);
    expect(taskOf(await client.get(`/v1/tasks/${id}`))).toMatchObject({ unique: null });
  });
});

describe('the options of POST', () => {
  test('are shown in the task', async () => {
    const options = {
      delayMs: 60_000,
      timeoutMs: 5_000,
      expiresInMs: 120_000,
      maxAttempts: 3,
      tags: ['a', 'b:c'],
      unique: 'shown',
    };
    const task = taskOf(await post(echo('options', options)).expect(202));
    expect(task).toMatchObject({
      state: 'scheduled',
      attemptLimit: 3,
      timeoutMs: 5_000,
      tags: ['a', 'b:c'],
      unique: 'shown',
    });
    expect(Date.parse(String(task.dueAt)) - Date.parse(task.createdAt)).toBe(60_000);
    expect(Date.parse(String(task.expiresAt)) - Date.parse(task.createdAt)).toBe(120_000);
    expect(taskOf(await client.get(`/v1/tasks/${task.id}`))).toEqual(task);
  });

  test('a task for later is not published by the API', async () => {
    await post(echo('later on', { delayMs: 1_000 })).expect(202);
    expect(await published('later on')).toBe(0);
  });

  test('a task that is told to wait for others does', async () => {
    const parent = taskOf(await post(echo('first'))).id;
    const child = taskOf(await post(echo('second', { after: [parent, parent] })).expect(202));
    expect(child).toMatchObject({ state: 'blocked', waitsFor: [parent] });
    expect(await published('second')).toBe(0);
  });

  test('a task whose parents have succeeded already is published by the API at once', async () => {
    const parent = await api.insert({ state: 'succeeded' });
    const { id } = taskOf(await post(echo('follows', { after: [parent._id] })).expect(202));
    await api.submitter.settled();
    expect(await api.store.tasks.get(id)).toMatchObject({ state: 'queued', waitsFor: [], seq: 0 });
    expect(await published('follows')).toBe(1);
  });

  test('P8: a task that is not there, or another owner’s, cannot be waited for', async () => {
    const mine = taskOf(await post(echo('mine'))).id;
    const other = taskOf(await post(echo('other'))).id;
    await tasks().updateOne({ _id: other }, { $set: { owner: 'other' } as never });
    const answer = await post(echo('waits', { after: [mine, other, randomUUID()] })).expect(422);
    expect(answer.body).toMatchObject({
      code: 'invalid-task',
      errors: [{ pointer: '/after/1' }, { pointer: '/after/2' }],
    });
  });

  test('what is unknown among them is a 422 at its pointer', async () => {
    const answer = await post(echo('unknown', { runIn: 5, delayMs: -1 })).expect(422);
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/delayMs' }, { pointer: '/runIn' }] });
  });
});

describe('the quota of open tasks', () => {
  test('is a 429 with Retry-After; a repeated request still finds its task', async () => {
    const small = testDatabase('api-quota');
    const limited = await startApi({ mongodbUri: small.uri, amqpUrl: api.vhost.url, ownerOpenTasks: 3 });
    await limited.store.connection.ready();
    const send = (headers: Record<string, string> = {}) =>
      supertest(limited.url).post('/v1/tasks').set(headers).send(echo('quota'));
    const key = { 'Idempotency-Key': '"quota"' };
    const { id } = taskOf(await send(key).expect(202));
    await send().expect(202);
    await send().expect(202);
    const answer = await send().expect(429);
    expect(answer.body).toMatchObject({
      code: 'quota-exceeded',
      detail: expect.stringContaining('3 open tasks'),
    });
    expect(answer.get('Retry-After')).toMatch(/^\d+$/);
    expect(taskOf(await send(key).expect(202)).id).toBe(id);
    await limited.stop();
    await small.remove();
  });
});
