import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { EndRemnant } from '@offload/worker/remnants';
import { z } from 'zod';
import type { Connections } from './connections.js';

const uploadFacts = z.object({
  target: z.string(),
  bucket: z.string(),
  key: z.string(),
  uploadId: z.string().optional(),
});

/** How far S3's clock and the database's may differ for an upload to be taken for one of a note without its id. */
const AROUND_MS = 60_000;

/**
 * Ends the multipart uploads that crashed attempts have left. Each was noted before it was begun (MultipartUpload). A note
 * without an id is of an upload that may have begun or not: one that was, at the same key and within a minute of the
 * note, is it. No upload of anybody else is touched.
 */
export function endUploads(connections: Pick<Connections, 'get'>): EndRemnant {
  return async (facts, notedAt) => {
    const { target, bucket, key, uploadId } = uploadFacts.parse(facts);
    const { s3 } = connections.get(target);
    const ids = uploadId === undefined ? await begunAround(s3, bucket, key, notedAt) : [uploadId];
    for (const id of ids) await abort(s3, bucket, key, id);
  };
}

async function begunAround(s3: S3Client, Bucket: string, key: string, at: Date): Promise<string[]> {
  const { Uploads = [] } = (await unlessGone(() =>
    s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: key })),
  )) ?? { Uploads: [] };
  return Uploads.flatMap(({ Key, UploadId, Initiated }) => {
    const apart = Math.abs((Initiated?.getTime() ?? 0) - at.getTime());
    return Key === key && UploadId !== undefined && apart <= AROUND_MS ? [UploadId] : [];
  });
}

const abort = (s3: S3Client, Bucket: string, Key: string, UploadId: string): Promise<unknown> =>
  unlessGone(() => s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));

/** Undefined when there is nothing to be ended: it was completed, somebody else has ended it, or the bucket is gone. */
async function unlessGone<T>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof Error && (error.name === 'NoSuchUpload' || error.name === 'NoSuchBucket'))
      return undefined;
    throw error;
  }
}
