import { createHash, randomBytes } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestBucket, startS3Link, type S3Link, type TestBucket } from '../../../test/support/s3.js';
import { connectionTo, sha256, testConnections } from '../../../test/support/upload.js';
import type { Connections } from './connections.js';
import { digestOf, type Digest } from './content-digest.js';
import { checkBucket, verifyObject } from './stored-object.js';

let bucket: TestBucket;
let link: S3Link;
let connections: Connections;
let s3: S3Client;
beforeAll(async () => {
  bucket = await createTestBucket('s3-stored');
  link = await startS3Link(bucket.endpoint);
  connections = testConnections(connectionTo({ endpoint: link.endpoint, buckets: [bucket.name] }));
  ({ s3 } = connections.get(undefined));
});
afterAll(async () => {
  connections.destroy();
  await link.close();
  await bucket.remove();
});
beforeEach(() => {
  link.mishap = () => undefined;
});

const never = new AbortController().signal;
const place = (Key: string) => ({ Bucket: bucket.name, Key });
const digestFor = (body: Buffer): Digest =>
  digestOf(body.length, sha256(body), [createHash('sha256').update(body).digest()]);

async function put(Key: string, body: Buffer): Promise<string> {
  const ChecksumSHA256 = digestFor(body).checksum;
  const { ETag } = await bucket.s3.send(new PutObjectCommand({ ...place(Key), Body: body, ChecksumSHA256 }));
  return ETag!;
}

test.each<[string, { etag?: string }, Partial<Digest>, string]>([
  ['another ETag: something else wrote there', { etag: '"other"' }, {}, 'object-changed'],
  ['another size', {}, { bytes: 11 }, 'checksum-mismatch'],
  ['another checksum', {}, { checksum: 'AAAA' }, 'checksum-mismatch'],
])('the look after an upload finds %s', async (_name, answer, sent, code) => {
  const body = randomBytes(10);
  const etag = answer.etag ?? (await put('looked-at', body));
  const look = verifyObject(
    s3,
    place('looked-at'),
    { ...digestFor(body), ...sent },
    { etag, asked: 1 },
    never,
  );
  await expect(look).rejects.toMatchObject({ code, retry: 'yes' });
});

test('the look after an upload finds that it was removed', async () => {
  const digest = digestFor(randomBytes(1));
  const look = verifyObject(s3, place('nowhere'), digest, { etag: '"x"', asked: 1 }, never);
  await expect(look).rejects.toMatchObject({ code: 'object-changed', retry: 'yes' });
});

test('an object that the server was asked for twice, and is still making, is waited for', async () => {
  const body = randomBytes(10);
  const etag = await put('late', body);
  const from = link.seen.length;
  let looks = 0;
  link.mishap = () => ((looks += 1) < 3 ? { answer: 404, code: 'NotFound' } : undefined);
  const look = verifyObject(s3, place('late'), digestFor(body), { etag, asked: 2 }, never);
  await expect(look).resolves.toMatchObject({ etag, bytes: 10 });
  expect(link.seen.slice(from)).toEqual(['HeadObject', 'HeadObject', 'HeadObject']);
});

test('a bucket that is not there is told from a key that is not', async () => {
  await expect(checkBucket(s3, place('nowhere'), never)).resolves.toBeUndefined();
  const gone = checkBucket(s3, { Bucket: 'no-such-bucket-here', Key: 'k' }, never);
  await expect(gone).rejects.toMatchObject({ name: 'NoSuchBucket' });
});
