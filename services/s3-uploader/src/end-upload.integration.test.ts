import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestBucket, type TestBucket } from '../../../test/support/s3.js';
import { connectionTo, testConnections } from '../../../test/support/upload.js';
import type { Connections } from './connections.js';
import { endUploads } from './end-upload.js';

let bucket: TestBucket;
let connections: Connections;
beforeAll(async () => {
  bucket = await createTestBucket('s3-sweep');
  connections = testConnections(connectionTo({ endpoint: bucket.endpoint, buckets: [bucket.name] }));
});
afterAll(async () => {
  connections.destroy();
  await bucket.remove();
});

async function begin(Key: string): Promise<string> {
  const place = { Bucket: bucket.name, Key };
  const { UploadId } = await bucket.s3.send(new CreateMultipartUploadCommand(place));
  await bucket.s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: 'x' }));
  return UploadId!;
}

const open = async () =>
  ((await bucket.s3.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }))).Uploads ?? []).map(
    ({ UploadId }) => UploadId,
  );
const end = (facts: object, notedAt = new Date()) =>
  endUploads(connections)({ target: 'default', bucket: bucket.name, ...facts }, notedAt);

test('the upload that was noted is ended, and no other of its key; twice is harmless', async () => {
  const [ours, theirs] = [await begin('known'), await begin('known')];
  for (let time = 1; time <= 2; time++) await end({ key: 'known', uploadId: ours });
  expect(await open()).toEqual([theirs]);
  await end({ key: 'known', uploadId: theirs });
});

test('one whose id nobody knows is found by its key and its time', async () => {
  const [ours, below] = [await begin('unknown'), await begin('unknown-too')];
  await end({ key: 'unknown' }, new Date(Date.now() - 3_600_000));
  expect(await open()).toEqual(expect.arrayContaining([ours, below]));
  await end({ key: 'unknown' });
  expect(await open()).toEqual([below]);
  await end({ key: 'unknown-too', uploadId: below });
});

test('a bucket that is gone has nothing to be ended', async () => {
  await expect(end({ bucket: 'no-such-bucket-here', key: 'k', uploadId: 'u' })).resolves.toBeUndefined();
  await expect(end({ bucket: 'no-such-bucket-here', key: 'k' })).resolves.toBeUndefined();
});

test('a connection that is configured no more is an error: it is tried again later', async () => {
  await expect(end({ target: 'gone', key: 'k', uploadId: 'u' })).rejects.toThrow('There is no target gone');
});
