import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rawConnection } from '../../../test/support/raw-http.js';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { within } from '../../../test/support/within.js';
import { answerErrors } from './answer-error.js';
import { checkHead } from './check-head.js';
import { readJson } from './read-json.js';
import { requestId } from './request-id.js';
import { serve, type Serving } from './serve.js';

const log = new RecordedLog();
const app = express()
  .use(requestId, checkHead)
  .post('/json', readJson(2_000), (request, response) => void response.json(request.body))
  .get('/', (_request, response) => void response.send('ok'))
  .use(answerErrors(log));

let server: Serving;
beforeAll(async () => {
  server = await serve(app, { host: '127.0.0.1', port: 0, headersMs: 300, unreadMs: 300 });
});
afterAll(() => server.close());

const HEAD = 'Host: x\r\nContent-Type: application/json\r\n';

/** Status, code and headers of the problem that this is answered with. The connection must end. */
async function refusal(bytes: string | Buffer) {
  const connection = await rawConnection(server.url, bytes);
  const all = await within(10_000, connection.closed, 'the connection to end');
  const [head = '', body = ''] = all.split('\r\n\r\n');
  expect(head).toMatch(/content-type: application\/problem\+json/i);
  expect(head).toMatch(/x-request-id: [\w-]{36}/i);
  const { code, status } = JSON.parse(body) as { code: string; status: number };
  expect(head).toMatch(`HTTP/1.1 ${status} `);
  return [status, code];
}

const get = (target: string, headers = '') =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;

describe('what is no request that can be read is answered with a problem, and the connection ends', () => {
  test.each([
    ['headers above 32 KiB', get('/', `X: ${'x'.repeat(40_000)}\r\n`), 431, 'headers-too-large'],
    ['more than 100 headers', get('/', 'X: 1\r\n'.repeat(101)), 431, 'headers-too-large'],
    ['an address above 8 KiB', get(`/${'a'.repeat(9_000)}`), 414, 'address-too-long'],
    ['an address above all headers', get(`/${'a'.repeat(60_000)}`), 414, 'address-too-long'],
    ['no HTTP', 'hello\r\n\r\n', 400, 'malformed-request'],
    ['TLS', Buffer.from('160301020001', 'hex'), 400, 'malformed-request'],
    ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed-request'],
    [
      'a length and chunks, as request smuggling has it',
      `POST /json HTTP/1.1\r\n${HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'malformed-request',
    ],
  ])('%s', async (_what, bytes, status, code) => {
    expect(await refusal(bytes)).toEqual([status, code]);
  });

  test('headers that come drop by drop', async () => {
    const connection = await rawConnection(server.url, 'GET / HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => connection.socket.write('X: 1\r\n'), 50);
    const all = await within(10_000, connection.closed, 'the connection to end');
    clearInterval(drip);
    expect(all).toMatch('HTTP/1.1 408 ');
    expect(all).toMatch('"code":"request-timeout"');
  });
});

test('100 headers and an address of 8 KiB are taken', async () => {
  const most = get(`/?${'a'.repeat(8_100)}`, 'X: 1\r\n'.repeat(98));
  expect(await (await rawConnection(server.url, most)).closed).toMatch('HTTP/1.1 200 ');
});

describe('a body that is too large', () => {
  const post = (length: number, more = '') =>
    `POST /json HTTP/1.1\r\n${HEAD}Content-Length: ${length}\r\n${more}\r\n`;

  test('is answered by its length alone, and a client that sends it all the same gets to its answer', async () => {
    const connection = await rawConnection(server.url, post(20_000_000));
    const piece = randomBytes(64 * 1024);
    let sent = 0;
    while (connection.socket.writable && sent < 20_000_000) {
      sent += piece.length;
      if (connection.socket.write(piece)) continue;
      const drained = new Promise((resolve) => connection.socket.once('drain', resolve));
      await Promise.race([drained, connection.closed]);
    }
    expect(await within(10_000, connection.closed, 'the end')).toMatch('HTTP/1.1 413 ');
  });

  test('of unknown length is answered when it is, not at its end', async () => {
    const chunked = `POST /json HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
    const connection = await rawConnection(server.url, chunked);
    connection.socket.write(`11000\r\n${'x'.repeat(0x11000)}\r\n`);
    expect(await within(5_000, connection.until(/too-large/), 'the answer')).toMatch('HTTP/1.1 413 ');
    await within(5_000, connection.closed, 'the connection to end');
  });

  test('by what is in it (a zip bomb) costs no more than its limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(64 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        fetch(`${server.url}/json`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
          body: bomb,
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 413));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  test.each(['gzip', 'br', 'deflate'])(
    'that is not what Content-Encoding: %s says is a 400',
    async (encoding) => {
      const answer = await fetch(`${server.url}/json`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': encoding },
        body: 'this is not compressed at all, and never was',
      });
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'malformed-request' }]);
    },
  );

  test('is not asked for where the client waits for 100 Continue; the connection ends with the answer', async () => {
    const connection = await rawConnection(server.url, post(1_000_000, 'Expect: 100-continue\r\n'));
    const all = await within(5_000, connection.closed, 'the connection to end');
    expect(all).toMatch(/^HTTP\/1\.1 413 /);
    expect(all).toMatch(/connection: close/i);
  });
});

test('a body that fits is asked for when somebody reads it (100 Continue), and the connection goes on', async () => {
  const connection = await rawConnection(
    server.url,
    `POST /json HTTP/1.1\r\n${HEAD}Content-Length: 7\r\nExpect: 100-continue\r\n\r\n`,
  );
  expect(await connection.until(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  connection.socket.write('{"a":1}');
  expect(await connection.until(/\{"a":1\}/)).toMatch('HTTP/1.1 200 OK');
  connection.socket.write(get('/'));
  expect(await connection.closed).toMatch(/ok$/);
});

test('a body that nobody reads and that goes on after the answer ends the connection', async () => {
  const connection = await rawConnection(server.url, `GET / HTTP/1.1\r\n${HEAD}Content-Length: 1000\r\n\r\n`);
  const drip = setInterval(() => connection.socket.write('x'), 50);
  expect(await within(5_000, connection.closed, 'the connection to end')).toMatch('HTTP/1.1 200 ');
  clearInterval(drip);
});

describe('connections', () => {
  test('beyond the limit are closed, which is logged once', async () => {
    const own = new RecordedLog();
    const few = await serve(app, { host: '127.0.0.1', port: 0, maxConnections: 2, log: own });
    const open = [await rawConnection(few.url), await rawConnection(few.url)];
    for (let n = 0; n < 3; n++) await (await rawConnection(few.url, get('/'))).closed;
    expect(own.lines.received.map(({ message }) => message)).toEqual([
      'too many connections; new ones are closed',
    ]);
    open[0]?.socket.end(get('/'));
    expect(await open[0]?.closed).toMatch('200 OK');
    open[1]?.socket.destroy();
    await few.close();
  });

  test('end after 1,000 requests, so that load spreads over new processes', async () => {
    const connection = await rawConnection(server.url);
    const one = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
    connection.socket.write(one.repeat(1_000));
    const all = await within(20_000, connection.closed, 'the connection to end');
    expect(all.match(/200 OK/g)).toHaveLength(1_000);
    expect(all.match(/connection: close/gi)).toHaveLength(1);
  });
});

describe('the stop', () => {
  const slow = express()
    .get('/slow', (_request, response) => setTimeout(() => response.send('done'), 300))
    .get('/endless', (_request, response) => void response.write('…'))
    .get('/', (_request, response) => void response.send('ok'));

  test('answers what is in flight and closes kept connections', async () => {
    const own = await serve(slow, { host: '127.0.0.1', port: 0 });
    const kept = await rawConnection(own.url, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await kept.until(/ok$/);
    const busy = await rawConnection(own.url, 'GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await within(5_000, own.close(), 'the stop');
    expect(await busy.closed).toMatch(/done$/);
    await kept.closed;
    await expect(rawConnection(own.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('cuts off what does not end in time, and says so', async () => {
    const own = new RecordedLog();
    const endless = await serve(slow, { host: '127.0.0.1', port: 0, drainMs: 200, log: own });
    const connection = await rawConnection(endless.url, 'GET /endless HTTP/1.1\r\nHost: x\r\n\r\n');
    await connection.until(/200 OK/);
    await within(5_000, endless.close(), 'the stop');
    await connection.closed;
    expect(own.lines.received.map(({ message }) => message)).toEqual([
      'requests had not ended at the stop and were cut off',
    ]);
  });
});
