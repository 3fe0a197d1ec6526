import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStore } from '@offload/store/open-store';
import { plain } from '../support/images.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { RecordedLog } from '../support/recorded-log.js';
import { createTestBucket, type TestBucket } from '../support/s3.js';
import { startSystem, type ShownTask, type System } from '../support/system.js';
import { until } from '../support/until.js';

let bucket: TestBucket;
let origin: Origin;
let system: System;
beforeAll(async () => {
  bucket = await createTestBucket('e2e-uploads');
  origin = await startOrigin();
  const narrow = {
    endpoint: bucket.endpoint,
    credentials: { accessKeyIdEnv: 'NARROW_KEY', secretAccessKeyEnv: 'NARROW_SECRET' },
    buckets: [{ name: bucket.name, prefixes: ['in/'] }],
  };
  system = await startSystem({
    label: 'uploads',
    processes: { web: 1, clock: 1, 'image-resizer': 1, 's3-uploader': 1 },
    env: {
      S3_BUCKETS: bucket.name,
      S3_CONNECTIONS: JSON.stringify({ narrow }),
      NARROW_KEY: process.env['AWS_ACCESS_KEY_ID'] ?? '',
      NARROW_SECRET: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await origin.close();
  await bucket.remove();
}, 60_000);

async function upload(body: Buffer): Promise<string> {
  const response = await fetch(`${system.apiUrl}/v1/files?name=own.png`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(body),
  });
  return ((await response.json()) as { id: string }).id;
}

test('the variants of an image go to S3 in one task of the same batch, by a pattern', async () => {
  const file = await upload(await plain().png().toBuffer());
  const variants = [16, 32].map((width) => ({ name: `w${width}.webp`, width, format: 'webp' }));
  const response = await fetch(`${system.apiUrl}/v1/batches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      tasks: [
        { ref: 'resize', type: 'image.resize', input: { source: { file }, variants } },
        {
          ref: 'put',
          type: 's3.upload',
          input: {
            source: { task: '#resize', files: 'w*.webp' },
            target: 'narrow',
            bucket: bucket.name,
            key: 'in/{yyyy}/{name}',
          },
        },
      ],
    }),
  });
  const { tasks } = (await response.json()) as { tasks: (ShownTask & { ref: string })[] };
  const put = await system.ended(tasks.find(({ ref }) => ref === 'put')!.id);
  expect(put).toMatchObject({ state: 'succeeded', result: { target: 'narrow' } });
  expect((await bucket.keys()).sort()).toEqual(
    ['w16.webp', 'w32.webp'].map((name) => `in/${new Date().getUTCFullYear()}/${name}`),
  );
});

test('a target does not take what the operator has not allowed for it', async () => {
  const file = await upload(Buffer.from('x'));
  const input = { source: { file }, target: 'narrow', bucket: bucket.name, key: 'out/x' };
  expect(await system.ended((await system.submit('s3.upload', input)).id)).toMatchObject({
    state: 'failed',
    attempt: 1,
    error: { code: 'target-not-allowed' },
  });
});

test('what a killed worker has left at S3 is removed by another, though its task never runs again', async () => {
  const url = origin.serve('/hangs', (_request, response) => {
    response.writeHead(200, { etag: '"1"' });
    response.write(randomBytes(20 * 1024 * 1024));
  });
  const task = await system.submit('s3.upload', { source: { url }, bucket: bucket.name, key: 'killed' });
  await until('the upload to begin', async () =>
    (await bucket.openUploads()).find((key) => key === 'killed'),
  );
  const killed = system.processes.find(({ type }) => type === 's3-uploader')!;
  killed.signal('SIGKILL');
  await killed.exited;
  const cancel = await fetch(`${system.apiUrl}/v1/tasks/${task.id}/cancel`, { method: 'POST' });
  expect(cancel.ok).toBe(true);
  expect(await bucket.openUploads()).toEqual(['killed']);

  // Instead of the half minute that is waited for an attempt that may yet be alive.
  const store = openStore({ uri: system.database.uri, name: 'test', log: new RecordedLog() });
  await store.connection.ready();
  const remnants = store.connection.mongo.collection('remnants');
  await remnants.updateMany({ task: task.id }, { $set: { lookAt: new Date(0) } });
  const other = await system.start('s3-uploader');
  await other.lines.find((line) => /ended what a crashed attempt left/.test(line), 'the sweep');
  expect(await bucket.openUploads()).toEqual([]);
  const noted = () => remnants.countDocuments({ task: task.id });
  await until('the note to go', async () => (await noted()) === 0 || undefined);
  await store.connection.close();
}, 60_000);
