import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../../test/support/until.js';
import { openEventStream, type EventStream } from './event-stream.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server whose only answer is a stream, and a client that reads it only when it is told to. */
async function open(stuckMs?: number) {
  const seen = { drained: 0, closed: 0, held: () => 0 };
  const app = express();
  const opened = new Promise<EventStream>((resolve) => {
    app.get('/', (request, response) => {
      seen.held = () => response.writableLength;
      resolve(
        openEventStream(
          request,
          response,
          {
            drain: () => void seen.drained++,
            close: () => void seen.closed++,
          },
          stuckMs,
        ),
      );
    });
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return { stream: await opened, socket, seen };
}

test('a client that does not read is not written to any more, and hears of it when it reads again', async () => {
  const { stream, socket, seen } = await open();
  const data = { text: 'x'.repeat(64 * 1024) };
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  let stuck = false;
  for (let sent = 0; sent < 1_000 && !stuck; sent++) {
    stream.send('task', `id-${sent}`, data);
    if (stream.full) await pause(50);
    stuck = stream.full;
  }
  expect(stuck).toBe(true);
  const before = seen.drained;
  socket.resume();
  await until('it to drain', async () => (seen.drained > before ? true : undefined));
  expect(stream.full).toBe(false);
  socket.destroy();
  await until('it to be closed', async () => (stream.closed ? true : undefined));
  expect(seen.closed).toBe(1);
  stream.send('task', null, data);
  expect(seen.closed).toBe(1);
});

test('a client that goes on not reading is cut off; until then no more than one event is held for it', async () => {
  const { stream, socket, seen } = await open(300);
  const data = { text: 'x'.repeat(64 * 1024) };
  let most = 0;
  await until('it to be cut off', async () => {
    for (let n = 0; n < 100 && !stream.full; n++) stream.send('task', null, data);
    stream.beat();
    most = Math.max(most, seen.held());
    return stream.closed ? true : undefined;
  });
  expect(seen.closed).toBe(1);
  expect(most).toBeLessThan(128 * 1024);
  socket.destroy();
});

test('what is sent is read as it was meant, whatever it holds', async () => {
  const { stream, socket } = await open();
  stream.send('task', 'id-1', { text: 'two\nlines\r\n\u2028 and data: x' });
  stream.beat();
  stream.end();
  // The connection is still open: what came now would be written after the end.
  stream.send('task', 'id-2', {});
  let text = '';
  socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
  socket.resume();
  await until('all of it', async () => (text.includes('\n:\n\n') ? true : undefined));
  expect(text).toMatch(/^content-type: text\/event-stream; charset=utf-8\r$/im);
  expect(text).not.toContain('id-2');
  expect(text).toContain('event: task\nid: id-1\ndata: {"text":"two\\nlines\\r\\n\u2028 and data: x"}\n\n');
  socket.destroy();
});
