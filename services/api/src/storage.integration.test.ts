import { randomBytes } from 'node:crypto';
import v8 from 'node:v8';
import vm from 'node:vm';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';
import { rawConnection } from '../../../test/support/raw-http.js';

jest.setTimeout(60_000);

const LIMIT = 1_000_000;
const HUGE = 64_000_000;

let api: OwnApi;
beforeAll(async () => {
  api = await startApiWithoutBroker('api-storage', { ownerFileBytes: LIMIT, fileMaxBytes: HUGE });
});
afterAll(() => api.remove());

async function upload(body: BodyInit, init: object = {}) {
  const answer = await fetch(`${api.url}/v1/files`, { method: 'POST', body, ...init });
  const { id = '', code } = (await answer.json()) as { id?: string; code?: string };
  return { status: answer.status, id, code };
}
const remove = async (id: string): Promise<number> =>
  (await fetch(`${api.url}/v1/files/${id}`, { method: 'DELETE' })).status;
/** A body whose length nobody says. */
const streamed = (bytes: number): [BodyInit, object] => [
  new Blob([randomBytes(bytes)]).stream(),
  { duplex: 'half' },
];
const filesStored = () => api.store.connection.mongo.collection('files.files').countDocuments();

test('an owner may store so many bytes; what is removed makes room again', async () => {
  const first = await upload(randomBytes(600_000));
  expect(first.status).toBe(201);
  expect(await upload(randomBytes(500_000))).toMatchObject({ status: 507, code: 'storage-full' });
  expect(await upload(...streamed(500_000))).toMatchObject({ status: 507, code: 'storage-full' });
  const second = await upload(randomBytes(400_000));
  expect(second.status).toBe(201);
  expect(await remove(first.id)).toBe(204);
  expect(await remove(first.id)).toBe(404);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const third = await upload(...streamed(500_000));
  expect(third.status).toBe(201);
  expect(await filesStored()).toBe(2);
  expect([await remove(second.id), await remove(third.id)]).toEqual([204, 204]);
});

test('uploads that come at once do not share the same room', async () => {
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const answers = await Promise.all(Array.from({ length: 5 }, () => upload(randomBytes(300_000))));
  const stored = answers.filter(({ status }) => status === 201);
  expect(stored).toHaveLength(3);
  expect(answers.filter(({ code }) => code === 'storage-full')).toHaveLength(2);
  for (const { id } of stored) await remove(id);
});

test("P8: another owner's upload cannot be removed", async () => {
  const expireAt = new Date(Date.now() + 60_000);
  const file = { owner: 'other', name: 'x', type: 'text/plain', expireAt };
  const { id } = await api.store.files.save(file, Buffer.from('x'));
  expect(await remove(id)).toBe(404);
  expect(await api.store.files.upload(id, 'other')).not.toBeNull();
});

test('a client that asks first (100 Continue) sends nothing of a file for which there is no room', async () => {
  const head = `Host: localhost\r\nContent-Length: ${LIMIT + 1}\r\nExpect: 100-continue\r\n`;
  const connection = await rawConnection(api.url, `POST /v1/files HTTP/1.1\r\n${head}\r\n`);
  expect(await connection.closed).toMatch(/^HTTP\/1\.1 507 /);
});

test('a large file is never in memory as a whole', async () => {
  const own = await startApiWithoutBroker('api-storage-large', { fileMaxBytes: HUGE });
  const piece = randomBytes(256 * 1024);
  const pieces = 160;
  const connection = await rawConnection(
    own.url,
    `POST /v1/files?name=large HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${piece.length * pieces}\r\n\r\n`,
  );
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  /** Bytes of buffers that somebody holds: what is collected is given back by another thread, a moment later. */
  const held = async (): Promise<number> => {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = await held();
  let peak = 0;
  for (let n = 0; n < pieces; n++) {
    if (!connection.socket.write(piece))
      await new Promise((resolve) => connection.socket.once('drain', resolve));
    if (n % 10 === 0) peak = Math.max(peak, (await held()) - before);
  }
  expect(await connection.until(/"links"/)).toMatch('201 Created');
  // Of 40 MiB.
  expect(peak).toBeLessThan(16 * 1024 * 1024);
  connection.socket.destroy();
  await own.remove();
});
