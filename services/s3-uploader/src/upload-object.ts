import type { Readable } from 'node:stream';
import { PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { UPLOAD_LIMITS } from '@offload/contracts/s3-upload';
import type { Log } from '@offload/worker/handler';
import { ContentDigest, type Digest } from './content-digest.js';
import { cutParts, type Part } from './cut-parts.js';
import { MultipartUpload, type ObjectTarget } from './multipart-upload.js';

export interface UploadOptions {
  s3: S3Client;
  signal: AbortSignal;
  log: Log;
  /** Bytes that S3 has confirmed so far. */
  onProgress: (bytes: number) => void;
  /** Called when all is read and before anything becomes visible; throws to stop it. */
  check: (digest: Digest) => void;
}

export interface Uploaded {
  digest: Digest;
  etag: string;
}

/**
 * All bytes were there, and S3 refused to make them the object: something stands at the key (412), or the upload
 * has ended already. Either may be the echo of our own request whose answer was lost; who catches it asks.
 */
export class CommitRefused extends Error {
  override readonly name = 'CommitRefused';
  readonly digest: Digest;
  override readonly cause: S3ServiceException;

  constructor(digest: Digest, cause: S3ServiceException) {
    super(cause.message, { cause });
    this.digest = digest;
    this.cause = cause;
  }
}

/**
 * Streams a source to an object: a single PUT up to 8 MiB, multipart above, so the size need not be known.
 * Each request carries the SHA-256 of its bytes, which S3 checks. Holds at most three parts in memory.
 * When anything fails, the multipart upload is aborted before this throws.
 */
export async function uploadObject(
  target: ObjectTarget,
  source: Readable,
  options: UploadOptions,
): Promise<Uploaded> {
  const digest = new ContentDigest();
  let upload: MultipartUpload | undefined;
  try {
    for await (const part of cutParts(source, UPLOAD_LIMITS.partBytes)) {
      const checksum = digest.add(part);
      if (part.number === 1 && part.last)
        return await putObject(target, part, checksum, digest.finish(), options);
      upload ??= await beginMultipart(target, source, options);
      await upload.add(part, checksum);
    }
    const whole = digest.finish();
    await upload!.settle();
    options.check(whole);
    return { digest: whole, etag: await commit(whole, () => upload!.complete()) };
  } catch (error) {
    await upload?.abort();
    throw error;
  }
}

function beginMultipart(
  target: ObjectTarget,
  source: Readable,
  { s3, signal, log, onProgress }: UploadOptions,
): Promise<MultipartUpload> {
  let sent = 0;
  return MultipartUpload.begin(target, {
    s3,
    signal,
    log,
    onSent: (bytes) => onProgress((sent += bytes)),
    onFailure: (error) => void source.destroy(error),
  });
}

async function putObject(
  target: ObjectTarget,
  { bytes }: Part,
  checksum: string,
  digest: Digest,
  { s3, signal, onProgress, check }: UploadOptions,
): Promise<Uploaded> {
  check(digest);
  const put = new PutObjectCommand({
    ...target,
    Body: bytes,
    ContentLength: bytes.length,
    ChecksumSHA256: checksum,
  });
  const { ETag } = await commit(digest, () => s3.send(put, { abortSignal: signal }));
  onProgress(bytes.length);
  return { digest, etag: ETag ?? '' };
}

async function commit<T>(digest: Digest, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (
      error instanceof S3ServiceException &&
      (error.$metadata.httpStatusCode === 412 || error.name === 'NoSuchUpload')
    )
      throw new CommitRefused(digest, error);
    throw error;
  }
}
