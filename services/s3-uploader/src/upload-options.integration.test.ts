import { randomBytes, randomUUID } from 'node:crypto';
import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  CreateMultipartUploadCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { s3Upload } from '@offload/contracts/s3-upload';
import { createOutbound } from '@offload/outbound/create-outbound';
import type { Outbound } from '@offload/outbound/outbound';
import { runHandler, type RunHandlerOptions } from '@offload/worker/run-handler';
import * as answers from '../../../test/support/origin.js';
import { samplePng } from '../../../test/support/sample-content.js';
import { createTestBucket, startS3Link, type S3Link, type TestBucket } from '../../../test/support/s3.js';
import { connectionTo, sha256, testConnections } from '../../../test/support/upload.js';
import { createUploadHandler } from './handler.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

const MIB = 1024 * 1024;
const LARGE = 9 * MIB;

let bucket: TestBucket;
let link: S3Link;
let origin: answers.Origin;
let outbound: Outbound;
beforeAll(async () => {
  bucket = await createTestBucket('s3-options');
  link = await startS3Link(bucket.endpoint);
  origin = await answers.startOrigin();
  outbound = createOutbound({ allow: ['loopback'] });
});
afterAll(async () => {
  await outbound.close();
  await origin.close();
  await link.close();
  await bucket.remove();
});

type Options = Record<string, unknown> & { key: string };

function run(source: object, options: Options, given: RunHandlerOptions = {}) {
  const { buckets = [bucket.name].map((name) => ({ name, prefixes: [] as string[] })), ...input } =
    options as {
      buckets?: { name: string; prefixes: string[] }[];
      key: string;
    };
  const config = connectionTo({ endpoint: link.endpoint, buckets: [] }, { buckets });
  const handler = createUploadHandler({ connections: testConnections(config), outbound });
  return runHandler(s3Upload, handler, { source, bucket: bucket.name, ...input } as never, given);
}

/** Uploads these bytes from an uploaded file, or from a URL, whose SHA-256 nobody knows before. */
async function put(body: Buffer, options: Options, given: RunHandlerOptions = {}) {
  const file = randomUUID();
  const files = { [file]: { body, name: 'own.bin', type: 'application/x-own' } };
  const { result } = await run({ file }, options, { ...given, files });
  return result as Extract<typeof result, { key: string }>;
}
let urls = 0;
async function putUrl(body: Buffer, options: Options, given: RunHandlerOptions = {}) {
  const url = origin.serve(`/source-${(urls += 1)}.dat`, answers.bytes(body));
  const { result } = await run({ url }, options, given);
  return result as Extract<typeof result, { key: string }>;
}

const head = (Key: string) => bucket.s3.send(new HeadObjectCommand({ Bucket: bucket.name, Key }));

describe.each([
  ['a single PUT', 10],
  ['multipart', LARGE],
])('an object gets what was asked for: %s', (_way, size) => {
  test('headers, metadata and tags', async () => {
    const key = `headers-${size}`;
    const headers = {
      contentDisposition: 'attachment; filename="a b.pdf"',
      cacheControl: 'public, max-age=60',
      contentEncoding: 'x-own',
      contentLanguage: 'de',
    };
    const metadata = { 'made-by': 'a b + c', empty: '-' };
    const tags = { 'Ü 1': 'a+b/c d', plain: '' };
    await put(randomBytes(size), { key, ...headers, metadata, tags });
    expect(await head(key)).toMatchObject({
      ContentDisposition: headers.contentDisposition,
      CacheControl: headers.cacheControl,
      ContentEncoding: headers.contentEncoding,
      ContentLanguage: headers.contentLanguage,
      Metadata: metadata,
    });
    const { TagSet = [] } = await bucket.s3.send(
      new GetObjectTaggingCommand({ Bucket: bucket.name, Key: key }),
    );
    expect(Object.fromEntries(TagSet.map((tag) => [tag.Key, tag.Value]))).toEqual(tags);
  });

  test('storage class and encryption, which the request carries', async () => {
    link.mishap = (operation) =>
      operation === 'HeadObject' ? { headers: { 'x-amz-server-side-encryption': 'aws:kms' } } : undefined;
    const from = link.sent.length;
    const encryption = { algorithm: 'aws:kms', kmsKeyId: 'alias/own' };
    await put(randomBytes(size), { key: `class-${size}`, storageClass: 'STANDARD_IA', encryption });
    const [first] = link.sent.slice(from).filter(({ operation }) => operation !== 'HeadObject');
    expect(first?.headers).toMatchObject({
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/own',
    });
  });

  test('or the task fails, when the server does not confirm the encryption', async () => {
    link.mishap = () => undefined;
    const run = put(randomBytes(size), { key: `plain-${size}`, encryption: { algorithm: 'AES256' } });
    await expect(run).rejects.toMatchObject({ code: 'encryption-not-applied', retry: 'no' });
  });

  test('with if-match only the object with the ETag is replaced', async () => {
    const key = `match-${size}`;
    const [first, second, third] = [randomBytes(size), randomBytes(size), randomBytes(size)];
    const { etag } = await put(first, { key });
    const replaced = await putUrl(second, { key, overwrite: 'if-match', ifMatch: etag });
    expect(replaced).toMatchObject({ status: 'uploaded', sha256: sha256(second) });

    const late = putUrl(third, { key, overwrite: 'if-match', ifMatch: etag });
    await expect(late).rejects.toMatchObject({ code: 'changed', retry: 'no' });
    const again = await putUrl(second, { key, overwrite: 'if-match', ifMatch: etag.replaceAll('"', '') });
    expect(again).toMatchObject({ status: 'already-there', etag: replaced.etag });
    const nothing = put(third, { key: `no-${key}`, overwrite: 'if-match', ifMatch: etag });
    await expect(nothing).rejects.toMatchObject({ code: 'changed', retry: 'no' });
  });

  test('with if-match somebody who writes between our look and our upload stays', async () => {
    const key = `match-race-${size}`;
    const { etag } = await put(randomBytes(size), { key });
    const theirs = await put(randomBytes(size), { key });
    // Our first look still sees the old one.
    link.mishap = (operation) => {
      if (operation !== 'HeadObject') return undefined;
      link.mishap = () => undefined;
      return { headers: { etag } };
    };
    const run = put(randomBytes(size), { key, overwrite: 'if-match', ifMatch: etag });
    await expect(run).rejects.toMatchObject({ code: 'changed', retry: 'no' });
    expect((await head(key)).ETag).toBe(theirs.etag);
    expect(await bucket.openUploads()).toEqual([]);
  });

  test('a race of two that must not overwrite has one winner, and the other one is told', async () => {
    const key = `race-${size}`;
    const runs = await Promise.allSettled(
      [randomBytes(size), randomBytes(size)].map((body) => putUrl(body, { key, overwrite: 'never' })),
    );
    const [won, lost] = runs.toSorted((a, b) => (a.status > b.status ? -1 : 1).valueOf() * -1);
    expect(won).toMatchObject({ status: 'fulfilled', value: { status: 'uploaded' } });
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'exists', retry: 'no' } });
    expect(await bucket.openUploads()).toEqual([]);
  });

  test('a second attempt of one that overwrites sends nothing when its bytes stand there, headers and all', async () => {
    const [key, body] = [`second-${size}`, randomBytes(size)];
    const first = await put(body, { key, cacheControl: 'no-cache' });
    const again = (options: object) => put(body, { key, ...options }, { attempt: 2 });
    expect(await again({ cacheControl: 'no-cache' })).toEqual({ ...first, status: 'already-there' });
    expect(await again({ cacheControl: 'no-store' })).toMatchObject({ status: 'uploaded' });
    expect((await head(key)).CacheControl).toBe('no-store');
  });

  test('a key made of the hash is known before anything is sent', async () => {
    const body = randomBytes(size);
    const hash = sha256(body);
    const url = origin.serve(`/hash-${size}`, answers.bytes(body));
    const { result } = await run({ url }, { key: 'by-hash/{sha256}.{ext}' });
    expect(result).toMatchObject({ key: `by-hash/${hash}.bin`, sha256: hash, status: 'uploaded' });
    // Read twice only where the first bytes are not all.
    const asked = origin.requests.filter(({ path }) => path === `/hash-${size}`);
    expect(asked).toHaveLength(size === LARGE ? 2 : 1);
  });

  test('a presigned link gives the bytes to anybody', async () => {
    const body = randomBytes(size);
    const { presigned } = await put(body, { key: `link ü+${size}`, presign: { expiresInMs: 60_000 } });
    const response = await fetch(presigned!.url);
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
    const left = Date.parse(presigned!.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
  });
});

test('a source that changes between the hash and the upload is begun again, and nothing stands there', async () => {
  const url = origin.serve('/changing', (_request, response) => void response.end(randomBytes(LARGE)));
  const before = await bucket.keys();
  await expect(run({ url }, { key: 'changing/{sha256}' })).rejects.toMatchObject({
    code: 'source-damaged',
    retry: 'yes',
  });
  expect(await bucket.keys()).toEqual(before);
  expect(await bucket.openUploads()).toEqual([]);
});

test('the type is told by the first bytes where the source does not say it', async () => {
  const png = samplePng(20, 10);
  const url = origin.serve('/pic', answers.bytes(png, { 'content-type': 'application/octet-stream' }));
  const { result } = await run({ url }, { key: 'sniffed/{name}.{ext}' });
  expect(result).toMatchObject({ type: 'image/png', key: 'sniffed/pic.png' });
});

/** The beginning of a PNG: signature and header. */
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

describe('several files of a task', () => {
  const task = randomUUID();
  const files = {
    [`${task}/small.webp`]: { body: randomBytes(10), type: 'image/webp' },
    [`${task}/large.webp`]: { body: randomBytes(LARGE), type: 'image/webp' },
    [`${task}/notes.txt`]: { body: Buffer.from('x'), type: 'text/plain' },
    [`${randomUUID()}/other.webp`]: { body: Buffer.from('y') },
  };

  test('go in one task, each with its own key, type and hash', async () => {
    const source = { task, files: '*.webp' };
    const { result, progress } = await run(source, { key: 'many/{base}.{ext}' }, { files });
    expect(result).toMatchObject({
      target: 'default',
      bucket: bucket.name,
      bytes: LARGE + 10,
      objects: [
        { file: 'small.webp', key: 'many/small.webp', type: 'image/webp', bytes: 10, status: 'uploaded' },
        { file: 'large.webp', key: 'many/large.webp', parts: 2, bytes: LARGE, status: 'uploaded' },
      ],
    });
    expect(progress.at(-1)).toMatchObject({ done: LARGE + 10, total: LARGE + 10 });
    const again = await run(source, { key: 'many/{base}.{ext}', overwrite: 'never' }, { files });
    expect(again.result).toMatchObject({
      objects: [{ status: 'already-there' }, { status: 'already-there' }],
    });
  });

  test('that would become one object are refused before anything is sent', async () => {
    const twins = {
      [`${task}/a.txt`]: { body: Buffer.from('a') },
      [`${task}/a.md`]: { body: Buffer.from('b') },
    };
    const options = { key: 'twins/{base}' };
    await expect(run({ task, files: 'a.*' }, options, { files: twins })).rejects.toMatchObject({
      code: 'same-key',
    });
    expect(await bucket.keys()).not.toContain('twins/a');
  });

  test('without extensions are told apart by the types that their bytes have', async () => {
    const png = (end: string) => Buffer.concat([PNG, Buffer.from(end)]);
    const bare = (body: Buffer) => ({ body, type: 'application/octet-stream' });
    const options = { key: 'sniffed/{base}.{ext}' };
    const alike = { [`${task}/x`]: bare(png('a')), [`${task}/x.png`]: bare(png('b')) };
    await expect(run({ task, files: '*' }, options, { files: alike })).rejects.toMatchObject({
      code: 'same-key',
    });
    expect(await bucket.keys()).not.toContain('sniffed/x.png');
    const apart = { [`${task}/x`]: bare(png('a')), [`${task}/x.bin`]: bare(Buffer.from('bytes')) };
    await run({ task, files: '*' }, options, { files: apart });
    expect(await bucket.keys()).toEqual(expect.arrayContaining(['sniffed/x.png', 'sniffed/x.bin']));
  });

  test('that no pattern fits are an error that names those there are', async () => {
    const run1 = run({ task, files: '*.gif' }, { key: '{name}' }, { files });
    await expect(run1).rejects.toMatchObject({
      code: 'no-file-matches',
      message: expect.stringContaining('notes.txt') as unknown as string,
    });
  });
});

test('a key outside of the allowed prefixes is refused, also one that a template makes', async () => {
  const buckets = [{ name: bucket.name, prefixes: ['in/'] }];
  for (const key of ['out/x', '{name}', 'inn/x'])
    await expect(put(Buffer.from('x'), { key, buckets })).rejects.toMatchObject({
      code: 'target-not-allowed',
    });
  expect(await put(Buffer.from('x'), { key: 'in/{name}', buckets })).toMatchObject({ key: 'in/own.bin' });
});

test('what others have begun at the same key stays', async () => {
  const place = { Bucket: bucket.name, Key: 'shared' };
  const { UploadId } = await bucket.s3.send(new CreateMultipartUploadCommand(place));
  await bucket.s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: 'theirs' }));
  await put(randomBytes(LARGE), { key: 'shared' });
  expect(await bucket.openUploads()).toEqual(['shared']);
});

test('bytes that somebody else has put there with a metadata of ours count by it', async () => {
  const body = randomBytes(100);
  const Metadata = { 'offload-sha256': sha256(body) };
  await bucket.s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: 'said', Body: body, Metadata }));
  expect(await put(body, { key: 'said', overwrite: 'never' })).toMatchObject({ status: 'already-there' });
});
