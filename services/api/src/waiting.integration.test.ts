import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEventPublisher, type EventPublisher } from '@offload/broker/events';
import type { TaskState } from '@offload/contracts/task';
import * as moves from '@offload/store/moves';
import { startApi } from '../../../test/support/api-fixture.js';
import { within } from '../../../test/support/within.js';
import type { TaskResource } from './task-resource.js';
import { startApiWithBroker } from '../../../test/support/own-api.js';

let api: Awaited<ReturnType<typeof startApiWithBroker>>;
let events: EventPublisher;
beforeAll(async () => {
  api = await startApiWithBroker('api-waiting');
  events = createEventPublisher(api.broker);
});
afterAll(() => api.remove());

/** A request whose answer is looked at later. */
async function call(path: string, init: RequestInit = {}) {
  const answer = await fetch(api.url + path, init);
  return { status: answer.status, headers: answer.headers, task: (await answer.json()) as TaskResource };
}

const wait = (seconds: number) => ({ Prefer: `wait=${seconds}` });
const POST = { method: 'POST', body: JSON.stringify({ type: 'system.echo', input: {} }) };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const create = async () => (await call('/v1/tasks', { ...POST, headers: JSON_TYPE })).task.id;

/** Resolves once so many requests wait. */
async function waiting(count: number, at: Pick<typeof api, 'waits'> = api): Promise<void> {
  while (at.waits.count < count) await new Promise((resolve) => setImmediate(resolve));
}

async function cancel(id: string): Promise<void> {
  await api.store.tasks.apply(moves.cancel({ id, keepMs: 60_000, now: api.store.tasks.now() }));
  const at = new Date().toISOString();
  const state: TaskState = 'cancelled';
  events.publishEvent({ task: id, type: 'system.echo', owner: 'local', state, attempt: 0, at });
}

describe('Prefer: wait', () => {
  test('holds a GET until the task has ended', async () => {
    const id = await create();
    const answer = call(`/v1/tasks/${id}`, { headers: wait(30) });
    await within(5_000, waiting(1), 'the request to wait');
    await cancel(id);
    const { status, headers, task } = await within(5_000, answer, 'the answer');
    expect(status).toBe(200);
    expect(task).toMatchObject({ id, state: 'cancelled' });
    expect(headers.get('preference-applied')).toBe('wait=30');
  });

  test('is over after its time, with the task as it is', async () => {
    const id = await create();
    const { status, task } = await call(`/v1/tasks/${id}`, { headers: wait(1) });
    expect(status).toBe(200);
    expect(task.endedAt).toBeNull();
  });

  test('answers an ended task at once', async () => {
    const id = await create();
    await cancel(id);
    const answer = await within(2_000, call(`/v1/tasks/${id}`, { headers: wait(60) }), 'the answer');
    expect(answer.task.state).toBe('cancelled');
  });

  test('sees an end that no event told of', async () => {
    const id = await create();
    const answer = call(`/v1/tasks/${id}`, { headers: wait(30) });
    await within(5_000, waiting(1), 'the request to wait');
    await api.store.tasks.apply(moves.cancel({ id, keepMs: 60_000, now: api.store.tasks.now() }));
    expect((await within(5_000, answer, 'the answer')).task.state).toBe('cancelled');
  });

  test('makes a POST a 200 when the task ends in that time; it is published meanwhile', async () => {
    const answer = call('/v1/tasks', { ...POST, headers: { ...JSON_TYPE, ...wait(30) } });
    await within(5_000, waiting(1), 'the request to wait');
    const message = await within(
      5_000,
      (async () => {
        for (;;) {
          const got = await api.broker.withChannel((channel) => channel.get('system.echo', { noAck: true }));
          if (!got) continue;
          const found = await api.store.tasks.get(String(got.properties.correlationId));
          if (found && found.state !== 'cancelled') return found;
        }
      })(),
      'the message',
    );
    await cancel(message._id);
    // Messages of the tests before may lie in the queue: end all of them.
    const { items } = (await (await fetch(`${api.url}/v1/tasks`)).json()) as { items: TaskResource[] };
    for (const { id } of items) await cancel(id);
    const { status, headers, task } = await within(5_000, answer, 'the answer');
    expect(status).toBe(200);
    expect(headers.get('location')).toBe(`/v1/tasks/${task.id}`);
    expect(task.state).toBe('cancelled');
  });

  test('leaves a POST a 202 when the time is over first', async () => {
    const { status, headers } = await call('/v1/tasks', { ...POST, headers: { ...JSON_TYPE, ...wait(1) } });
    expect(status).toBe(202);
    expect(headers.get('preference-applied')).toBe('wait=1');
  });

  test('ends with the client', async () => {
    const id = await create();
    const leave = new AbortController();
    const answer = fetch(`${api.url}/v1/tasks/${id}`, { headers: wait(60), signal: leave.signal });
    await within(5_000, waiting(1), 'the request to wait');
    leave.abort();
    await expect(answer).rejects.toThrow('abort');
    const noneWaits = async () => {
      while (api.waits.count > 0) await new Promise((resolve) => setImmediate(resolve));
    };
    await within(5_000, noneWaits(), 'the wait to end');
    expect(api.waits.count).toBe(0);
  });
});

test('an event ends the wait, without any reading in between', async () => {
  const own = await startApi({ mongodbUri: api.database.uri, amqpUrl: api.vhost.url, rereadMs: 60_000 });
  await own.store.connection.ready();
  await own.subscribed();
  const id = await create();
  const answer = fetch(`${own.url}/v1/tasks/${id}`, { headers: wait(60) });
  await within(5_000, waiting(1, own), 'the request to wait');
  await cancel(id);
  expect(await (await within(5_000, answer, 'the answer')).json()).toMatchObject({ id, state: 'cancelled' });
  await own.stop();
});

test('the failure of a dependent through its parent ends the wait for it as well', async () => {
  const own = await startApi({ mongodbUri: api.database.uri, amqpUrl: api.vhost.url, rereadMs: 60_000 });
  await own.store.connection.ready();
  await own.subscribed();
  const parent = await create();
  const body = JSON.stringify({ type: 'system.echo', input: {}, after: [parent] });
  const { id } = (await call('/v1/tasks', { method: 'POST', headers: JSON_TYPE, body })).task;
  const answer = fetch(`${own.url}/v1/tasks/${id}`, { headers: wait(60) });
  await within(5_000, waiting(1, own), 'the request to wait');
  expect((await call(`/v1/tasks/${parent}/cancel`, { method: 'POST' })).status).toBe(200);
  const ended = (await (await within(5_000, answer, 'the answer')).json()) as TaskResource;
  expect(ended).toMatchObject({ id, state: 'failed', error: { code: 'dependency-failed' } });
  await own.stop();
});

test('a server that stops answers those who wait with what there is', async () => {
  const own = await startApi({ mongodbUri: api.database.uri, amqpUrl: api.vhost.url });
  await own.store.connection.ready();
  const id = await create();
  const answer = fetch(`${own.url}/v1/tasks/${id}`, { headers: wait(60) });
  await within(5_000, waiting(1, own), 'the request to wait');
  await within(10_000, own.stop(), 'the stop');
  expect(await (await answer).json()).toMatchObject({ id, endedAt: null });
});
