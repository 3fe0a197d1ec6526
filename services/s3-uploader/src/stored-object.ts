import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  S3ServiceException,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { TaskError } from '@offload/contracts/errors';
import { pause } from '@offload/runtime/pause';
import type { Digest } from './content-digest.js';
import { SHA256_METADATA } from './object-headers.js';

export interface ObjectPlace {
  Bucket: string;
  Key: string;
}

/** What stands at a key, as S3 says. */
export interface StoredObject {
  etag: string;
  versionId: string | null;
  bytes: number;
  type: string;
  /** ChecksumSHA256 as S3 keeps it: base64, `base64-parts` for multipart, null when it has none. */
  checksum: string | null;
  /** Hex, of all bytes: as S3 has computed it, or as the uploader has said it in the metadata; null when neither. */
  sha256: string | null;
  /** As its ETag says. */
  parts: number;
  /** All of the answer. */
  head: HeadObjectCommandOutput;
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
    const checksum = head.ChecksumSHA256 ?? null;
    const said = head.Metadata?.[SHA256_METADATA] ?? '';
    return {
      etag: head.ETag ?? '',
      versionId: head.VersionId ?? null,
      bytes: head.ContentLength ?? 0,
      type: head.ContentType ?? 'application/octet-stream',
      checksum,
      sha256: isWhole(checksum)
        ? Buffer.from(checksum, 'base64').toString('hex')
        : /^[0-9a-f]{64}$/.test(said)
          ? said
          : null,
      parts: Number(/-(\d+)"?$/.exec(head.ETag ?? '')?.[1] ?? 1),
      head,
    };
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
    throw error;
  }
}

/** How long an object is waited for that a server said to have made and is still making, in milliseconds. */
const WAIT_MS = 60_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

/**
 * What stands there once it is what was wanted, or in the end. A server whose answer to the first request was lost may
 * answer the second one while it still works on the first (versitygw 1.8 does).
 * @param asked how often the server was asked to make it; only a second time is reason to wait
 */
export async function headUntil(
  isWanted: (seen: StoredObject | null) => boolean,
  s3: S3Client,
  place: ObjectPlace,
  asked: number,
  signal: AbortSignal,
): Promise<StoredObject | null> {
  const end = performance.now() + (asked > 1 ? WAIT_MS : 0);
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(ms * 2, LONGEST_PAUSE_MS)) {
    const seen = await headObject(s3, place, signal);
    if (isWanted(seen) || performance.now() >= end || signal.aborted) return seen;
    await pause(ms, signal);
  }
}

/** Throws S3's error when the bucket is not there: what looks at a key by HEAD is not told. */
export async function checkBucket(
  s3: S3Client,
  { Bucket, Key }: ObjectPlace,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-0' }), {
      abortSignal: signal,
    });
    (Body as Readable).destroy();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return;
    throw error;
  }
}

/** True for a checksum of all bytes, which does not depend on how they were cut into parts. */
const isWhole = (checksum: string | null): checksum is string => checksum !== null && !checksum.includes('-');

/** Whether the object has these bytes: by size, by checksum, and only if that cannot tell, by reading it. */
export async function hasBytes(
  s3: S3Client,
  place: ObjectPlace,
  stored: StoredObject,
  digest: Digest,
  signal: AbortSignal,
): Promise<boolean> {
  if (stored.bytes !== digest.bytes) return false;
  if (stored.sha256 !== null) return stored.sha256 === digest.sha256;
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
 * @param committed As the upload was answered. When it was asked more than once, the object is waited for.
 */
export async function verifyObject(
  s3: S3Client,
  place: ObjectPlace,
  sent: Digest,
  { etag, asked }: { etag: string; asked: number },
  signal: AbortSignal,
): Promise<StoredObject> {
  const stored = await headUntil((seen) => seen?.etag === etag, s3, place, asked, signal);
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
