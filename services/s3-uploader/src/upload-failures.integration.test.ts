import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Result } from '@offload/contracts/define-task';
import { s3Upload } from '@offload/contracts/s3-upload';
import type { HandlerContext, OpenedFile } from '@offload/worker/handler';
import { memoryRemnants } from '@offload/worker/run-handler';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import {
  createTestBucket,
  startS3Link,
  type S3Link,
  type S3Operation,
  type TestBucket,
} from '../../../test/support/s3.js';
import {
  chunksOf,
  connectionTo,
  hangingAfter,
  sourceOf,
  testConnections,
} from '../../../test/support/upload.js';
import { createUploadHandler } from './handler.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

const MIB = 1024 * 1024;
const PART = 8 * MIB;

let bucket: TestBucket;
let link: S3Link;
let cancel: AbortController;
let log: RecordedLog;
let noted: Set<Record<string, unknown>>;
beforeAll(async () => {
  bucket = await createTestBucket('s3-failures');
});
afterAll(() => bucket.remove());
beforeEach(async () => {
  link = await startS3Link(bucket.endpoint);
  cancel = new AbortController();
  log = new RecordedLog();
  noted = new Set();
});
afterEach(() => link.close());

interface Run {
  key: string;
  stream: Readable;
  overwrite?: 'always' | 'never';
  file?: Partial<OpenedFile>;
  progress?: HandlerContext['progress'];
}

type OneObject = Extract<Result<typeof s3Upload>, { key: string }>;

/** Uploads what the stream gives, over the link. */
async function upload({
  key,
  stream,
  overwrite = 'always',
  file,
  progress = () => {},
}: Run): Promise<OneObject> {
  const connections = testConnections(connectionTo({ endpoint: link.endpoint, buckets: [bucket.name] }));
  const handler = createUploadHandler({
    connections,
    outbound: { fetch: () => Promise.reject(new Error('no URLs here')) },
  });
  // What openSource gives for a file, but without a size and a SHA-256 unless the test knows them.
  const opened = { name: 'own.bin', type: 'application/x-own', size: null, sha256: null, ...file, stream };
  const input = s3Upload.input.parse({
    source: { file: '0193b5d4-0000-7000-8000-000000000000' },
    bucket: bucket.name,
    key,
    overwrite,
  });
  const result = await handler(input, {
    taskId: '0193b800-0000-7000-8000-000000000000',
    owner: 'local',
    attempt: 1,
    previousEnd: null,
    signal: cancel.signal,
    log,
    progress,
    files: {
      open: async () => opened as unknown as OpenedFile,
      list: async () => [],
      save: () => Promise.reject(new Error('none')),
    },
    remnants: memoryRemnants(noted),
  }).finally(() => connections.destroy());
  return result as OneObject;
}

async function stored(Key: string): Promise<Buffer> {
  const { Body } = await bucket.s3.send(new GetObjectCommand({ Bucket: bucket.name, Key }));
  return buffer(Body as Readable);
}

/** Nothing can be seen at the key, and nothing that is paid for lies behind it. */
async function expectNothingLeft(key: string): Promise<void> {
  expect(await bucket.openUploads()).toEqual([]);
  expect(noted).toEqual(new Set());
  expect(await bucket.keys()).not.toContain(key);
}

describe('a failed multipart upload is aborted', () => {
  test('when S3 refuses a part, even while the source hangs', async () => {
    link.mishap = (operation, n) =>
      operation === 'UploadPart' && n === 2 ? { answer: 400, code: 'InvalidRequest' } : undefined;
    const hanging = hangingAfter(randomBytes(2 * PART + 1));
    await expect(upload({ key: 'refused', stream: hanging })).rejects.toMatchObject({
      code: 's3-refused',
      retry: 'no',
    });
    expect(link.seen).toContain('AbortMultipartUpload');
    await expectNothingLeft('refused');
  });

  test('when S3 stays busy, and the task is tried again', async () => {
    link.mishap = (operation) =>
      operation === 'UploadPart' ? { answer: 500, code: 'InternalError' } : undefined;
    const run = upload({ key: 'busy', stream: sourceOf(randomBytes(PART + 1)) });
    await expect(run).rejects.toMatchObject({ code: 's3-busy', retry: 'yes' });
    await expectNothingLeft('busy');
  });

  test('when the completion is refused', async () => {
    link.mishap = (operation) =>
      operation === 'CompleteMultipartUpload' ? { answer: 403, code: 'AccessDenied' } : undefined;
    const run = upload({ key: 'denied', stream: sourceOf(randomBytes(PART + 1)) });
    await expect(run).rejects.toMatchObject({ code: 'access-denied', retry: 'no' });
    await expectNothingLeft('denied');
  });

  test('when the source breaks, whose error is the one that is told', async () => {
    const stream = Readable.from(
      (function* () {
        yield* chunksOf(randomBytes(PART + 1));
        throw new Error('origin reset the connection');
      })(),
    );
    await expect(upload({ key: 'broken', stream })).rejects.toThrow('origin reset the connection');
    expect(link.seen).toContain('AbortMultipartUpload');
    await expectNothingLeft('broken');
  });

  test.each([
    ['size', { size: PART + 2 }, 'source-cut-short'],
    ['SHA-256', { sha256: '00'.repeat(32) }, 'source-damaged'],
  ])('when what was read has not the announced %s, before it can be seen', async (_name, file, code) => {
    const run = upload({ key: 'not-it', stream: sourceOf(randomBytes(PART + 1)), file });
    await expect(run).rejects.toMatchObject({ code, retry: 'yes' });
    expect(link.seen).not.toContain('CompleteMultipartUpload');
    await expectNothingLeft('not-it');
  });

  test('when the task is cancelled while S3 does not answer', async () => {
    link.mishap = (operation, n) => {
      if (operation !== 'UploadPart' || n < 2) return undefined;
      cancel.abort(new Error('cancelled'));
      return { hang: true };
    };
    const run = upload({ key: 'cancelled', stream: sourceOf(randomBytes(3 * PART)) });
    await expect(run).rejects.toThrow();
    expect(link.seen).toContain('AbortMultipartUpload');
    await expectNothingLeft('cancelled');
  });

  test('when the task is cancelled while the source hangs', async () => {
    const stream = hangingAfter(randomBytes(PART + 1));
    const sent = (done: number) => void (done === PART && cancel.abort(new Error('cancelled')));
    await expect(upload({ key: 'hung', stream, progress: sent })).rejects.toThrow('cancelled');
    await expectNothingLeft('hung');
  });

  test('and if the abort fails, the log says what is left, and the error is still the first one', async () => {
    link.mishap = (operation) => {
      if (operation === 'UploadPart') return { answer: 400, code: 'InvalidRequest' };
      return operation === 'AbortMultipartUpload' ? { answer: 403, code: 'AccessDenied' } : undefined;
    };
    const run = upload({ key: 'left', stream: sourceOf(randomBytes(PART + 1)) });
    await expect(run).rejects.toMatchObject({ code: 's3-refused' });
    expect(log.text).toMatch(/warn multipart upload not aborted.*AccessDenied/);
    expect(await bucket.openUploads()).toEqual(['left']);
    expect([...noted]).toMatchObject([
      { target: 'default', bucket: bucket.name, key: 'left', uploadId: expect.any(String) },
    ]);
  });
});

describe('an upload that S3 may have begun without our knowing', () => {
  test('is noted for the sweep when its answer was lost', async () => {
    link.mishap = (operation, n) =>
      operation === 'CreateMultipartUpload' && n === 1 ? { loseReply: true } : undefined;
    await upload({ key: 'twice-begun', stream: sourceOf(randomBytes(PART + 1)) });
    expect(await bucket.openUploads()).toContain('twice-begun');
    expect([...noted]).toEqual([{ target: 'default', bucket: bucket.name, key: 'twice-begun' }]);
  });

  test('is no matter when S3 has said no', async () => {
    link.mishap = (operation) =>
      operation === 'CreateMultipartUpload' ? { answer: 403, code: 'AccessDenied' } : undefined;
    const run = upload({ key: 'never-begun', stream: sourceOf(randomBytes(PART + 1)) });
    await expect(run).rejects.toMatchObject({ code: 'access-denied' });
    expect(noted).toEqual(new Set());
  });
});

describe('a mishap that can be mended is mended', () => {
  test('a part that S3 was too busy for is sent again, alone', async () => {
    link.mishap = (operation, n) =>
      operation === 'UploadPart' && n === 1 ? { answer: 503, code: 'SlowDown' } : undefined;
    const body = randomBytes(2 * PART + 1);
    expect(await upload({ key: 'mended', stream: sourceOf(body) })).toMatchObject({ parts: 3 });
    expect(link.seen.filter((operation) => operation === 'UploadPart')).toHaveLength(4);
    expect((await stored('mended')).equals(body)).toBe(true);
  });

  test.each<[string, number, S3Operation, 'always' | 'never']>([
    ['a completion', PART + 1, 'CompleteMultipartUpload', 'always'],
    ['a completion that must not overwrite', PART + 1, 'CompleteMultipartUpload', 'never'],
    ['a PUT', 10, 'PutObject', 'always'],
    ['a PUT that must not overwrite', 10, 'PutObject', 'never'],
  ])('%s whose answer was lost is recognised', async (_name, size, lost, overwrite) => {
    link.mishap = (operation, n) => (operation === lost && n === 1 ? { loseReply: true } : undefined);
    const body = randomBytes(size);
    const key = `lost-${lost}-${overwrite}`;
    expect(await upload({ key, stream: sourceOf(body), overwrite })).toMatchObject({ bytes: size });
    expect((await stored(key)).equals(body)).toBe(true);
    expect(await bucket.openUploads()).not.toContain(key);
  });
});

test.each([
  ['a PUT', 10, 'PutObject'],
  ['a part', PART + 1, 'UploadPart'],
])('a bit that turns on the way is found by S3: %s', async (_name, size, operation) => {
  link.mishap = (seen) => (seen === operation ? { flipBit: true } : undefined);
  const run = upload({ key: `bit-${operation}`, stream: sourceOf(randomBytes(size)) });
  await expect(run).rejects.toMatchObject({ code: 'checksum-mismatch', retry: 'yes' });
  expect(await bucket.keys()).not.toContain(`bit-${operation}`);
});

describe.each([
  ['a PUT', 10],
  ['multipart', PART + 1],
])('without overwrite, somebody who writes between our look and our %s', (_name, size) => {
  /** Hides what stands there from our first look; the look before it was of the upload that put it there. */
  const unseen: S3Link['mishap'] = (operation, n) =>
    operation === 'HeadObject' && n === 2 ? { answer: 404, code: 'NotFound' } : undefined;

  test('other bytes: keeps them, and the task fails for good', async () => {
    const [theirs, ours] = [randomBytes(size), randomBytes(size)];
    await upload({ key: `race-${size}`, stream: sourceOf(theirs) });
    link.mishap = unseen;
    const run = upload({ key: `race-${size}`, stream: sourceOf(ours), overwrite: 'never' });
    await expect(run).rejects.toMatchObject({ code: 'exists', retry: 'no' });
    expect((await stored(`race-${size}`)).equals(theirs)).toBe(true);
    expect(await bucket.openUploads()).not.toContain(`race-${size}`);
  });

  test('the same bytes: is as good as we', async () => {
    const body = randomBytes(size);
    await upload({ key: `same-${size}`, stream: sourceOf(body) });
    link.mishap = unseen;
    const run = upload({ key: `same-${size}`, stream: sourceOf(body), overwrite: 'never' });
    expect(await run).toMatchObject({ status: 'already-there', bytes: size });
  });
});

test('the source is read no faster than S3 takes it: never more than four parts ahead', async () => {
  const chunk = randomBytes(MIB);
  let read = 0;
  let confirmed = 0;
  let ahead = 0;
  const stream = Readable.from(
    (function* () {
      for (let n = 0; n < 56; n++) {
        read += chunk.length;
        ahead = Math.max(ahead, read - confirmed);
        yield chunk;
      }
    })(),
    { highWaterMark: 1 },
  );
  const { parts } = await upload({ key: 'stream', stream, progress: (done) => void (confirmed = done) });
  expect(parts).toBe(7);
  expect(ahead).toBeGreaterThan(PART);
  expect(ahead).toBeLessThanOrEqual(4 * PART + 3 * MIB); // the chunk in hand, and the stream's own two
});
