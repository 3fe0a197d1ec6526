import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { s3Upload } from '@offload/contracts/s3-upload';
import { createOutbound } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import { runHandler } from '@offload/worker/run-handler';
import * as answers from '../../../test/support/origin.js';
import { createTestBucket, type TestBucket } from '../../../test/support/s3.js';
import { connectionTo, sha256, testConnections } from '../../../test/support/upload.js';
import { createUploadHandler } from './handler.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

const MIB = 1024 * 1024;

let bucket: TestBucket;
let origin: answers.Origin;
let outbound: Outbound;
beforeAll(async () => {
  bucket = await createTestBucket('s3-upload');
  origin = await answers.startOrigin();
  outbound = createOutbound({ allow: ['loopback'] });
});
afterAll(async () => {
  await outbound.close();
  await origin.close();
  await bucket.remove();
});

function handler(credentials?: { accessKeyId: string; secretAccessKey: string }, buckets = [bucket.name]) {
  const config = connectionTo({ endpoint: bucket.endpoint, buckets });
  return createUploadHandler({
    connections: testConnections(config, credentials && { credentials }),
    outbound,
  });
}

type Input = Partial<Omit<(typeof s3Upload)['example'], 'source'>>;

/** Uploads these bytes from an uploaded file. */
function upload(body: Buffer, input: Input & { key: string }, handle = handler()) {
  const file = randomUUID();
  const files = { [file]: { body, name: 'own.bin', type: 'application/x-own' } };
  return runHandler(s3Upload, handle, { source: { file }, bucket: bucket.name, ...input }, { files });
}

async function stored(Key: string): Promise<Buffer> {
  const { Body } = await bucket.s3.send(new GetObjectCommand({ Bucket: bucket.name, Key }));
  return buffer(Body as Readable);
}

describe('the bytes arrive, and the result describes them', () => {
  test.each([
    ['nothing', 0, 1],
    ['a few bytes', 11, 1],
    ['exactly a part: a single PUT', 8 * MIB, 1],
    ['a byte more: multipart', 8 * MIB + 1, 2],
    ['several parts', 20 * MIB, 3],
  ])('%s', async (_name, size, parts) => {
    const body = randomBytes(size);
    const key = `sizes/${size}.bin`;
    const { result, progress, remnants } = await upload(body, { key });
    expect(result).toEqual({
      target: 'default',
      bucket: bucket.name,
      key,
      location: `${bucket.endpoint}/${bucket.name}/${key}`,
      etag: expect.stringMatching(/^"[0-9a-f]{32}(-\d+)?"$/) as unknown as string,
      versionId: null,
      bytes: size,
      type: 'application/x-own',
      sha256: sha256(body),
      parts,
      status: 'uploaded',
    });
    expect(remnants).toEqual([]);
    expect((await stored(key)).equals(body)).toBe(true);
    expect(progress.at(-1)).toMatchObject({ done: size, total: size });
    expect(await bucket.openUploads()).toEqual([]);
  });

  test('from a URL whose length nobody knows', async () => {
    const body = randomBytes(9 * MIB);
    const url = origin.serve('/unknown', (_request, response) => void response.end(body));
    const { result } = await runHandler(s3Upload, handler(), {
      source: { url },
      bucket: bucket.name,
      key: 'unknown',
    });
    expect(result).toMatchObject({ bytes: body.length, sha256: sha256(body), parts: 2 });
    expect((await stored('unknown')).equals(body)).toBe(true);
  });

  test("from another task's file", async () => {
    const task = randomUUID();
    const files = { [`${task}/w64.webp`]: { body: Buffer.from('picture'), type: 'image/webp' } };
    const input = { source: { task, file: 'w64.webp' }, bucket: bucket.name, key: 'variant.webp' };
    expect((await runHandler(s3Upload, handler(), input, { files })).result).toMatchObject({
      type: 'image/webp',
    });
  });

  test.each(['put', 'multipart'])('with the content type that was asked for (%s)', async (way) => {
    const body = randomBytes(way === 'put' ? 10 : 9 * MIB);
    const { result } = await upload(body, { key: `typed-${way}`, contentType: 'text/x-mine; charset=utf-8' });
    expect(result).toMatchObject({ type: 'text/x-mine; charset=utf-8' });
    const head = await bucket.s3.send(new HeadObjectCommand({ Bucket: bucket.name, Key: `typed-${way}` }));
    expect(head.ContentType).toBe('text/x-mine; charset=utf-8');
  });

  test('under a key with every kind of character', async () => {
    const key = "a b/ü+#?%&'()!*.png";
    await upload(Buffer.from('x'), { key });
    expect(await bucket.keys()).toContain(key);
  });

  test('S3 keeps a SHA-256 that it has checked itself', async () => {
    const [small, large] = [randomBytes(10), randomBytes(9 * MIB)];
    await upload(small, { key: 'sum-small' });
    await upload(large, { key: 'sum-large' });
    const sum = async (Key: string) =>
      (await bucket.s3.send(new HeadObjectCommand({ Bucket: bucket.name, Key, ChecksumMode: 'ENABLED' })))
        .ChecksumSHA256;
    expect(await sum('sum-small')).toBe(createHash('sha256').update(small).digest('base64'));
    expect(await sum('sum-large')).toMatch(/^[A-Za-z0-9+/]{43}=-2$/);
  });
});

describe.each([
  ['a single PUT', 100],
  ['multipart', 9 * MIB],
])('a second run after a crash is harmless: %s', (_way, size) => {
  const body = randomBytes(size);

  test('overwriting writes the same bytes again', async () => {
    const key = `again-${size}`;
    const first = await upload(body, { key });
    const second = await upload(body, { key });
    expect(second.result).toEqual(first.result);
  });

  test('not overwriting finds them there and says so', async () => {
    const key = `once-${size}`;
    const first = await upload(body, { key, overwrite: 'never' as const });
    expect(first.result).toMatchObject({ status: 'uploaded' });
    const second = await upload(body, { key, overwrite: 'never' as const });
    expect(second.result).toEqual({ ...first.result, status: 'already-there' });
  });

  test('also from a URL, whose bytes nobody knows before', async () => {
    const url = origin.serve(`/twice-${size}`, answers.bytes(body));
    const input = { source: { url }, bucket: bucket.name, key: `twice-${size}`, overwrite: 'never' as const };
    const first = await runHandler(s3Upload, handler(), input);
    const second = await runHandler(s3Upload, handler(), input);
    expect(second.result).toEqual({ ...first.result, status: 'already-there' });
  });

  test('also when somebody else put them there, in other parts and without a SHA-256', async () => {
    const Key = `foreign-${size}`;
    await bucket.s3.send(new PutObjectCommand({ Bucket: bucket.name, Key, Body: body }));
    const { result } = await upload(body, { key: Key, overwrite: 'never' as const });
    expect(result).toMatchObject({ status: 'already-there', sha256: sha256(body), parts: 1 });
  });

  test('other bytes that stand there are not overwritten, and the task fails for good', async () => {
    const key = `other-${size}`;
    await upload(body, { key });
    for (const other of [Buffer.concat([body, body]), Buffer.from(body).fill(1, 0, 1).fill(2, 1, 2)])
      await expect(upload(other, { key, overwrite: 'never' as const })).rejects.toMatchObject({
        code: 'exists',
        retry: 'no',
      });
    expect((await stored(key)).equals(body)).toBe(true);
  });
});

describe('what cannot work fails at once, with its reason', () => {
  test('a bucket that the operator does not allow', async () => {
    const run = upload(Buffer.from('x'), { key: 'k', bucket: 'somebody-elses' });
    await expect(run).rejects.toMatchObject({
      code: 'target-not-allowed',
      retry: 'no',
      message: `Tasks may not write to bucket somebody-elses of default; the operator allows ${bucket.name}.`,
    });
  });

  test.each(['always', 'never', 'if-match'] as const)(
    'a bucket that is not there (overwrite %s)',
    async (overwrite) => {
      const gone = handler(undefined, ['no-such-bucket-here']);
      const ifMatch = overwrite === 'if-match' ? { ifMatch: '"0"' } : {};
      for (const size of [1, 9 * MIB]) {
        const place = { key: 'k', bucket: 'no-such-bucket-here' };
        const run = upload(Buffer.alloc(size), { ...place, overwrite, ...ifMatch }, gone);
        await expect(run).rejects.toMatchObject({ code: 'no-such-bucket', retry: 'no' });
      }
    },
  );

  test('a wrong secret', async () => {
    const wrong = handler({ accessKeyId: process.env['AWS_ACCESS_KEY_ID']!, secretAccessKey: 'wrong' });
    const run = upload(Buffer.from('x'), { key: 'k' }, wrong);
    await expect(run).rejects.toMatchObject({ code: 'bad-credentials', retry: 'no' });
  });

  test('an access key that S3 does not know', async () => {
    const wrong = handler({ accessKeyId: 'NOBODY', secretAccessKey: 'wrong' });
    const run = upload(Buffer.from('x'), { key: 'k' }, wrong);
    await expect(run).rejects.toMatchObject({ code: 'bad-credentials', retry: 'no' });
  });

  test('a key below another object, where the server cannot have both', async () => {
    await upload(Buffer.from('x'), { key: 'file' });
    const run = upload(Buffer.from('x'), { key: 'file/below' });
    await expect(run).rejects.toMatchObject({ code: 'key-conflict', retry: 'no' });
  });

  test('a source that is gone', async () => {
    const input = { source: { file: randomUUID() }, bucket: bucket.name, key: 'k' };
    await expect(runHandler(s3Upload, handler(), input)).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
