import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plain } from '../support/images.js';
import { startSystem, type ShownTask, type System } from '../support/system.js';

interface ShownBatch {
  id: string;
  total: number;
  counts: Record<string, number>;
  completedAt: string | null;
  tasks: { id: string; ref: string | null }[];
}

let system: System;
beforeAll(async () => {
  system = await startSystem({
    label: 'batches',
    processes: { web: 1, clock: 1, 'image-resizer': 1, 's3-uploader': 1, echo: 1 },
  });
}, 60_000);
afterAll(() => system.stop(), 30_000);

async function submit(tasks: object[]): Promise<ShownBatch> {
  const response = await fetch(`${system.apiUrl}/v1/batches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tasks }),
  });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as ShownBatch;
}

/** The batch once it is completed, by long polling, for at most half a minute. */
async function completed(id: string): Promise<ShownBatch> {
  const path = `${system.apiUrl}/v1/batches/${id}`;
  return (await (await fetch(path, { headers: { prefer: 'wait=30' } })).json()) as ShownBatch;
}

async function byRef({ tasks }: ShownBatch): Promise<Record<string, ShownTask>> {
  return Object.fromEntries(
    await Promise.all(tasks.map(async ({ id, ref }) => [ref ?? id, await system.task(id)] as const)),
  );
}

async function upload(body: Buffer): Promise<string> {
  const response = await fetch(`${system.apiUrl}/v1/files`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(body),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

const echo = (ref: string, more: object = {}) => ({
  ref,
  type: 'system.echo',
  input: { message: ref },
  ...more,
});
const put = (ref: string, file: string) => ({
  ref,
  type: 's3.upload',
  input: {
    source: { task: '#resize', file },
    bucket: 'offload',
    key: `batches/${system.database.name}/${file}`,
  },
});

describe('a batch', () => {
  test('resizes an uploaded image, uploads its variants and passes an etag on, by names alone', async () => {
    const file = await upload(await plain().png().toBuffer());
    const batch = await submit([
      {
        ref: 'resize',
        type: 'image.resize',
        input: {
          source: { file },
          variants: [
            { name: 'small.webp', width: 64 },
            { name: 'large.jpg', width: 128, format: 'jpeg' },
          ],
        },
      },
      put('up', 'small.webp'),
      put('other', 'large.jpg'),
      echo('last', {
        input: { message: { task: '#up', pointer: '/etag' } },
        after: ['#resize', '#up', '#other'],
      }),
    ]);
    expect(batch).toMatchObject({ total: 4, completedAt: null });
    const done = await completed(batch.id);
    expect(done).toMatchObject({ counts: { succeeded: 4 }, completedAt: expect.any(String) });
    const { up, other, last } = await byRef(batch);
    expect(other).toMatchObject({ state: 'succeeded', result: { type: 'image/jpeg' } });
    const { etag } = up?.result as { etag: string };
    expect(etag).toMatch(/^".+"$/);
    expect(last?.result).toEqual({ message: etag, attempt: 1 });
  }, 60_000);

  test('with a failing member fails what waits for it, does the rest, and is complete', async () => {
    const batch = await submit([
      echo('bad', { input: { fail: 'permanent' } }),
      echo('good'),
      echo('next', { after: ['#bad', '#good'] }),
      echo('last', { after: ['#next'] }),
      echo('no-pointer', { input: { message: { task: '#good', pointer: '/none' } } }),
    ]);
    const done = await completed(batch.id);
    expect(done).toMatchObject({ counts: { succeeded: 1, failed: 4 }, completedAt: expect.any(String) });
    const tasks = await byRef(batch);
    expect(tasks['next']?.error).toMatchObject({ code: 'dependency-failed' });
    expect(tasks['last']?.error).toMatchObject({ code: 'dependency-failed' });
    expect(tasks['no-pointer']).toMatchObject({ attempt: 1, error: { code: 'reference-invalid' } });
  }, 60_000);

  test('of five hundred is through in seconds', async () => {
    const batch = await submit(Array.from({ length: 500 }, (_, n) => echo(`t${n}`)));
    const began = performance.now();
    expect(await completed(batch.id)).toMatchObject({ counts: { succeeded: 500 } });
    expect(performance.now() - began).toBeLessThan(20_000);
  }, 60_000);
});
