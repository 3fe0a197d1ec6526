import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import * as moves from '@offload/store/moves';
import { newTask } from '@offload/store/new-task';
import type { TaskRecord } from '@offload/store/task-record';
import { startApi } from '../../../test/support/api-fixture.js';
import { testDatabase } from '../../../test/support/database.js';
import { NO_BROKER, startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';

interface ShownBatch {
  id: string;
  total: number;
  counts: Record<string, number>;
  completedAt: string | null;
  tasks: { id: string; ref: string | null }[];
  links: { self: string; tasks: string };
}

let api: OwnApi;
let client: OwnApi['client'];
beforeAll(async () => {
  // Without a broker what is accepted stays scheduled, and waiting requests read again.
  api = await startApiWithoutBroker('api-batches', { rereadMs: 50 });
  ({ client } = api);
});
afterAll(() => api.remove());

const bodyOf = ({ body }: { body: unknown }) => body;
const echo = (more: object = {}) => ({ type: 'system.echo', input: { message: 'x' }, ...more });
const post = (body: object) => client.post('/v1/batches').send(body);
const accepted = async (tasks: object[], more: object = {}): Promise<ShownBatch> =>
  (await post({ tasks, ...more }).expect(202)).body as ShownBatch;
const shown = async (id: string): Promise<ShownBatch> =>
  (await client.get(`/v1/batches/${id}`).expect(200)).body as ShownBatch;
const countAll = () => api.store.connection.mongo.collection('tasks').countDocuments();

/** Ends a task as a worker would. */
async function end(id: string, result: unknown = {}): Promise<void> {
  const { tasks, dependencies } = api.store;
  const claim = await tasks.claim({ task: id, seq: 0 }, 'w', new Set());
  if (claim.kind !== 'claimed') throw new Error('not claimed');
  const lease = { id, token: claim.token };
  await tasks.settle(moves.finish({ ...lease, result, keepMs: 60_000, now: tasks.now() }), lease);
  await dependencies.carryOut([id]);
}

describe('POST /v1/batches', () => {
  test('accepts all of its tasks, names their ids, and has them wait for each other', async () => {
    const response = await post({
      tasks: [echo({ ref: 'a' }), echo({ after: ['#a'] }), echo()],
      tags: ['night'],
    }).expect(202);
    const batch = response.body as ShownBatch;
    expect(response.headers).toMatchObject({ location: `/v1/batches/${batch.id}`, 'retry-after': '1' });
    expect(batch).toMatchObject({
      total: 3,
      counts: { blocked: 1, scheduled: 2, succeeded: 0 },
      tags: ['night'],
      completedAt: null,
    });
    expect(batch.tasks.map(({ ref }) => ref)).toEqual(['a', null, null]);
    const [a, b] = batch.tasks;
    expect((await client.get(`/v1/tasks/${b?.id}`).expect(200)).body).toMatchObject({
      state: 'blocked',
      batch: batch.id,
      waitsFor: [a?.id],
    });
  });

  test('keeps the time of a task that is for later', async () => {
    const { tasks } = await accepted([echo({ delayMs: 3_600_000 }), echo()]);
    const [later, now] = await Promise.all(tasks.map(({ id }) => api.store.tasks.get(id)));
    const wait = (task: TaskRecord | null | undefined) =>
      (task?.dueAt?.getTime() ?? 0) - (task?.createdAt.getTime() ?? 0);
    expect(later).toMatchObject({ state: 'scheduled', waitsFor: [] });
    expect(wait(later)).toBe(3_600_000);
    expect(wait(now)).toBe(5_000);
  });

  test('accepts none when one is not valid, and says where and why', async () => {
    const before = await countAll();
    const body = bodyOf(
      await post({
        tasks: [echo(), echo({ after: ['#b'] }), echo({ input: { delayMs: 'x' } })],
      }).expect(422),
    );
    expect(body).toMatchObject({
      code: 'invalid-batch',
      errors: [
        { pointer: '/tasks/1/after/0', detail: 'no task of the batch has the ref b' },
        { pointer: '/tasks/2/input/delayMs', detail: expect.any(String) },
      ],
    });
    expect(await countAll()).toBe(before);
  });

  test("accepts none when one waits for another owner's task (P8)", async () => {
    const options = { owner: 'other', lane: 'interactive', now: api.store.tasks.now() } as const;
    const other = newTask(systemEcho, { message: '', delayMs: 0 }, options);
    await api.store.tasks.create(other);
    const before = await countAll();
    const reference = { message: { task: other._id, pointer: '/message' } };
    const body = bodyOf(await post({ tasks: [echo(), echo({ input: reference })] }).expect(422));
    expect(body).toMatchObject({ code: 'invalid-batch', errors: [{ pointer: '/tasks/1' }] });
    expect(await countAll()).toBe(before);
  });

  test('accepts none when one of them has the unique key of an unfinished task', async () => {
    await client
      .post('/v1/tasks')
      .send(echo({ unique: 'once' }))
      .expect(202);
    const before = await countAll();
    const body = bodyOf(await post({ tasks: [echo(), echo({ unique: 'once' })] }).expect(409));
    expect(body).toMatchObject({ code: 'unique-key-taken', errors: [{ pointer: '/tasks/1/unique' }] });
    await new Promise<void>((resolve, reject) => {
      const until = performance.now() + 5_000;
      const look = async (): Promise<void> => {
        if ((await countAll()) === before) resolve();
        else if (performance.now() > until) reject(new Error('tasks of a refused batch are left'));
        else setTimeout(() => void look(), 20);
      };
      void look();
    });
  });

  test('with an Idempotency-Key is one batch, whoever of many requests at once is the first', async () => {
    const before = await countAll();
    const send = (tasks: object[]) => post({ tasks }).set('Idempotency-Key', '"a batch"');
    const tasks = [echo({ ref: 'a' }), echo({ after: ['#a'] })];
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(tasks).expect(202)));
    expect(new Set(answers.map((answer) => (answer.body as ShownBatch).id)).size).toBe(1);
    expect(answers.filter((answer) => !answer.headers['existing-batch'])).toHaveLength(1);
    expect(await countAll()).toBe(before + 2);
    expect(bodyOf(await send([echo()]).expect(422))).toMatchObject({ code: 'idempotency-key-reused' });
  });

  test('takes a thousand tasks at once', async () => {
    const tasks = Array.from({ length: 1_000 }, (_, n) =>
      echo({ input: { message: 'x'.repeat(2_000) }, ref: `t${n}` }),
    );
    expect((await accepted(tasks)).counts).toMatchObject({ scheduled: 1_000 });
  });

  test('is refused as a whole where it would exceed the quota of open tasks', async () => {
    const own = testDatabase('api-batch-quota');
    const small = await startApi({ mongodbUri: own.uri, amqpUrl: NO_BROKER, ownerOpenTasks: 10 });
    await small.store.connection.ready();
    const send = () =>
      supertest(small.url)
        .post('/v1/batches')
        .send({ tasks: Array.from({ length: 8 }, () => echo()) });
    await send().expect(202);
    expect(bodyOf(await send().expect(429))).toMatchObject({ code: 'quota-exceeded' });
    expect(await small.store.connection.mongo.collection('tasks').countDocuments()).toBe(8);
    await small.stop();
    await own.remove();
  });

  test('refuses a body above 8 MiB, which is more than a single task may have', async () => {
    const tasks = Array.from({ length: 1_000 }, () => echo({ input: { message: 'x'.repeat(9_000) } }));
    expect((await post({ tasks }).expect(413)).body).toMatchObject({ code: 'too-large' });
  });
});

describe('a batch', () => {
  test('passes a part of a result on, waits with Prefer: wait, and is complete when all have ended', async () => {
    const batch = await accepted([
      echo({ ref: 'a' }),
      echo({ input: { message: { task: '#a', pointer: '/message' } } }),
    ]);
    const [a, b] = batch.tasks.map(({ id }) => id) as [string, string];
    const waiting = client.get(`/v1/batches/${batch.id}`).set('Prefer', 'wait=30').expect(200);
    const answered = waiting.then((response) => response);
    await end(a, { message: 'from a', attempt: 1 });
    expect((await shown(batch.id)).completedAt).toBeNull();
    expect(await api.store.tasks.get(b)).toMatchObject({
      state: 'scheduled',
      input: { message: { task: a } },
    });
    await end(b);
    const answer = await answered;
    const { headers } = answer;
    const body = bodyOf(answer);
    expect(headers['preference-applied']).toBe('wait=30');
    expect(body).toMatchObject({ counts: { succeeded: 2 }, completedAt: expect.any(String) });
  });

  test('is cancelled as one', async () => {
    const batch = await accepted([echo({ ref: 'a' }), echo({ after: ['#a'] }), echo()]);
    const [a] = batch.tasks;
    await end(a?.id ?? '');
    const body = bodyOf(await client.post(`/v1/batches/${batch.id}/cancel`).expect(200));
    expect(body).toMatchObject({
      counts: { succeeded: 1, cancelled: 2, blocked: 0 },
      completedAt: expect.any(String),
    });
    await client.post(`/v1/batches/${batch.id}/cancel`).expect(200);
  });

  test('and its tasks are listed, newest first, by their owner only (P8)', async () => {
    const [one, two] = [await accepted([echo()]), await accepted([echo(), echo()])];
    const body = bodyOf(await client.get('/v1/batches?limit=2').expect(200));
    const page = body as { items: ShownBatch[]; next: string };
    expect(page.items.map(({ id }) => id)).toEqual([two.id, one.id]);
    expect(page.items[0]).toMatchObject({ total: 2, counts: { scheduled: 2 } });
    expect(page.items[0]).not.toHaveProperty('tasks');
    expect(page.next).toMatch(/^\/v1\/batches\?/);
    const tasks = (await client.get(two.links.tasks).expect(200)).body as { items: { id: string }[] };
    expect(tasks.items.map(({ id }) => id).sort()).toEqual(two.tasks.map(({ id }) => id).sort());

    await api.store.connection.mongo
      .collection<{ _id: string }>('batches')
      .updateOne({ _id: one.id }, { $set: { owner: 'other' } });
    for (const path of [
      `/v1/batches/${one.id}`,
      '/v1/batches/0190f5ee-7a3b-7cc0-8000-000000000001',
      '/v1/batches/x',
    ])
      expect((await client.get(path).expect(404)).body).toMatchObject({ code: 'batch-not-found' });
    await client.post(`/v1/batches/${one.id}/cancel`).expect(404);
  });
});

describe('a single task', () => {
  test('with a reference waits for what it names, and its other faults are found at once', async () => {
    const first = (await client.post('/v1/tasks').send(echo()).expect(202)).body as { id: string };
    const reference = { task: first.id, pointer: '/message' };
    const body = bodyOf(
      await client
        .post('/v1/tasks')
        .send(echo({ input: { message: reference } }))
        .expect(202),
    );
    expect(body).toMatchObject({ state: 'blocked', waitsFor: [first.id], input: { message: reference } });
    const wrong = await client
      .post('/v1/tasks')
      .send(echo({ input: { message: reference, delayMs: -1 } }))
      .expect(422);
    expect(wrong.body).toMatchObject({ errors: [{ pointer: '/input/delayMs' }] });
    const none = { message: { task: '0190f5ee-7a3b-7cc0-8000-000000000001', pointer: '' } };
    const missing = await client
      .post('/v1/tasks')
      .send(echo({ input: none }))
      .expect(422);
    expect(missing.body).toMatchObject({ errors: [{ pointer: '/input/message/task' }] });
  });
});
