import supertest from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createEventPublisher, type EventPublisher } from '@offload/broker/events';
import { systemEcho } from '@offload/contracts/system-echo';
import type { TaskState } from '@offload/contracts/task';
import { dueRefresh } from '@offload/store/feed-task';
import { messageOf, newId } from '@offload/store/new-task';
import * as moves from '@offload/store/moves';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { openEvents, type EventClient, type SentEvent } from '../../../test/support/event-source.js';
import { createTestVhost, type TestVhost } from '../../../test/support/rabbitmq.js';
import { until } from '../../../test/support/until.js';
import { within } from '../../../test/support/within.js';

let database: TestDatabase;
let vhost: TestVhost;
let api: ApiFixture;
let client: ReturnType<typeof supertest>;
/** Tells as a worker does. */
let worker: EventPublisher;
const open: EventClient[] = [];
beforeAll(async () => {
  database = testDatabase('api-streams');
  vhost = await createTestVhost('api-streams');
  api = await startApi({ mongodbUri: database.uri, amqpUrl: vhost.url, beatMs: 200 });
  await api.store.connection.ready();
  worker = createEventPublisher(api.broker);
  client = supertest(api.url);
});
afterEach(() => open.splice(0).forEach((each) => each.close()));
afterAll(async () => {
  await worker.close();
  await api.stop();
  await database.remove();
  await vhost.remove();
});

const bodyOf = ({ body }: { body: unknown }) => body;
const submit = async (more: object = {}): Promise<string> => {
  const answer = await client
    .post('/v1/tasks')
    .send({ type: 'system.echo', input: {}, ...more })
    .expect(202);
  return (bodyOf(answer) as { id: string }).id;
};
const later = { delayMs: 3_600_000 };

async function watch(path: string, headers: Record<string, string> = {}): Promise<EventClient> {
  const stream = await openEvents(api.url + path, headers);
  open.push(stream);
  return stream;
}

/** Runs a task to its end, or into its attempt only, and tells of it. */
async function run(id: string, end = true): Promise<void> {
  const { tasks } = api.store;
  const task = await tasks.get(id);
  if (!task) throw new Error(`no task ${id}`);
  const claim = await tasks.claim(messageOf(task), 'a test', new Set());
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
  tell(id, 'running');
  if (!end) return;
  const { token } = claim;
  const result = { message: '', attempt: 1 };
  const move = moves.finish({ id, token, result, keepMs: task.keepMs, now: tasks.now() });
  expect(await tasks.settle(move, { id, token })).toBe('applied');
  await api.store.dependencies.carryOut([id]);
  tell(id, 'succeeded');
}
const tell = (task: string, state: TaskState): void =>
  worker.publishEvent({
    task,
    type: systemEcho.type,
    owner: 'local',
    attempt: 1,
    state,
    at: api.store.tasks.now().toISOString(),
  });

const isState =
  (id: string, state: TaskState) =>
  ({ event, data }: SentEvent): boolean =>
    event === 'task' && (data as { id: string }).id === id && (data as { state: string }).state === state;

describe('the stream of a task', () => {
  test('begins with the task as it is, tells each change, and ends with it', async () => {
    const id = await submit();
    const stream = await watch(`/v1/tasks/${id}/events`);
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toMatch('text/event-stream');
    expect(stream.headers.get('cache-control')).toBe('no-cache, no-transform');
    await stream.events.first(1);
    await run(id);
    await within(10_000, stream.ended, 'the stream to end');
    const last = stream.events.received.at(-1);
    expect(last).toMatchObject({ event: 'task', data: { id, type: 'system.echo', state: 'succeeded' } });
    const again = await watch(`/v1/tasks/${id}/events`, { 'Last-Event-ID': String(last?.id) });
    expect(again.status).toBe(204);
  });

  test('resumed, sends the task as it is now', async () => {
    const id = await submit(later);
    const first = await watch(`/v1/tasks/${id}/events`);
    const [seen] = await first.events.first(1);
    first.close();
    await client.post(`/v1/tasks/${id}/cancel`).expect(200);
    const stream = await watch(`/v1/tasks/${id}/events`, { 'Last-Event-ID': String(seen?.id) });
    await within(10_000, stream.ended, 'the stream to end');
    expect(stream.events.received).toMatchObject([{ data: { id, state: 'cancelled' } }]);
  });

  test('shows that it lives while nothing happens, and does not repeat itself', async () => {
    const stream = await watch(`/v1/tasks/${await submit(later)}/events`);
    await stream.comments.first(3);
    expect(stream.events.received).toHaveLength(1);
  });

  test('ends when the task is deleted under it', async () => {
    const id = await submit(later);
    const stream = await watch(`/v1/tasks/${id}/events`);
    await stream.events.first(1);
    await api.store.connection.mongo.collection<{ _id: string }>('tasks').deleteMany({ _id: id });
    tell(id, 'running');
    await within(10_000, stream.ended, 'the stream to end');
  });

  test('of no task is a 404, HEAD has its headers alone', async () => {
    await client.get(`/v1/tasks/${newId()}/events`).expect(404);
    const answer = await client.head(`/v1/tasks/${await submit(later)}/events`).expect(200);
    expect(answer.get('Content-Type')).toMatch('text/event-stream');
  });

  test('of all tasks, asked by HEAD from too long ago, ends without another word', async () => {
    const old = { 'Last-Event-ID': `1-${newId()}` };
    await client.head('/v1/events').set(old).expect(200);
    await client.get('/healthz').expect(200);
  });

  test('costs nothing any more once the client has left', async () => {
    const before = api.feed.watchers;
    const stream = await watch(`/v1/tasks/${await submit(later)}/events`);
    expect(api.feed.watchers).toBe(before + 1);
    stream.close();
    await until('it to be forgotten', async () => (api.feed.watchers === before ? true : undefined));
  });
});

describe("the stream of an owner's tasks", () => {
  test('tells of new ones and of their changes, of a type only where that is asked', async () => {
    const all = await watch('/v1/events');
    const images = await watch('/v1/events?type=image.resize');
    await until('events to come', async () => {
      const id = await submit(later);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return all.events.received.some(isState(id, 'scheduled')) ? true : undefined;
    });
    const id = await submit();
    await run(id);
    await all.events.find(isState(id, 'succeeded'), 'the end to be told');
    expect(images.events.received.filter(({ event }) => event === 'task')).toEqual([]);
    await client.get('/v1/events?type=nothing').expect(422);
  });

  test('resumed, sends what changed since, as it is now; one that was away too long is told to list', async () => {
    const first = await watch('/v1/events');
    const one = await until('events to come', async () => {
      const id = await submit(later);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return first.events.received.find(isState(id, 'scheduled')) ?? undefined;
    });
    first.close();
    const missed = await submit();
    await run(missed);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const stream = await watch('/v1/events', { 'Last-Event-ID': String(one.id) });
    await stream.events.find(isState(missed, 'succeeded'), 'what was missed');
    expect(stream.events.received.filter(({ event }) => event === 'reset')).toEqual([]);

    const old = await watch('/v1/events', { 'Last-Event-ID': `1-${newId()}` });
    expect(await old.events.first(1)).toMatchObject([{ event: 'reset', id: null, data: {} }]);
    const odd = await watch('/v1/events', { 'Last-Event-ID': 'whatever' });
    expect(odd.status).toBe(200);
  });
});

test('the stream of a batch has its counts and its tasks, and ends when it is completed', async () => {
  const tasks = [
    { type: 'system.echo', input: {} },
    { type: 'system.echo', input: {} },
  ];
  const answer = await client.post('/v1/batches').send({ tasks }).expect(202);
  const batch = bodyOf(answer) as { id: string; tasks: { id: string }[] };
  const stream = await watch(`/v1/batches/${batch.id}/events`);
  expect(await stream.events.first(1)).toMatchObject([{ event: 'batch', data: { id: batch.id, total: 2 } }]);
  const [one, two] = batch.tasks.map(({ id }) => id) as [string, string];
  await until('the tasks to be released', async () =>
    (await api.store.tasks.get(one))?.state !== 'blocked' ? true : undefined,
  );
  await run(one);
  await stream.events.find(isState(one, 'succeeded'), 'the first to end');
  await run(two);
  await within(15_000, stream.ended, 'the stream to end');
  const last = stream.events.received.at(-1);
  expect(last).toMatchObject({ event: 'batch', data: { counts: { succeeded: 2 } } });
  const again = await watch(`/v1/batches/${batch.id}/events`, { 'Last-Event-ID': String(last?.id) });
  expect(again.status).toBe(204);
});

test('the stream of an owner tells of feeds that the system has refreshed, of his own subscriptions only', async () => {
  const { subscriptions, tasks, feeds } = api.store;
  const mine = await subscriptions.subscribe('local', [{ url: 'https://one.example.org/' }]);
  const theirs = await subscriptions.subscribe('other', [{ url: 'https://two.example.org/' }]);
  if (typeof mine === 'string' || typeof theirs === 'string') throw new Error('not subscribed');
  const stream = await watch('/v1/events');
  const refresh = async (feed: string, outcome: string): Promise<void> => {
    const read = await feeds.get(feed);
    const task = dueRefresh({ ...read!, nextAt: new Date(Date.now() - sequence++) }, tasks.now());
    await tasks.create(task);
    const claim = await tasks.claim(messageOf(task), 'a test', new Set());
    if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`);
    const { token } = claim;
    const result = { outcome, added: 1, changed: 0, error: null, nextAt: null };
    await tasks.settle(moves.finish({ id: task._id, token, result, keepMs: 1_000, now: tasks.now() }), {
      id: task._id,
      token,
    });
    const { type, owner } = task;
    const at = tasks.now().toISOString();
    worker.publishEvent({ task: task._id, type, owner, attempt: 1, state: 'succeeded', at });
  };
  let sequence = 1;
  await refresh(theirs[0]!.feed._id, 'updated');
  await refresh(mine[0]!.feed._id, 'unchanged');
  await refresh(mine[0]!.feed._id, 'failing');
  const isFeed = ({ event }: SentEvent): boolean => event === 'feed';
  await stream.events.find(isFeed, 'the feed');
  expect(stream.events.received.filter(isFeed)).toEqual([
    { event: 'feed', id: null, data: { id: mine[0]!.subscription._id } },
  ]);
});
