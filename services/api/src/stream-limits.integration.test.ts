import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openEvents, type EventClient } from '../../../test/support/event-source.js';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';
import { until } from '../../../test/support/until.js';
import { within } from '../../../test/support/within.js';

jest.setTimeout(60_000);

let api: OwnApi;
beforeAll(async () => {
  api = await startApiWithoutBroker('api-stream-limits', {
    streamLimits: { total: 3, perKey: 2 },
    trustProxy: 1,
    beatMs: 100,
  });
});
afterAll(() => api.remove());

const open: EventClient[] = [];
afterEach(() => leave(...open));

const from = (address: string) => ({ 'X-Forwarded-For': address });
async function watch(address: string, url = api.url): Promise<EventClient> {
  const stream = await openEvents(`${url}/v1/events`, from(address));
  open.push(stream);
  return stream;
}
async function leave(...streams: EventClient[]): Promise<void> {
  for (const each of streams) each.close();
  const left = open.filter((each) => !streams.includes(each));
  open.splice(0, open.length, ...left);
  await until('the streams to be closed', async () => (api.feed.watchers === left.length ? true : undefined));
}
const refusal = async (address: string) => {
  const answer = await fetch(`${api.url}/v1/events`, { headers: from(address) });
  const { code } = (await answer.json()) as { code: string };
  return [answer.status, code, Number(answer.headers.get('retry-after')) > 0];
};

describe('open event streams are limited', () => {
  test('for each key or address, and one that ends makes room', async () => {
    const first = await watch('198.51.100.1');
    await watch('198.51.100.1');
    expect(await refusal('198.51.100.1')).toEqual([429, 'too-many-streams', true]);
    const head = await fetch(`${api.url}/v1/events`, { method: 'HEAD', headers: from('198.51.100.1') });
    expect(head.status).toBe(200);
    await leave(first);
    expect((await watch('198.51.100.1')).status).toBe(200);
  });

  test('for all together', async () => {
    for (const address of ['198.51.100.1', '198.51.100.1', '198.51.100.2']) await watch(address);
    expect(await refusal('198.51.100.2')).toEqual([503, 'overloaded', true]);
  });
});

/** A proxy that knows nothing of event streams, and does nothing for them. */
async function startHttpProxy(): Promise<{ url: string; close: () => void }> {
  const server = http.createServer((request, response) => {
    const { method, url: path, headers } = request;
    const asked = http.request(api.url + path, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    response.once('close', () => asked.destroy());
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

test('through a proxy events come when they happen, heartbeats too, and the end of the task ends it', async () => {
  const proxy = await startHttpProxy();
  const task = await api.insert();
  const stream = await openEvents(`${proxy.url}/v1/tasks/${task._id}/events`);
  expect(stream.headers.get('x-accel-buffering')).toBe('no');
  expect(stream.headers.get('cache-control')).toMatch('no-transform');
  expect(stream.headers.get('content-encoding')).toBeNull();
  expect(await stream.events.first(1)).toMatchObject([{ event: 'task', data: { id: task._id } }]);
  await stream.comments.first(2);
  await fetch(`${api.url}/v1/tasks/${task._id}/cancel`, { method: 'POST' });
  await within(20_000, stream.ended, 'the stream to end');
  expect(stream.events.received.at(-1)).toMatchObject({ data: { state: 'cancelled' } });
  proxy.close();
});
