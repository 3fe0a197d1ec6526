import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientContracts as contracts } from '@offload/contracts/registry';
import { bytes, startOrigin, type Origin } from '../support/origin.js';
import { sampleFeed, samplePng } from '../support/sample-content.js';
import { startSystem, type System } from '../support/system.js';

let system: System;
let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
  origin.serve('/News/news', bytes(sampleFeed(3), { 'content-type': 'application/rss+xml' }));
  origin.serve('/logos/openlogo-nd-100.png', bytes(samplePng(300, 200), { 'content-type': 'image/png' }));
  const versions = JSON.stringify({ versions: [{ version: '2.10-5' }] });
  origin.serve('/api/src/hello/', bytes(versions, { 'content-type': 'application/json' }));
  system = await startSystem({
    label: 'contracts',
    processes: {
      web: 1,
      clock: 1,
      'feed-fetcher': 1,
      'http-fetcher': 1,
      'image-resizer': 1,
      's3-uploader': 1,
      echo: 1,
    },
  });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await origin.close();
}, 30_000);

/** The contract's own example, with the origin on the internet replaced by ours. */
const offline = (example: unknown): unknown =>
  JSON.parse(JSON.stringify(example).replaceAll(/https:\/\/(www|sources)\.debian\.org/g, origin.url));

describe("each contract's example", () => {
  test.each(contracts.map((contract) => [contract.type, contract] as const))(
    '%s is accepted, done, and its result fits the contract',
    async (type, contract) => {
      const posted = await system.submit(type, offline(contract.example));
      const task = await system.ended(posted.id);
      expect(task).toMatchObject({ state: 'succeeded', attempt: 1, error: null });
      expect(contract.result.parse(task.result)).toEqual(task.result);
    },
    60_000,
  );

  test('that stores files serves them as it says', async () => {
    const contract = contracts.find((each) => each.type === 'image.resize');
    const task = await system.ended((await system.submit('image.resize', offline(contract?.example))).id);
    expect(task.files.length).toBeGreaterThan(1);
    for (const file of task.files) {
      const response = await fetch(new URL(file.url, system.apiUrl));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(file.type);
      expect((await response.arrayBuffer()).byteLength).toBe(file.size);
      const again = await fetch(new URL(file.url, system.apiUrl), {
        headers: { 'if-none-match': response.headers.get('etag') ?? '' },
      });
      expect(again.status).toBe(304);
    }
  });
});

describe('tasks that use files', () => {
  test('an upload is resized, and one of its variants goes to S3 once it is there', async () => {
    const upload = await fetch(`${system.apiUrl}/v1/files?name=photo.png`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(samplePng(640, 480)),
    });
    expect(upload.status).toBe(201);
    const { id: file } = (await upload.json()) as { id: string };
    const variants = [{ name: 'small.webp', width: 64, format: 'webp' }];
    const resize = await system.submit('image.resize', { source: { file }, variants });
    const put = await system.submit('s3.upload', {
      source: { task: resize.id, file: 'small.webp' },
      bucket: 'offload',
      key: `e2e/${resize.id}.webp`,
    });
    expect(['blocked', 'scheduled']).toContain(put.state);
    const [resized, uploaded] = [await system.ended(resize.id), await system.ended(put.id)];
    expect(resized.state).toBe('succeeded');
    expect(uploaded).toMatchObject({
      state: 'succeeded',
      result: {
        key: `e2e/${resize.id}.webp`,
        sha256: resized.files[0]?.sha256,
        bytes: resized.files[0]?.size,
      },
    });
  });

  test('a task whose parent fails fails with dependency-failed', async () => {
    const resize = await system.submit('image.resize', {
      source: { url: `${origin.url}/not-there.png` },
      variants: [{ name: 'a.webp', width: 10 }],
    });
    const put = await system.submit('s3.upload', {
      source: { task: resize.id, file: 'a.webp' },
      bucket: 'offload',
      key: 'never',
    });
    expect(await system.ended(put.id)).toMatchObject({
      state: 'failed',
      error: { code: 'dependency-failed' },
    });
  });
});
