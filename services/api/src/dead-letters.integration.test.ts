import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { subscribeControl, type ControlMessage } from '@offload/broker/control';
import { declareTopology } from '@offload/broker/topology';
import { contracts } from '@offload/contracts/registry';
import type { TaskRecord } from '@offload/store/task-record';
import { Inbox, when } from '../../../test/support/signals.js';
import { startApiWithBroker, type OwnApi } from '../../../test/support/own-api.js';

let api: OwnApi;
let client: OwnApi['client'];
beforeAll(async () => {
  api = await startApiWithBroker('api-dead');
  ({ client } = api);
  await api.broker.withChannel((channel) => declareTopology(channel, contracts));
}, 30_000);
afterAll(() => api.remove());

const bodyOf = ({ body }: { body: unknown }) => body;
const HOUR = 3_600_000;

const insert: OwnApi['insert'] = (change) => api.insert({ input: { message: 'in', delayMs: 0 }, ...change });

const failed = (code: string, change: Partial<TaskRecord> = {}) => {
  const at = api.store.tasks.now();
  return insert({
    state: 'failed',
    attempt: 1,
    error: { code, message: `it was ${code}` },
    stack: `Error: ${code}\n    at handler.ts`,
    endedAt: at,
    expireAt: new Date(at.getTime() + HOUR),
    history: [
      { move: 'claim', at, worker: 'w' },
      { move: 'fail', at, code },
    ],
    ...change,
  });
};

type Page = { items: { id: string }[]; next: string | null };
const page = async (query: string) =>
  (await client.get(`/v1/dead-letters?${query}`).expect(200)).body as Page;
const idsOf = async (query: string) => (await page(query)).items.map(({ id }) => id);

describe('GET /v1/dead-letters', () => {
  test('shows why each failed, its stack, attempts and input', async () => {
    const { _id } = await failed('shown');
    expect(await page('code=shown')).toEqual({
      items: [
        expect.objectContaining({
          id: _id,
          code: 'shown',
          message: 'it was shown',
          stack: expect.stringContaining('handler.ts'),
          input: { message: 'in', delayMs: 0 },
          attempts: [expect.objectContaining({ worker: 'w', outcome: 'fail', code: 'shown' })],
          links: { task: `/v1/tasks/${_id}`, retry: `/v1/tasks/${_id}/retry` },
        }),
      ],
      next: null,
    });
  });

  test('is filtered by code, type, tag and time, and has failed tasks of the owner only', async () => {
    const [old, tagged, feed] = [
      await failed('filter', { endedAt: new Date(Date.now() - 2 * HOUR) }),
      await failed('filter', { tags: ['t'] }),
      await failed('filter', { type: 'feed.fetch' }),
    ];
    await failed('filter', { owner: 'other' });
    await insert({ error: { code: 'filter', message: 'being retried' } });
    const hourAgo = new Date(Date.now() - HOUR).toISOString();
    expect(await idsOf('code=filter')).toEqual([feed, tagged, old].map(({ _id }) => _id));
    expect(await idsOf('code=filter&tag=t')).toEqual([tagged._id]);
    expect(await idsOf('code=filter&type=feed.fetch')).toEqual([feed._id]);
    expect(await idsOf(`code=filter&since=${hourAgo}`)).toEqual([feed._id, tagged._id]);
    expect(await idsOf(`code=filter&until=${hourAgo}`)).toEqual([old._id]);
  });

  test('comes in pages, each dead letter once', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.unshift((await failed('paged'))._id);
    const seen: string[] = [];
    let query: string | undefined = 'code=paged&limit=2';
    while (query !== undefined) {
      const { items, next }: Page = await page(query);
      seen.push(...items.map(({ id }) => id));
      query = next?.split('?')[1];
    }
    expect(seen).toEqual(made);
  });

  test.each(['limit=0', 'since=yesterday', 'type=nope', 'state=failed'])('refuses ?%s', async (query) => {
    expect(bodyOf(await client.get(`/v1/dead-letters?${query}`).expect(422))).toMatchObject({
      code: 'invalid-query',
      errors: [{ parameter: query.split('=')[0] }],
    });
  });
});

test('dead letters are requeued by code, and then they are none any more', async () => {
  const mine = await Promise.all([failed('again'), failed('again')]);
  const stays = await failed('not-again');
  const answer = await client.post('/v1/dead-letters/requeue').send({ code: 'again', attempts: 1 });
  expect(bodyOf(answer)).toEqual({ matched: 2, done: 2, more: false });
  for (const { _id } of mine) expect(await api.store.tasks.get(_id)).toMatchObject({ state: 'scheduled' });
  expect(await api.store.tasks.get(stays._id)).toMatchObject({ state: 'failed' });
  expect(await idsOf('code=again')).toEqual([]);
});

test('dead letters are requeued by two operators at once, and each runs once', async () => {
  const mine = await Promise.all(Array.from({ length: 20 }, () => failed('twice')));
  const both = await Promise.all(
    [1, 2].map(() => client.post('/v1/dead-letters/requeue').send({ code: 'twice' }).expect(200)),
  );
  const done = both.map((answer) => (bodyOf(answer) as { done: number }).done);
  expect(done[0]! + done[1]!).toBe(20);
  for (const { _id } of mine) expect(await api.store.tasks.get(_id)).toMatchObject({ seq: 1 });
});

test('dead letters are discarded by ids', async () => {
  const [gone, stays] = [await failed('discard'), await failed('discard')];
  const answer = await client.delete(`/v1/dead-letters?ids=${gone._id},${(await insert())._id}`).expect(200);
  expect(bodyOf(answer)).toEqual({ matched: 1, done: 1, more: false });
  expect(await idsOf('code=discard')).toEqual([stays._id]);
});

test('messages that stand for no task are listed and discarded', async () => {
  const message = {
    content: Buffer.from('{not json'),
    fields: { routingKey: 'system.echo' },
    properties: { correlationId: 'stranger', type: 'system.echo' },
  };
  for (const reason of ['not-json', 'no-task']) await api.store.unreadable.keep({ reason, message });
  const list = async () =>
    bodyOf(await client.get('/v1/dead-letters/unreadable').expect(200)) as { items: { id: string }[] };
  const { items } = await list();
  expect(items).toMatchObject([
    { reason: 'no-task', body: '{not json', bytes: 9, correlationId: 'stranger', queue: 'system.echo' },
    { reason: 'not-json' },
  ]);
  const discard = (query: string) => client.delete(`/v1/dead-letters/unreadable?${query}`).expect(200);
  expect(bodyOf(await discard(`ids=${items[0]!.id}`))).toEqual({ done: 1 });
  expect((await list()).items.map(({ id }) => id)).toEqual([items[1]!.id]);
  const future = new Date(Date.now() + HOUR).toISOString();
  expect(bodyOf(await discard(`until=${future}`))).toEqual({ done: 1 });
});

describe('queues', () => {
  const control = new Inbox<ControlMessage>();
  beforeAll(async () => {
    const given = subscribeControl(api.broker, { onControl: control.add, log: api.log });
    await when(given, () => given.subscribed, 'control messages to come');
  });

  test('show what waits and who works, by type and lane', async () => {
    await api.broker.withChannel(async (channel) => {
      channel.publish('tasks', 'image.resize.bulk', Buffer.from('x'));
      await channel.checkQueue('image.resize.bulk');
    });
    await insert({ type: 'image.resize', state: 'running', startedAt: api.store.tasks.now() });
    const { items } = bodyOf(await client.get('/v1/queues').expect(200)) as { items: { type: string }[] };
    expect(items.map(({ type }) => type)).toEqual(contracts.map(({ type }) => type));
    expect(items.find(({ type }) => type === 'image.resize')).toMatchObject({
      paused: false,
      changedAt: null,
      lanes: [
        { lane: 'interactive', ready: 0, consumers: 0 },
        { lane: 'bulk', ready: 1, consumers: 0 },
      ],
      tasks: { blocked: 0, scheduled: 0, queued: 0, running: 1 },
    });
  });

  test('are paused and resumed for good, and all workers are told', async () => {
    const first = bodyOf(await client.post('/v1/queues/feed.fetch/pause').expect(200));
    expect(first).toEqual({ type: 'feed.fetch', paused: true, changedAt: expect.any(String) });
    expect(bodyOf(await client.post('/v1/queues/feed.fetch/pause').expect(200))).toEqual(first);
    expect(await api.store.types.isPaused('feed.fetch')).toBe(true);
    await control.find((it) => it.kind === 'pause' && it.type === 'feed.fetch', 'the control message');
    await client.post('/v1/queues/feed.fetch/resume').expect(200);
    expect(await api.store.types.isPaused('feed.fetch')).toBe(false);
    await control.find((it) => it.kind === 'resume', 'the control message');
  });

  test('that are not there are a 404', async () => {
    expect(bodyOf(await client.post('/v1/queues/no.such/pause').expect(404))).toMatchObject({
      code: 'queue-not-found',
    });
  });
});
