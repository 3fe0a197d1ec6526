import net from 'node:net';
import express from 'express';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { Inbox } from '../../../test/support/signals.js';
import { answerErrors } from './answer-error.js';
import { readJson } from './read-json.js';
import { requestId } from './request-id.js';
import { serve, type Serving } from './serve.js';

let server: Serving;
beforeAll(async () => {
  const app = express()
    .use(requestId)
    .post('/', readJson(100), (request, response) => void response.json(request.body))
    .use(answerErrors(new RecordedLog()));
  server = await serve(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

test('a body that does not arrive in time is a 408', async () => {
  const received = new Inbox<string>();
  const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('data', (chunk) => received.add(chunk.toString()));
  socket.write(
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  const [answer] = await received.first(1);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toMatch('"code":"request-timeout"');
  socket.destroy();
});

test('a compressed body is read, and its limit is that of what is in it', async () => {
  const { gzipSync } = await import('node:zlib');
  const send = async (body: unknown) =>
    fetch(server.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      body: gzipSync(JSON.stringify(body)),
    });
  expect(await (await send({ a: 1 })).json()).toEqual({ a: 1 });
  expect((await send({ a: 'x'.repeat(1_000_000) })).status).toBe(413);
});

test.each([
  ['objects', (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)],
  ['arrays', (depth: number) => '['.repeat(depth) + ']'.repeat(depth)],
])('%s may be nested 64 levels deep, and no deeper', async (_what, nested) => {
  const send = (body: string) =>
    fetch(server.url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  expect((await send(nested(64))).status).toBe(200);
  for (const depth of [66, 10_000]) {
    const answer = await send(nested(depth));
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'malformed-request' }]);
  }
});
