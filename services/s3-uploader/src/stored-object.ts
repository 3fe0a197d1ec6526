import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { TaskError } from '@offload/contracts/errors';
import type { Digest } from './content-digest.js';

export interface ObjectPlace {
  Bucket: string;
  Key: string;
}

/** What stands at a key, as S3 says. */
export interface StoredObject {
  etag: string;
  bytes: number;
  type: string;
  /** ChecksumSHA256 as S3 keeps it: base64, `base64-parts` for multipart, null when it has none. */
  checksum: string | null;
  /** As its ETag says. */
  parts: number;
}

/** Null when nothing stands there. A missing bucket looks the same (HEAD has no body to tell): the upload will say. */
export async function headObject(
  s3: S3Client,
  { Bucket, Key }: ObjectPlace,
  signal: AbortSignal,
): Promise<StoredObject | null> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }), {
      abortSignal: signal,
    });
    return {
      etag: head.ETag ?? '',
      bytes: head.ContentLength ?? 0,
      type: head.ContentType ?? 'application/octet-stream',
      checksum: head.ChecksumSHA256 ?? null,
      parts: Number(/-(\d+)"?$/.exec(head.ETag ?? '')?.[1] ?? 1),
    };
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
    throw error;
  }
}

/** True for a checksum of all bytes, which does not depend on how they were cut into parts. */
export const isWhole = (checksum: string | null): checksum is string =>
  checksum !== null && !checksum.includes('-');

/** Whether the object has these bytes: by size, by checksum, and only if that cannot tell, by reading it. */
export async function hasBytes(
  s3: S3Client,
  place: ObjectPlace,
  stored: StoredObject,
  digest: Digest,
  signal: AbortSignal,
): Promise<boolean> {
  if (stored.bytes !== digest.bytes) return false;
  if (isWhole(stored.checksum))
    return stored.checksum === Buffer.from(digest.sha256, 'hex').toString('base64');
  if (stored.checksum === digest.checksum) return true;
  return (await sha256OfObject(s3, place, stored.etag, signal)) === digest.sha256;
}

async function sha256OfObject(
  s3: S3Client,
  { Bucket, Key }: ObjectPlace,
  etag: string,
  signal: AbortSignal,
): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, IfMatch: etag }), {
    abortSignal: signal,
  });
  const hash = createHash('sha256');
  for await (const chunk of Body as Readable) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * Asks S3 what it has after an upload and compares it with what was sent. Throws TaskError `object-changed` or
 * `checksum-mismatch`, both to be tried again.
 * @param etag As the upload was answered.
 */
export async function verifyObject(
  s3: S3Client,
  place: ObjectPlace,
  sent: Digest,
  etag: string,
  signal: AbortSignal,
): Promise<StoredObject> {
  const stored = await headObject(s3, place, signal);
  const at = `${place.Bucket}/${place.Key}`;
  if (stored?.etag !== etag)
    throw new TaskError('object-changed', `Something else changed ${at} right after the upload.`, {
      retry: 'yes',
    });
  if (stored.bytes !== sent.bytes)
    throw new TaskError(
      'checksum-mismatch',
      `${at} has ${stored.bytes} bytes, but ${sent.bytes} were sent.`,
      { retry: 'yes' },
    );
  if (stored.checksum !== null && stored.checksum !== sent.checksum)
    throw new TaskError('checksum-mismatch', `The SHA-256 of ${at} is not that of the bytes sent.`, {
      retry: 'yes',
    });
  return stored;
}
