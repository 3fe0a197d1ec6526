import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { startApi } from '../../../test/support/api-fixture.js';
import { testDatabase, type TestDatabase } from '../../../test/support/database.js';
import { openEvents } from '../../../test/support/event-source.js';
import { NO_BROKER } from '../../../test/support/own-api.js';
import { rawConnection } from '../../../test/support/raw-http.js';
import { when } from '../../../test/support/signals.js';
import { within } from '../../../test/support/within.js';

jest.setTimeout(60_000);

let database: TestDatabase;
beforeAll(() => {
  database = testDatabase('api-stop');
});
afterAll(() => database.remove());

const echo = JSON.stringify({ type: 'system.echo', input: { message: 'hi' }, delayMs: 3_600_000 });
const post = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/tasks`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: echo,
  });

test('a stop is told to load balancers first; requests are served on until it begins', async () => {
  const api = await startApi({ mongodbUri: database.uri, amqpUrl: NO_BROKER });
  await api.store.connection.ready();
  expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
  api.drain();
  expect((await fetch(`${api.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  const answer = await post(api.url);
  expect([answer.status, answer.headers.get('connection')]).toEqual([202, 'close']);
  const stream = await openEvents(`${api.url}/v1/events`);
  expect(stream.status).toBe(200);
  await within(20_000, api.stop(), 'the stop');
  await stream.ended;
});

test('requests in flight are answered, those that wait with what there is, streams end, kept connections close', async () => {
  const api = await startApi({ mongodbUri: database.uri, amqpUrl: NO_BROKER, rereadMs: 60_000 });
  await api.store.connection.ready();
  const kept = await rawConnection(api.url, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await kept.until(/alive/);
  const stream = await openEvents(`${api.url}/v1/events`);
  const waiting = post(api.url, { Prefer: 'wait=30' });
  await when(api.log.lines, () => api.waits.count === 1, 'the request to wait').catch(() => undefined);
  const head = `Host: localhost\r\nContent-Type: application/json\r\nContent-Length: ${echo.length}\r\n`;
  const halfSent = await rawConnection(api.url, `POST /v1/tasks HTTP/1.1\r\n${head}\r\n${echo.slice(0, 20)}`);
  await new Promise((resolve) => setTimeout(resolve, 300));

  const stopped = api.stop();
  halfSent.socket.write(echo.slice(20));
  expect(await within(20_000, halfSent.closed, 'the POST to be answered')).toMatch('HTTP/1.1 202 ');
  const answer = await within(20_000, waiting, 'the wait to end');
  expect([answer.status, ((await answer.json()) as { state: string }).state]).toEqual([202, 'scheduled']);
  await within(20_000, stream.ended, 'the stream to end');
  await within(20_000, kept.closed, 'the kept connection to close');
  await within(20_000, stopped, 'the stop');
  expect(stream.events.received.filter(({ event }) => event === 'error')).toEqual([]);
});
