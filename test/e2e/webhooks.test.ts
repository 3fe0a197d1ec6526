import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { bytes, failing, startOrigin, type Answer, type Origin } from '../support/origin.js';
import { Inbox } from '../support/signals.js';
import { startSystem, type System } from '../support/system.js';
import { until } from '../support/until.js';

let system: System;
let origin: Origin;
let secret: string;
beforeAll(async () => {
  origin = await startOrigin();
  system = await startSystem({
    label: 'webhooks',
    processes: { web: 1, clock: 1, echo: 1, 'webhook-sender': 1 },
    env: { WEBHOOK_KEY: 'a key of this test, kept by nobody' },
  });
  secret = (await post<{ secret: string }>('/v1/webhooks/secrets', {})).secret;
}, 60_000);
afterAll(async () => {
  await system.stop();
  await origin.close();
}, 30_000);

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(new URL(path, system.apiUrl), {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
const post = <T>(path: string, body?: object): Promise<T> => call<T>('POST', path, body);

/** What the built command prints. */
async function offload(...argv: string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '', OFFLOAD_URL: system.apiUrl };
  const program = fileURLToPath(new URL('../../libs/cli/bin/offload.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...argv], { env });
  return stdout;
}

interface Event {
  type: string;
  data: { id: string; state?: string; result?: unknown; total?: number; counts?: object };
}
interface Told {
  id: string;
  event: Event;
}

/** Of a wait for a webhook on a machine with a lot to do. */
const LONG_MS = 40_000;

let paths = 0;
/** A receiver that verifies what it gets, as docs/webhooks.md says; what does not verify is not `told`. */
function receiver(answer: Answer = bytes('')) {
  const told = new Inbox<Told>();
  const url = origin.serve(`/hooks/${paths++}`, async (request, response, n, left) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    const event = new Webhook(secret).verify(Buffer.concat(chunks).toString(), headers) as Event;
    told.add({ id: headers['webhook-id'] ?? '', event });
    await answer(request, response, n, left);
  });
  return { url, told };
}

const echo = (callback: object, input: object = { message: 'hi' }) => ({
  type: 'system.echo',
  input,
  callback,
});
interface Delivery {
  id: string;
  state: string;
  attemptCount: number;
  attempts: { status: number }[];
  links: { self: string; replay: string };
}
const deliveriesOf = async (url: string) =>
  (await call<{ items: Delivery[] }>('GET', `/v1/webhooks/deliveries?url=${encodeURIComponent(url)}`)).items;
const inState = (url: string, state: string): Promise<Delivery> =>
  until(
    `a delivery to be ${state}`,
    async () => (await deliveriesOf(url)).find((each) => each.state === state),
    LONG_MS,
  );

describe('a receiver', () => {
  test('is told once of the end of a task, by a request that verifies', async () => {
    const { url, told } = receiver();
    const task = await post<{ id: string }>('/v1/tasks', echo({ url }));
    const [{ id, event } = {} as Told] = await told.first(1, LONG_MS);
    expect(event).toMatchObject({
      type: 'task.succeeded',
      data: { id: task.id, state: 'succeeded', result: { message: 'hi', attempt: 1 } },
    });
    const delivery = await inState(url, 'delivered');
    expect([delivery.id, delivery.attemptCount]).toEqual([id, 1]);
    expect(told.received).toHaveLength(1);
  }, 90_000);

  test('is told again on demand, under the same id', async () => {
    const { url, told } = receiver();
    await post('/v1/tasks', echo({ url }));
    await told.first(1, LONG_MS);
    const delivery = await inState(url, 'delivered');
    await post(delivery.links.replay);
    await told.first(2, LONG_MS);
    await inState(url, 'delivered');
    // The same from the command line.
    expect(await offload('webhooks', 'list', '--url', url)).toMatch(
      new RegExp(`${delivery.id} +task.succeeded +delivered +2 `),
    );
    expect(await offload('webhooks', 'replay', delivery.id)).toBe(`${delivery.id} pending\n`);
    const all = await told.first(3, LONG_MS);
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set([delivery.id]));
  }, 90_000);

  test('that fails is told again after five seconds', async () => {
    const { url, told } = receiver(failing(1, 503, bytes('')));
    await post('/v1/tasks', echo({ url, events: ['task.failed'] }, { fail: 'permanent' }));
    const [first, second] = await told.first(2, LONG_MS);
    expect(second).toEqual(first);
    expect(second?.event.type).toBe('task.failed');
    const { links } = await inState(url, 'delivered');
    const { attempts } = await call<Delivery>('GET', links.self);
    expect(attempts.map(({ status }) => status)).toEqual([503, 200]);
  }, 90_000);

  test('is told of a batch when all of its tasks have ended', async () => {
    const { url, told } = receiver();
    const tasks = [1, 2, 3].map((n) => ({ type: 'system.echo', input: { message: String(n) } }));
    const batch = await post<{ id: string }>('/v1/batches', { tasks, callback: { url } });
    const [{ event } = {} as Told] = await told.first(1, LONG_MS);
    expect(event).toMatchObject({
      type: 'batch.completed',
      data: { id: batch.id, total: 3, counts: { succeeded: 3 } },
    });
  }, 90_000);

  test('is told of the tasks of a schedule', async () => {
    const { url, told } = receiver();
    const schedule = {
      name: 'told',
      type: 'system.echo',
      input: {},
      cron: '*/2 * * * * *',
      callback: { url },
    };
    const { id } = await post<{ id: string }>('/v1/schedules', schedule);
    const [first, second] = await told.first(2, LONG_MS);
    await call('DELETE', `/v1/schedules/${id}`);
    expect(first?.event.data).toMatchObject({ schedule: id });
    expect(second?.id).not.toBe(first?.id);
  }, 90_000);

  test('that answers 410 is not told of anything more until it is enabled', async () => {
    const { url, told } = receiver(failing(1, 410, bytes('')));
    await post('/v1/tasks', echo({ url }));
    await inState(url, 'failed');
    await post('/v1/tasks', echo({ url }));
    const notSent = await inState(url, 'not-sent');
    expect(told.received).toHaveLength(1);
    const { items } = await call<{ items: { url: string; links: { enable: string } }[] }>(
      'GET',
      '/v1/webhooks/endpoints',
    );
    await post(items.find((each) => each.url === url)?.links.enable ?? '');
    await post(notSent.links.replay);
    await told.first(2, LONG_MS);
    await inState(url, 'delivered');
  }, 90_000);
});
