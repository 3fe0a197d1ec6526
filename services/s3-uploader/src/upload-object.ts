import { PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import type { Log } from '@offload/worker/handler';
import type { Remnants } from '@offload/worker/remnants';
import { digestOf, sha256Of, type Digest } from './content-digest.js';
import type { Part, PartBuffers } from './cut-parts.js';
import { MultipartUpload, type Committed, type ObjectTarget } from './multipart-upload.js';
import type { SourceBody } from './source-body.js';

export interface UploadOptions {
  s3: S3Client;
  patient: S3Client;
  signal: AbortSignal;
  log: Log;
  remnants: Remnants;
  /** Where the buffers of parts that have been sent are used again. */
  buffers: PartBuffers;
  /** Bytes that S3 has confirmed so far. */
  onProgress: (bytes: number) => void;
  /** Called when all is read and before anything becomes visible; throws to stop it. */
  check: (digest: Digest) => void;
}

/** A source in parts, the first of which has been looked at. */
export interface CutSource {
  body: SourceBody;
  first: Part;
  rest: AsyncIterable<Part>;
}

export interface Uploaded extends Committed {
  digest: Digest;
}

/**
 * All bytes were there, and S3 refused to make them the object: something else stands at the key (412), or nothing
 * does that should (404), or the upload has ended already. Each may be the echo of our own request whose answer was
 * lost; who catches it asks.
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
 * Streams a source to an object: a single PUT for one part, multipart for more, so the size need not be known.
 * Each request carries the SHA-256 of its bytes, which S3 checks. Holds at most four parts in memory.
 * When anything fails, the multipart upload is aborted before this throws.
 */
export async function uploadObject(
  target: ObjectTarget,
  source: CutSource,
  options: UploadOptions,
): Promise<Uploaded> {
  if (source.first.last) return putObject(target, source, options);
  const { body, first, rest } = source;
  const sums: Buffer[] = [];
  const upload = await beginMultipart(target, body, options);
  const add = (part: Part): Promise<void> => {
    const sum = sha256Of(part);
    sums.push(sum);
    return upload.add(part, sum);
  };
  try {
    await add(first);
    for await (const part of rest) await add(part);
    const digest = digestOf(body.bytes, body.sha256(), sums);
    await upload.settle();
    options.check(digest);
    return { digest, ...(await commit(target, digest, () => upload.complete())) };
  } catch (error) {
    await upload.abort();
    throw error;
  }
}

function beginMultipart(
  target: ObjectTarget,
  body: SourceBody,
  { s3, patient, signal, log, remnants, buffers, onProgress }: UploadOptions,
): Promise<MultipartUpload> {
  let sent = 0;
  return MultipartUpload.begin(target, {
    s3,
    patient,
    signal,
    log,
    remnants,
    onSent(part) {
      onProgress((sent += part.bytes.length));
      buffers.give(part);
    },
    onFailure: (error) => body.destroy(error),
  });
}

async function putObject(
  target: ObjectTarget,
  { body, first }: CutSource,
  { s3, signal, onProgress, check }: UploadOptions,
): Promise<Uploaded> {
  const sum = sha256Of(first);
  const digest = digestOf(body.bytes, body.sha256(), [sum]);
  check(digest);
  const { Bucket, Key, headers, IfNoneMatch, IfMatch } = target;
  const put = new PutObjectCommand({
    Bucket,
    Key,
    ...headers,
    IfNoneMatch,
    IfMatch,
    Body: first.bytes,
    ContentLength: first.bytes.length,
    ChecksumSHA256: sum.toString('base64'),
  });
  const { ETag, $metadata } = await commit(target, digest, () => s3.send(put, { abortSignal: signal }));
  onProgress(first.bytes.length);
  return { digest, etag: ETag ?? '', asked: $metadata.attempts ?? 1 };
}

async function commit<T>({ IfMatch }: ObjectTarget, digest: Digest, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof S3ServiceException) {
      const gone = IfMatch !== undefined && error.name === 'NoSuchKey';
      if (gone || error.$metadata.httpStatusCode === 412 || error.name === 'NoSuchUpload')
        throw new CommitRefused(digest, error);
    }
    throw error;
  }
}
