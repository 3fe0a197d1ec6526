import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import * as moves from '@offload/store/moves';
import { messageOf, newTask } from '@offload/store/new-task';
import { startApiWithoutBroker, type OwnApi } from '../../../test/support/own-api.js';

let api: OwnApi;
let client: OwnApi['client'];
beforeAll(async () => {
  api = await startApiWithoutBroker('api-task-files');
  ({ client } = api);
});
afterAll(() => api.remove());

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A task that made one file and, unless told otherwise, has succeeded. */
async function taskWithFile(name: string, type: string, bytes: Buffer, ended = true): Promise<string> {
  const { tasks, files } = api.store;
  const now = tasks.now();
  const task = newTask(systemEcho, { message: '', delayMs: 0 }, { owner: 'local', lane: 'interactive', now });
  await tasks.create(task);
  const claim = await tasks.claim(messageOf(task), 'a test', new Set());
  if (claim.kind !== 'claimed') throw new Error('not claimed');
  const { token } = claim;
  await files.save({ owner: 'local', name, type, task: task._id, token }, bytes);
  // Of an attempt that lost: nobody may see it.
  await files.save({ owner: 'local', name: 'lost.txt', type, task: task._id, token: 'other' }, bytes);
  if (ended) {
    const move = moves.finish({ id: task._id, token, result: {}, keepMs: task.keepMs, now });
    await tasks.settle(move, { id: task._id, token });
  }
  return `/v1/tasks/${task._id}`;
}

describe("a task's file", () => {
  const bytes = randomBytes(2_200_000);
  let task: string;
  beforeAll(async () => {
    task = await taskWithFile('w64.webp', 'image/webp', bytes);
  });

  test('is listed in the task and served with type, size, checksum and how long it may be kept', async () => {
    const { body } = (await client.get(task).expect(200)) as { body: unknown };
    const file = { name: 'w64.webp', type: 'image/webp', size: bytes.length, sha256: sha256(bytes) };
    expect(body).toMatchObject({ files: [{ ...file, url: `${task}/files/w64.webp` }] });
    const answer = await client.get(`${task}/files/w64.webp`).buffer(true).expect(200);
    expect(sha256(answer.body as Buffer)).toBe(file.sha256);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/webp',
      'content-length': String(bytes.length),
      etag: `"${file.sha256}"`,
      'cache-control': expect.stringMatching(/^private, max-age=60\d{4}, immutable$/),
      'content-disposition': 'inline; filename=w64.webp',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    });
  });

  test('is not sent again to whom has it', async () => {
    await client
      .get(`${task}/files/w64.webp`)
      .set('If-None-Match', `"${sha256(bytes)}"`)
      .expect(304);
    await client.get(`${task}/files/w64.webp`).set('If-None-Match', '"other"').expect(200);
  });

  test.each([
    ['bytes=0-99', 0, 99],
    ['bytes=1047000-1049000', 1_047_000, 1_049_000],
    ['bytes=2199990-', 2_199_990, 2_199_999],
    ['bytes=-10', 2_199_990, 2_199_999],
    ['bytes=2199999-99999999', 2_199_999, 2_199_999],
  ])('comes in part: %s', async (range, start, end) => {
    const answer = await client.get(`${task}/files/w64.webp`).set('Range', range).buffer(true).expect(206);
    expect(answer.get('Content-Range')).toBe(`bytes ${start}-${end}/${bytes.length}`);
    expect((answer.body as Buffer).equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  test.each(['bytes=5-1', 'lines=1-2', 'bytes=0-1,5-6', 'nonsense'])(
    'comes whole for Range %s',
    async (range) => {
      await client
        .get(`${task}/files/w64.webp`)
        .set('Range', range)
        .expect(range === 'bytes=5-1' ? 416 : 200);
    },
  );

  test('has no range past its end', async () => {
    const answer = await client.get(`${task}/files/w64.webp`).set('Range', 'bytes=2200000-').expect(416);
    expect(answer.get('Content-Range')).toBe(`bytes */${bytes.length}`);
    expect(answer.body).toMatchObject({ code: 'range-not-satisfiable' });
  });

  test('comes whole when the part that is asked for is of another version', async () => {
    const get = () => client.get(`${task}/files/w64.webp`).set('Range', 'bytes=0-9');
    await get().set('If-Range', '"other"').expect(200);
    await get()
      .set('If-Range', `"${sha256(bytes)}"`)
      .expect(206);
  });

  test('HEAD has its headers and no body', async () => {
    const answer = await client.head(`${task}/files/w64.webp`).expect(200);
    expect(answer.get('Content-Length')).toBe(String(bytes.length));
    expect(answer.text).toBeUndefined();
  });

  test.each([
    ['x.svg', 'image/svg+xml', 'attachment; filename=x.svg', 'image/svg+xml'],
    ['x.html', 'text/html', 'attachment; filename=x.html', 'text/html'],
    ['x.txt', 'text/plain', 'inline; filename=x.txt', 'text/plain; charset=utf-8'],
    ['x.json', 'application/json', 'inline; filename=x.json', 'application/json'],
    ['x.bin', 'evil\r\nX-Injected: 1', 'attachment; filename=x.bin', 'application/octet-stream'],
  ])('cannot script this origin: %s', async (name, type, disposition, sent) => {
    const path = await taskWithFile(name, type, Buffer.from('"<script>alert(1)</script>"'));
    const { headers } = await client.get(`${path}/files/${name}`).expect(200);
    expect(headers).toMatchObject({
      'content-disposition': disposition,
      'content-type': sent,
      'content-security-policy': "sandbox; default-src 'none'",
    });
  });

  test('may be empty', async () => {
    const path = await taskWithFile('empty.txt', 'text/plain', Buffer.alloc(0));
    const answer = await client.get(`${path}/files/empty.txt`).expect(200);
    expect(answer.get('Content-Length')).toBe('0');
  });

  test('is there only once the task has succeeded', async () => {
    const path = await taskWithFile('a.txt', 'text/plain', Buffer.from('x'), false);
    const answer = await client.get(`${path}/files/a.txt`).expect(404);
    expect(answer.body).toMatchObject({ code: 'file-not-found', detail: expect.stringContaining('running') });
    expect((await client.get(path).expect(200)).body).toMatchObject({ files: [] });
  });

  test.each(['lost.txt', 'other.webp', '..%2f..%2fetc%2fpasswd'])('is not %s', async (name) => {
    expect((await client.get(`${task}/files/${name}`).expect(404)).body).toMatchObject({
      code: 'file-not-found',
    });
  });

  test('that cannot be read to its end never looks whole', async () => {
    const path = await taskWithFile('torn.bin', 'application/octet-stream', randomBytes(3_000_000));
    const { mongo } = api.store.connection;
    const file = await mongo.collection('files.files').findOne({ filename: 'torn.bin' });
    await mongo.collection('files.chunks').deleteOne({ files_id: file?._id, n: 2 });
    const answer = await fetch(`${api.url}${path}/files/torn.bin`);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow('terminated');
    expect(api.log.text).toMatch(/error a request failed .*torn\.bin/);
  });

  test('that is no longer wanted by its reader is no failure', async () => {
    const path = await taskWithFile('left.bin', 'application/octet-stream', randomBytes(3_000_000));
    const leave = new AbortController();
    const answer = await fetch(`${api.url}${path}/files/left.bin`, { signal: leave.signal });
    expect(answer.status).toBe(200);
    leave.abort();
    await api.log.lines.find(({ fields }) => String(fields.path).endsWith('left.bin'), 'the request to end');
    expect(api.log.text).not.toMatch(/(warn|error) .*left\.bin/);
  });
});
