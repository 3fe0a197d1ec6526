import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { imageResize } from '@offload/contracts/image-resize';
import { systemEcho } from '@offload/contracts/system-echo';
import { messageOf } from '@offload/store/new-task';
import * as moves from '@offload/store/moves';
import type { TaskResource } from './task-resource.js';
import { startApiWithBroker, type OwnApi } from '../../../test/support/own-api.js';

let api: OwnApi;
let client: OwnApi['client'];
beforeAll(async () => {
  api = await startApiWithBroker('api-tasks');
  ({ client } = api);
});
afterAll(() => api.remove());

const post = (body: object) => client.post('/v1/tasks').send(body);
const bodyOf = ({ body }: { body: unknown }) => body;
const taskOf = ({ body }: { body: unknown }) => body as TaskResource;
const create = async (body: object = { type: 'system.echo', input: {} }) =>
  taskOf(await post(body).expect(202));

const insert: OwnApi['insert'] = (change) => api.insert(change);

/** Ends a task as a worker does. */
async function finish(id: string, result: unknown = { message: '', attempt: 1 }): Promise<void> {
  const task = await api.store.tasks.get(id);
  if (!task) throw new Error(`no task ${id}`);
  const claim = await api.store.tasks.claim(messageOf(task), 'a test', new Set());
  if (claim.kind !== 'claimed') throw new Error('not claimed');
  const { token } = claim;
  const move = moves.finish({ id, token, result, keepMs: task.keepMs, now: api.store.tasks.now() });
  expect(await api.store.tasks.settle(move, { id, token })).toBe('applied');
}

describe('POST /v1/tasks', () => {
  test('answers 202 with the stored task, where it is and when to look', async () => {
    const answer = await post({ type: 'system.echo', input: { message: 'hi' }, lane: 'bulk' }).expect(202);
    const task = taskOf(answer);
    expect(task).toMatchObject({
      type: 'system.echo',
      lane: 'bulk',
      state: 'scheduled',
      attempt: 0,
      attemptLimit: systemEcho.maxAttempts,
      input: { message: 'hi', delayMs: 0 },
      result: null,
      error: null,
      files: [],
      links: { self: `/v1/tasks/${task.id}` },
    });
    expect(answer.get('Location')).toBe(`/v1/tasks/${task.id}`);
    expect(answer.get('Retry-After')).toMatch(/^\d+$/);
    expect(await api.store.tasks.get(task.id)).toMatchObject({ owner: 'local', input: task.input });
  });

  test('P1: what it answered 202 for is published and confirmed, the message made from the stored task', async () => {
    const { id } = await create({ type: 'image.resize', input: imageResize.example, lane: 'bulk' });
    await api.submitter.settled();
    expect(await api.store.tasks.get(id)).toMatchObject({ state: 'queued', seq: 0 });
    const message = await api.broker.withChannel((channel) =>
      channel.get('image.resize.bulk', { noAck: true }),
    );
    if (!message) throw new Error('no message');
    expect(message.properties).toMatchObject({
      correlationId: id,
      type: 'image.resize',
      headers: { 'x-seq': 0 },
    });
    expect(JSON.parse(message.content.toString())).toEqual((await api.store.tasks.get(id))?.input);
  });

  test('every fault of a body is one entry with its place', async () => {
    const answer = await post({
      type: 'image.resize',
      lane: 'fast',
      input: { source: { url: 'x' }, variants: [{ width: 5, heigth: 1 }] },
      foo: 1,
    }).expect(422);
    expect(answer.get('Content-Type')).toMatch('application/problem+json');
    const { errors, code } = answer.body as { errors: { pointer: string }[]; code: string };
    expect(code).toBe('invalid-task');
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/foo',
      '/input/source/url',
      '/input/variants/0/heigth',
      '/lane',
    ]);
  });

  test('an unknown type is refused with the list of types', async () => {
    const body = bodyOf(await post({ type: 'image.rotate', input: {} }).expect(422));
    expect(body).toMatchObject({
      errors: [{ pointer: '/type', detail: expect.stringContaining('image.resize') }],
    });
  });

  test.each([
    ['no JSON', 'application/json', '{"type":', 400, 'malformed-json'],
    ['no object', 'application/json', '"x"', 400, 'malformed-json'],
    ['a list', 'application/json', '[]', 422, 'invalid-task'],
    ['nothing', 'application/json', '', 400, 'malformed-json'],
    ['another type', 'text/plain', '{}', 415, 'wrong-content-type'],
    ['a form', 'application/x-www-form-urlencoded', 'type=x', 415, 'wrong-content-type'],
    ['another charset', 'application/json; charset=koi8-r', '{}', 415, 'wrong-content-type'],
    ['too much', 'application/json', JSON.stringify({ type: 'x'.repeat(65_536) }), 413, 'too-large'],
  ])('a body that is %s is refused', async (_name, type, body, status, code) => {
    const answer = await fetch(`${api.url}/v1/tasks`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code, status });
  });

  test('takes an input of nearly 64 KiB', async () => {
    const message = 'ä'.repeat(10_000);
    expect(await create({ type: 'system.echo', input: { message } })).toMatchObject({ input: { message } });
  });

  test('takes text that databases dislike', async () => {
    const message = 'a\u0000b $where {"$gt":1} \u{1f600}';
    const { id } = await create({ type: 'system.echo', input: { message } });
    expect(taskOf(await client.get(`/v1/tasks/${id}`)).input).toMatchObject({ message });
  });

  test('200 posts at once are 200 tasks', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => create()));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(200);
    await api.submitter.settled();
    for (const { id } of answers) expect(await api.store.tasks.get(id)).toMatchObject({ state: 'queued' });
  });
});

describe("a task that uses another task's file", () => {
  const upload = (task: string) => ({
    type: 's3.upload',
    input: { source: { task, file: 'w64.webp' }, bucket: 'offload', key: 'x' },
  });

  test('is blocked, and not published, until that has succeeded', async () => {
    const parent = await create();
    const child = await create(upload(parent.id));
    expect(child).toMatchObject({ state: 'blocked', waitsFor: [parent.id], dueAt: null });
    await api.submitter.settled();
    await finish(parent.id);
    await api.store.dependencies.carryOut([parent.id]);
    expect(await api.store.tasks.get(child.id)).toMatchObject({ state: 'scheduled', waitsFor: [] });
  });

  test('is released at once when that had succeeded before', async () => {
    const parent = await create();
    await finish(parent.id);
    expect(await create(upload(parent.id))).toMatchObject({ state: 'scheduled', waitsFor: [] });
  });

  test('is answered with its failure when that was cancelled before', async () => {
    const parent = await create();
    await api.store.tasks.apply(moves.cancel({ id: parent.id, keepMs: 60_000, now: api.store.tasks.now() }));
    const child = taskOf(await post(upload(parent.id)).expect(200));
    expect(child).toMatchObject({ state: 'failed', error: { code: 'dependency-failed' } });
  });

  test.each([
    ['is not there', async () => '0192f3c0-7a5e-7000-8000-000000000000'],
    ["is another owner's (P8)", async () => (await insert({ owner: 'other' }))._id],
  ])('is refused when that %s', async (_name, parent) => {
    const body = bodyOf(await post(upload(await parent())).expect(422));
    expect(body).toMatchObject({ code: 'invalid-task', errors: [{ pointer: '/input/source/task' }] });
  });
});

describe('GET /v1/tasks/{id}', () => {
  test('shows the result once it has succeeded', async () => {
    const { id } = await create();
    await finish(id, { message: 'done', attempt: 1 });
    const answer = await client.get(`/v1/tasks/${id}`).expect(200);
    expect(taskOf(answer)).toMatchObject({
      state: 'succeeded',
      attempt: 1,
      result: { message: 'done', attempt: 1 },
      endedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      keptUntil: expect.any(String),
    });
    expect(answer.get('Retry-After')).toBeUndefined();
  });

  test('shows progress and the error of the last attempt', async () => {
    const { _id } = await insert({
      state: 'running',
      attempt: 2,
      progress: { done: 3, total: 10, note: 'parts' },
      error: { code: 'timeout', message: 'too slow' },
    });
    expect(taskOf(await client.get(`/v1/tasks/${_id}`))).toMatchObject({
      state: 'running',
      attempt: 2,
      progress: { done: 3, total: 10, note: 'parts' },
      error: { code: 'timeout', message: 'too slow' },
    });
  });

  test('is a 304 for who has it, until it changes', async () => {
    const { _id } = await insert();
    const tag = String((await client.get(`/v1/tasks/${_id}`).expect(200)).get('ETag'));
    await client.get(`/v1/tasks/${_id}`).set('If-None-Match', tag).expect(304);
    await finish(_id);
    await client.get(`/v1/tasks/${_id}`).set('If-None-Match', tag).expect(200);
  });

  test('HEAD has its headers and no body', async () => {
    const { _id } = await insert();
    const answer = await client.head(`/v1/tasks/${_id}`).expect(200);
    expect(answer.get('ETag')).toBeTruthy();
    expect(answer.text).toBeUndefined();
  });

  test.each(['nonsense', '0192f3c0-7a5e-7000-8000-000000000000', '%24gt', 'a'.repeat(2_000)])(
    'is a 404 for %s',
    async (id) => {
      expect((await client.get(`/v1/tasks/${id}`).expect(404)).body).toMatchObject({
        code: 'task-not-found',
      });
    },
  );

  test("P8: another owner's task is a 404, like one that is not there", async () => {
    const { _id } = await insert({ owner: 'other' });
    await client.get(`/v1/tasks/${_id}`).expect(404);
    await client.get(`/v1/tasks/${_id}/files/x`).expect(404);
  });
});

test('another method is a 405 with Allow', async () => {
  expect((await client.put('/v1/tasks').expect(405)).get('Allow')).toBe('GET, HEAD, POST, DELETE, OPTIONS');
});

test('readiness shows database and broker', async () => {
  const body = bodyOf(await client.get('/readyz').expect(200));
  expect(body).toEqual({ ready: true, checks: { database: true, broker: true } });
});
