import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { Inbox } from '../../../test/support/signals.js';
import { answerErrors } from './answer-error.js';
import { problemOf } from './problem-of-error.js';
import { receiveUpload } from './receive-upload.js';
import { requestId } from './request-id.js';

const MAX = 100_000;

/** What the reader of each upload got in the end: its length or its problem's code. */
const ends = new Inbox<number | string>();
const app = express()
  .use(requestId)
  .post('/', async (request, response) => {
    const { body, ...rest } = await receiveUpload(
      request,
      { maxBytes: MAX },
      request.query.name as string | undefined,
    );
    try {
      const bytes = await buffer(body);
      ends.add(bytes.length);
      response.json({ ...rest, size: bytes.length, head: bytes.subarray(0, 20).toString('latin1') });
    } catch (error) {
      ends.add(problemOf(error).code);
      throw error;
    }
  })
  .use(answerErrors(new RecordedLog()));
const server = http.createServer(app);
let url: string;
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
  url = `http://127.0.0.1:${port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const send = async (
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
  query = '',
) => {
  const answer = await fetch(url + query, { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
};

const form = (...files: [string, Blob][]) => {
  const data = new FormData();
  data.append('note', 'a field beside it');
  for (const [name, blob] of files) data.append('file', blob, name);
  return data;
};

/** A body without a Content-Length. */
const streamed = (chunks: number, size: number) =>
  new ReadableStream({
    start(controller) {
      for (let n = 0; n < chunks; n++) controller.enqueue(new Uint8Array(size));
      controller.close();
    },
  });

describe('a file', () => {
  test('comes as a form', async () => {
    const blob = new Blob(['hello'], { type: 'image/png' });
    expect(await send(form(['photo.png', blob]))).toMatchObject({
      status: 200,
      name: 'photo.png',
      type: 'image/png',
      size: 5,
      head: 'hello',
    });
  });

  test('comes as the body itself, named by the query', async () => {
    expect(
      await send('hello', { 'Content-Type': 'text/csv; charset=utf-8' }, '?name=a%20b.csv'),
    ).toMatchObject({
      status: 200,
      name: 'a b.csv',
      type: 'text/csv',
      size: 5,
    });
  });

  test.each([
    ['attachment; filename="a \\"b\\".png"', 'a "b".png'],
    ['attachment; filename=plain.txt', 'plain.txt'],
    ["attachment; filename=x; filename*=UTF-8''%C3%A4.png", 'ä.png'],
    ['attachment', 'file'],
  ])('is named by Content-Disposition: %s', async (header, name) => {
    expect(await send('x', { 'Content-Disposition': header })).toMatchObject({ status: 200, name });
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    [String.raw`C:\temp\photo.png`, 'photo.png'],
    ['a\u0000\u001b[31mb', 'a[31mb'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['', 'file'],
    ['/', 'file'],
    ['x'.repeat(300), 'x'.repeat(200)],
  ])('has a harmless name: %j', async (given, name) => {
    expect(await send('x', {}, `?name=${encodeURIComponent(given)}`)).toMatchObject({ status: 200, name });
  });

  test.each(['nonsense', 'text/html\u00e9', 'a/b/c'])('of type %s is bytes', async (type) => {
    expect(await send(new Blob(['x']), { 'Content-Type': type })).toMatchObject({
      type: 'application/octet-stream',
    });
  });

  test('may be as large as the limit, by either way', async () => {
    const whole = new Uint8Array(MAX);
    expect(await send(whole)).toMatchObject({ status: 200, size: MAX });
    expect(await send(form(['x', new Blob([whole])]))).toMatchObject({ status: 200, size: MAX });
    expect(await send(streamed(10, MAX / 10))).toMatchObject({ status: 200, size: MAX });
  });

  test('may be empty in a form', async () => {
    expect(await send(form(['x', new Blob([])]))).toMatchObject({ status: 200, size: 0 });
  });
});

describe('refused', () => {
  test('one byte more than the limit, said in advance or not', async () => {
    expect(await send(new Uint8Array(MAX + 1))).toMatchObject({ status: 413, code: 'too-large' });
    expect(await send(streamed(1, MAX + 1))).toMatchObject({ status: 413, code: 'too-large' });
    expect(await send(form(['x', new Blob([new Uint8Array(MAX + 1)])]))).toMatchObject({ status: 413 });
  });

  test('far more than the limit: the client still gets its answer', async () => {
    expect(await send(streamed(200, MAX))).toMatchObject({ status: 413, code: 'too-large' });
    expect(await send(form(['x', new Blob([new Uint8Array(50 * MAX)])]))).toMatchObject({ status: 413 });
  });

  test('two files at once', async () => {
    const blob = new Blob([new Uint8Array(50_000)]);
    expect(await send(form(['a', blob], ['b', blob]))).toMatchObject({ status: 422, code: 'invalid-file' });
  });

  test('a form without a file', async () => {
    expect(await send(form())).toMatchObject({ status: 422, code: 'invalid-file' });
  });

  test('no body', async () => {
    expect(await send('')).toMatchObject({ status: 422, code: 'invalid-file' });
  });

  test.each([
    ['without a boundary', 'multipart/form-data', 'x'],
    ['that ends in the middle of the file', 'multipart/form-data; boundary=b', FORM_HEAD()],
    ['with nothing in it', 'multipart/form-data; boundary=b', 'x'],
  ])('a form %s', async (_name, type, body) => {
    expect(await send(body, { 'Content-Type': type })).toMatchObject({
      status: 400,
      code: 'malformed-request',
    });
  });

  test('a compressed body', async () => {
    expect(await send('x', { 'Content-Encoding': 'gzip' })).toMatchObject({ status: 415 });
  });

  test('a file name that is not well encoded', async () => {
    const header = { 'Content-Disposition': "attachment; filename*=UTF-8''%zz" };
    expect(await send('x', header)).toMatchObject({ status: 400, code: 'malformed-request' });
  });
});

function FORM_HEAD(): string {
  return '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nsome bytes';
}

describe('an upload that is cut off fails for its reader', () => {
  test.each([
    ['a body', 'Content-Length: 90000\r\n\r\n', 'some bytes'],
    ['a form', 'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 90000\r\n\r\n', FORM_HEAD()],
  ])('%s', async (_name, headers, body) => {
    const before = ends.received.length;
    const socket = net.connect(port, '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${headers}${body}`);
    // Long enough to be read; being cut off earlier is refused, too.
    await sleep(50);
    socket.resetAndDestroy();
    const end = (await ends.first(before + 1)).at(-1);
    expect(end).toBe('malformed-request');
  });
});
