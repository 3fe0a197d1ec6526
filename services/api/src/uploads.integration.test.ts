import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi } from '../../../test/support/api-fixture.js';
import { when } from '../../../test/support/signals.js';
import { NO_BROKER, startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';
import { receiveUpload } from './receive-upload.js';

const MAX = 3_000_000;

let api: OwnApi;
let client: OwnApi['client'];
beforeAll(async () => {
  api = await startApiWithoutBroker('api-files', { fileMaxBytes: MAX });
  ({ client } = api);
});
afterAll(() => api.remove());

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const stored = async () => {
  const { mongo } = api.store.connection;
  const counts = ['files.files', 'files.chunks'].map((name) => mongo.collection(name).countDocuments());
  return Promise.all(counts);
};
const upload = async (bytes: Buffer | string, type = 'image/png', name = 'photo.png') => {
  const answer = await fetch(`${api.url}/v1/files?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: bytes as BodyInit,
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, string>,
  };
};

describe('POST /v1/files', () => {
  test('stores a file and says what and where it is, and until when', async () => {
    const bytes = randomBytes(2_500_000);
    const { status, headers, body } = await upload(bytes);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'photo.png',
      type: 'image/png',
      size: bytes.length,
      sha256: sha256(bytes),
    });
    expect(headers.get('location')).toBe(`/v1/files/${body.id}`);
    const kept = Date.parse(String(body.expiresAt)) - Date.parse(String(body.createdAt));
    expect(Math.round(kept / 3_600_000)).toBe(7 * 24);
    expect((await client.get(`/v1/files/${body.id}`).expect(200)).body).toMatchObject({
      id: body.id,
      sha256: body.sha256,
    });
    const content = await client.get(`/v1/files/${body.id}/content`).buffer(true).expect(200);
    expect(sha256(content.body as Buffer)).toBe(body.sha256);
  });

  test('takes a form', async () => {
    const answer = await client.post('/v1/files').attach('file', Buffer.from('hello'), 'a.txt').expect(201);
    expect(answer.body).toMatchObject({
      name: 'a.txt',
      type: 'text/plain',
      size: 5,
      sha256: sha256(Buffer.from('hello')),
    });
  });

  test('keeps nothing of a file that is too large', async () => {
    const before = await stored();
    const streamed = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 4; n++) controller.enqueue(new Uint8Array(1_000_000));
        controller.close();
      },
    });
    const init = { method: 'POST', body: streamed, duplex: 'half' } as RequestInit;
    expect((await fetch(`${api.url}/v1/files`, init)).status).toBe(413);
    expect((await upload(randomBytes(MAX + 1))).status).toBe(413);
    await client
      .post('/v1/files')
      .attach('file', randomBytes(MAX + 1), 'a.bin')
      .expect(413);
    expect(await stored()).toEqual(before);
  });

  test('keeps nothing of a form with two files', async () => {
    const before = await stored();
    const form = client
      .post('/v1/files')
      .attach('a', randomBytes(1_500_000), 'a.bin')
      .attach('b', Buffer.from('b'), 'b.bin');
    await form.expect(422);
    expect(await stored()).toEqual(before);
  });

  test.each([
    ['a body', ''],
    [
      'a form',
      'Content-Type: multipart/form-data; boundary=b\r\n',
      '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n',
    ],
  ])('keeps nothing of %s that is cut off', async (_name, header, head = '') => {
    const before = await stored();
    const socket = net.connect(Number(new URL(api.url).port), '127.0.0.1');
    const logged = api.log.lines.received.length;
    socket.write(
      `POST /v1/files HTTP/1.1\r\nHost: localhost\r\n${header}Content-Length: 2900000\r\n\r\n${head}`,
    );
    socket.write(randomBytes(2_000_000), () => socket.resetAndDestroy());
    // Its problem is answered (to nobody) when the cleaning up is through.
    await when(
      api.log.lines,
      () => api.log.lines.received.slice(logged).some(({ fields }) => fields.code === 'malformed-request'),
      'the request to end',
    );
    expect(await stored()).toEqual(before);
  });

  test('keeps nothing of a body that stops coming', async () => {
    const own = await startApi({
      mongodbUri: api.database.uri,
      amqpUrl: NO_BROKER,
      uploadIdleMs: 300,
    });
    await own.store.connection.ready();
    const before = await stored();
    const socket = net.connect(Number(new URL(own.url).port), '127.0.0.1');
    socket.write('POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nsome bytes');
    await own.log.lines.find(
      ({ fields }) => fields.code === 'malformed-request',
      'the upload to be given up',
    );
    expect(await stored()).toEqual(before);
    await own.stop();
  });

  test('keeps nothing of a body that comes too slowly, however steadily', async () => {
    const before = await stored();
    const source = new PassThrough();
    const request = Object.assign(source, { headers: { 'content-length': '1000' } });
    const slowest = { bytesPerSecond: 100, windowMs: 100 };
    const { name, type, body } = await receiveUpload(
      request as unknown as IncomingMessage,
      { maxBytes: MAX, slowest },
      'slow.txt',
    );
    const drip = setInterval(() => source.write('x'), 40);
    const saving = api.store.files.save({ owner: 'local', name, type }, body);
    await expect(saving).rejects.toMatchObject({ code: 'request-timeout' });
    clearInterval(drip);
    expect(await stored()).toEqual(before);
  });

  test("P8: another owner's upload is a 404, like one that is not there", async () => {
    const expireAt = new Date(Date.now() + 60_000);
    const other = await api.store.files.save(
      { owner: 'other', name: 'x', type: 'text/plain', expireAt },
      Buffer.from('x'),
    );
    for (const id of [other.id, '0192f3c0-7a5e-7000-8000-000000000000', 'x']) {
      await client.get(`/v1/files/${id}`).expect(404);
      await client.get(`/v1/files/${id}/content`).expect(404);
    }
  });
});
