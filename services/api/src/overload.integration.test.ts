import { setImmediate as yieldOnce } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { newId } from '@offload/store/new-task';
import { startApi, type ApiFixture } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { NO_BROKER } from '../../../test/support/own-api.js';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.js';
import { until } from '../../../test/support/until.js';

jest.setTimeout(60_000);

let database: TestDatabase;
let link: TcpProxy;
beforeAll(() => {
  database = testDatabase('api-overload');
});
beforeEach(async () => {
  link = await startTcpProxy(database);
});
afterEach(() => link.close());
afterAll(async () => {
  await database.remove();
});

async function ask(api: ApiFixture, path: string, init: RequestInit = {}) {
  const began = performance.now();
  const answer = await fetch(api.url + path, init);
  const { code } = (await answer.json()) as { code?: string };
  return { status: answer.status, code, headers: answer.headers, ms: performance.now() - began };
}
const list = (api: ApiFixture) => ask(api, '/v1/tasks');
const cancel = (api: ApiFixture) => ask(api, `/v1/tasks/${newId()}/cancel`, { method: 'POST' });
const isShed = (of: typeof list) => async (api: ApiFixture) => {
  const { status, code } = await of(api);
  return status === 503 && code === 'overloaded' ? true : undefined;
};
const told = (api: ApiFixture): string[] =>
  api.log.lines.received.map(({ message }) => message).filter((message) => message.includes('overloaded'));

test('with a slow database requests are refused at once, health answers stay fast, cancelling goes on', async () => {
  const shedLimits = { loopMs: 0, storeMs: 400, sampleMs: 50 };
  const api = await startApi({ mongodbUri: database.uriAt(link.port), amqpUrl: NO_BROKER, shedLimits });
  await api.store.connection.ready();
  expect((await list(api)).status).toBe(200);

  link.delay(300);
  const slow = Promise.all(Array.from({ length: 30 }, () => list(api)));
  await until('requests to be refused', () => isShed(list)(api));
  await slow;
  const refused = await list(api);
  expect(refused).toMatchObject({ status: 503, code: 'overloaded' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.ms).toBeLessThan(500);
  expect((await ask(api, '/v1/events')).status).toBe(503);
  const health = await ask(api, '/healthz');
  expect([health.status, health.ms < 500]).toEqual([200, true]);
  const ready = await ask(api, '/readyz');
  expect([ready.status, ready.ms < 1_000]).toEqual([200, true]);
  expect((await fetch(`${api.url}/openapi.json`)).status).toBe(200);
  // It takes as long as the database does, but it is done.
  await until('cancelling to be served', async () => ((await cancel(api)).status === 404 ? true : undefined));

  link.delay(700);
  await until('cancelling to be refused, too', () => isShed(cancel)(api));
  expect((await ask(api, '/healthz')).status).toBe(200);

  link.delay(0);
  await until('requests to be served again', async () =>
    (await list(api)).status === 200 ? true : undefined,
  );
  expect(told(api)).toEqual(['overloaded: requests are answered 503', 'no longer overloaded']);
  await api.stop();
});

test('one slow query is no overload', async () => {
  const shedLimits = { loopMs: 0, storeMs: 200, sampleMs: 20 };
  const api = await startApi({ mongodbUri: database.uriAt(link.port), amqpUrl: NO_BROKER, shedLimits });
  await api.store.connection.ready();
  link.delay(400);
  expect((await list(api)).status).toBe(200);
  link.delay(0);
  expect(told(api)).toEqual([]);
  await api.stop();
});

test('with a late event loop requests are refused until it is on time again', async () => {
  // Far above what a turn of the garbage collector takes in a process with all the tests in it.
  const shedLimits = { loopMs: 150, storeMs: 0, sampleMs: 250 };
  const api = await startApi({ mongodbUri: database.uri, amqpUrl: NO_BROKER, shedLimits });
  await api.store.connection.ready();
  let busy = true;
  const blocking = (async () => {
    while (busy) {
      const end = performance.now() + 400;
      while (performance.now() < end);
      await yieldOnce();
    }
  })();
  await until('requests to be refused', () => isShed(list)(api));
  expect((await ask(api, '/healthz')).status).toBe(200);
  busy = false;
  await blocking;
  await until('requests to be served again', async () =>
    (await list(api)).status === 200 ? true : undefined,
  );
  expect(told(api)).toEqual(['overloaded: requests are answered 503', 'no longer overloaded']);
  await api.stop();
});
