import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openStore } from '@offload/store/open-store';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { NO_BROKER } from '../../../test/support/own-api.js';
import { createTestVhost, type TestVhost } from '../../../test/support/rabbitmq.js';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { when } from '../../../test/support/signals.js';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.js';
import { until } from '../../../test/support/until.js';
import { within } from '../../../test/support/within.js';
import type { TaskResource } from './task-resource.js';

// Each wait has its own limit; what they may add up to is more than Jest's five seconds.
jest.setTimeout(60_000);

let database: TestDatabase;
let vhost: TestVhost;
beforeAll(async () => {
  database = testDatabase('api-outages');
  vhost = await createTestVhost('api-outages');
});
afterAll(async () => {
  await database.remove();
  await vhost.remove();
});

async function post(api: ApiFixture, message = 'hi', headers: Record<string, string> = {}) {
  const began = performance.now();
  const answer = await fetch(`${api.url}/v1/tasks`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ type: 'system.echo', input: { message } }),
  });
  const body = (await answer.json()) as TaskResource & { code?: string };
  return { status: answer.status, headers: answer.headers, body, ms: performance.now() - began };
}

const ready = async (api: ApiFixture): Promise<{ ready: boolean }> =>
  (await (await fetch(`${api.url}/readyz`)).json()) as { ready: boolean };

describe('P1, P2: without the broker', () => {
  test('a task is still stored and answered 202 in milliseconds, and left to the relay', async () => {
    const api = await startApi({ mongodbUri: database.uri, amqpUrl: NO_BROKER });
    await api.store.connection.ready();
    await post(api);
    const { status, body, ms } = await post(api);
    expect(status).toBe(202);
    expect(ms).toBeLessThan(1_000);
    await api.submitter.settled();
    expect(await api.store.tasks.get(body.id)).toMatchObject({ state: 'scheduled', seq: 0 });
    expect(await ready(api)).toEqual({ ready: true, checks: { database: true, broker: false } });
    await api.stop();
  });

  test('a broker that swallows everything delays nobody', async () => {
    const proxy = await startTcpProxy({ host: vhost.host, port: vhost.port });
    const api = await startApi({ mongodbUri: database.uri, amqpUrl: vhost.urlAt(proxy.port) });
    await api.store.connection.ready();
    await when(api.publisher, () => api.publisher.ready, 'the publisher to be ready');
    proxy.halfOpen();
    await post(api);
    const { status, body, ms } = await post(api);
    expect(status).toBe(202);
    expect(ms).toBeLessThan(1_000);
    expect(await api.store.tasks.get(body.id)).toMatchObject({ state: 'scheduled' });
    proxy.cut();
    await api.submitter.settled();
    proxy.resume();
    await when(api.publisher, () => api.publisher.ready, 'the publisher to be ready again');
    const later = await post(api);
    await api.submitter.settled();
    expect(await api.store.tasks.get(later.body.id)).toMatchObject({ state: 'queued' });
    await api.stop();
    await proxy.close();
  });
});

describe('when the database goes away', () => {
  let proxy: TcpProxy;
  let api: ApiFixture;
  beforeAll(async () => {
    proxy = await startTcpProxy({ host: database.host, port: database.port });
    api = await startApi({ mongodbUri: database.uriAt(proxy.port), amqpUrl: vhost.url });
    await api.store.connection.ready();
  });
  afterAll(async () => {
    await api.stop();
    await proxy.close();
  });

  /** Posts until it is taken. */
  const back = async () => {
    for (;;) {
      const answer = await post(api, 'back');
      if (answer.status === 202) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  test('requests are answered 503 soon, then at once; nothing is half done; and it comes back by itself', async () => {
    expect((await post(api)).status).toBe(202);
    proxy.cut();
    const first = await within(10_000, post(api, 'lost'), 'the first answer');
    expect(first).toMatchObject({ status: 503, body: { code: 'store-unavailable' } });
    expect(first.headers.get('retry-after')).toMatch(/^\d+$/);
    const next = await post(api, 'lost');
    expect(next.status).toBe(503);
    expect(next.ms).toBeLessThan(1_000);
    // A database that is slow to answer a ping counts as there for five seconds.
    const unready = async () => ((await ready(api)).ready ? undefined : true);
    await until('the database to be seen as away', unready, 10_000);
    expect(await ready(api)).toMatchObject({ ready: false, checks: { database: false } });
    const upload = await fetch(`${api.url}/v1/files`, { method: 'POST', body: 'x' });
    expect(upload.status).toBe(503);

    proxy.resume();
    const { body } = await within(20_000, back(), 'the database to be back');
    expect(body.input).toMatchObject({ message: 'back' });
    const lost = { 'input.message': 'lost' };
    expect(await api.store.connection.mongo.collection('tasks').countDocuments(lost)).toBe(0);
  });

  test('an upload that it breaks off is a 503 and not kept', async () => {
    // The first chunk is written, then the link goes.
    const body = new ReadableStream({
      async pull(controller) {
        controller.enqueue(new Uint8Array(700_000));
        proxy.cut();
        controller.close();
      },
    });
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const answer = await within(20_000, fetch(`${api.url}/v1/files`, init), 'the answer');
    expect(answer.status).toBe(503);
    proxy.resume();
  });
  test('P1: a task that was stored is a 202, whatever fails while its end is waited for', async () => {
    await within(20_000, back(), 'the database to be back');
    const waiting = fetch(`${api.url}/v1/tasks`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Prefer: 'wait=30' },
      body: JSON.stringify({ type: 'system.echo', input: { message: 'stored' } }),
    });
    const oneWaits = async () => {
      while (api.waits.count < 1) await new Promise((resolve) => setImmediate(resolve));
    };
    // A call on a connection that the cut before has left half dead takes as long as its limit.
    await within(15_000, oneWaits(), 'the request to wait');
    proxy.cut();
    expect((await within(20_000, waiting, 'the answer')).status).toBe(202);
    proxy.resume();
  }, 60_000);

  test('a link that swallows everything is a 503 in seconds; what was stored after all is not done', async () => {
    await within(20_000, back(), 'the database to be back');
    proxy.halfOpen();
    const { status, ms } = await within(20_000, post(api, 'swallowed'), 'the answer');
    expect(status).toBe(503);
    expect(ms).toBeLessThan(8_000);
    proxy.resume();
    await within(20_000, back(), 'the database to be back');
    const swallowed = { 'input.message': 'swallowed', state: { $ne: 'cancelled' } };
    expect(await api.store.connection.mongo.collection('tasks').countDocuments(swallowed)).toBe(0);
  }, 60_000);

  test('P1: a task that was stored while the reply was lost is a 202, and there once', async () => {
    await within(20_000, back(), 'the database to be back');
    const direct = openStore({ uri: database.uri, name: 'direct', log: new RecordedLog() });
    await direct.connection.ready();
    const stored = () =>
      direct.connection.mongo.collection('tasks').countDocuments({ 'input.message': 'reply' });
    // The insert has arrived; its reply is held back for so long that the link can be reset before.
    proxy.delay(1_000);
    const posting = post(api, 'reply');
    for (let looks = 0; looks < 200 && (await stored()) === 0; looks++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    proxy.delay(0);
    proxy.reset();
    expect((await within(20_000, posting, 'the answer')).status).toBe(202);
    expect(await stored()).toBe(1);
    await direct.connection.close();
  }, 60_000);

  test('after a 503 the same Idempotency-Key has it done once, whatever became of the first request', async () => {
    await within(20_000, back(), 'the database to be back');
    const key = { 'Idempotency-Key': '"after a 503"' };
    proxy.halfOpen();
    expect((await within(20_000, post(api, 'keyed', key), 'the answer')).status).toBe(503);
    proxy.resume();
    await within(20_000, back(), 'the database to be back');
    const { status, body } = await post(api, 'keyed', key);
    expect(status).toBe(202);
    const kept = await api.store.connection.mongo
      .collection<{ _id: string }>('tasks')
      .find({ 'input.message': 'keyed' })
      .toArray();
    expect(kept.map(({ _id }) => _id)).toEqual([body.id]);
    expect(body.state).not.toBe('cancelled');
  }, 60_000);
});
