import type { S3Client } from '@aws-sdk/client-s3';
import type { Input, Result } from '@offload/contracts/define-task';
import { TaskError } from '@offload/contracts/errors';
import { UPLOAD_LIMITS, s3Upload } from '@offload/contracts/s3-upload';
import type { Outbound } from '@offload/outbound/outbound';
import type { Handler, HandlerContext } from '@offload/worker/handler';
import { openSource, type OpenedSource } from '@offload/worker/open-source';
import { digestStream, type Digest } from './content-digest.js';
import type { ObjectTarget } from './multipart-upload.js';
import { s3Error } from './s3-error.js';
import { hasBytes, headObject, isWhole, verifyObject, type StoredObject } from './stored-object.js';
import { CommitRefused, uploadObject } from './upload-object.js';

export interface UploadHandlerOptions {
  s3: S3Client;
  outbound: Pick<Outbound, 'fetch'>;
  /** The only buckets that tasks may name. */
  buckets: readonly string[];
  /** See objectUrl in s3-client.ts. */
  objectUrl: (bucket: string, key: string) => string;
}

type UploadInput = Input<typeof s3Upload>;
type UploadResult = Result<typeof s3Upload>;

/**
 * The handler of s3.upload. A second run after a crash is harmless: with `overwrite` it writes the same bytes again,
 * without it finds them standing there and says `existed`.
 */
export function createUploadHandler(options: UploadHandlerOptions): Handler<typeof s3Upload> {
  return async (input, context) => {
    if (!options.buckets.includes(input.bucket))
      throw new TaskError(
        'bucket-not-allowed',
        `Tasks may not write to bucket ${input.bucket}; the operator allows ${options.buckets.join(', ')}.`,
        { retry: 'no' },
      );
    const source = await openSource(input.source, {
      context,
      outbound: options.outbound,
      maxBytes: UPLOAD_LIMITS.bytes,
      deadlineMs: s3Upload.timeoutMs,
    });
    try {
      return await new ObjectUpload(options, input, context, source).run();
    } catch (error) {
      throw s3Error(error, { Bucket: input.bucket, Key: input.key });
    } finally {
      source.stream.destroy();
    }
  };
}

class ObjectUpload {
  private readonly target: ObjectTarget;

  constructor(
    private readonly options: UploadHandlerOptions,
    private readonly input: UploadInput,
    private readonly context: HandlerContext,
    private readonly source: OpenedSource,
  ) {
    this.target = {
      Bucket: input.bucket,
      Key: input.key,
      ContentType: input.contentType ?? source.type,
      IfNoneMatch: input.overwrite ? undefined : '*',
    };
  }

  async run(): Promise<UploadResult> {
    const standing = this.input.overwrite ? null : await this.head();
    if (standing) return this.insteadOfUpload(standing);
    try {
      return await this.upload();
    } catch (error) {
      if (error instanceof CommitRefused) return this.afterRefusal(error);
      throw error;
    }
  }

  private async upload(): Promise<UploadResult> {
    const { s3 } = this.options;
    const { signal, log } = this.context;
    this.context.progress(0, this.source.size, 'uploading');
    const { digest, etag } = await uploadObject(this.target, this.source.stream, {
      s3,
      signal,
      log,
      onProgress: (bytes) => this.context.progress(bytes, this.source.size, 'uploading'),
      check: (read) => checkSource(this.source, read),
    });
    const stored = await verifyObject(s3, this.target, digest, etag, signal);
    return this.result(stored, digest, false);
  }

  /** Something stands at the key now, or the upload has ended: our own doing, if the bytes are the same. */
  private async afterRefusal({ cause, digest }: CommitRefused): Promise<UploadResult> {
    const standing = await this.head();
    if (!standing) throw cause;
    return this.compare(standing, digest, this.input.overwrite ? cause : undefined);
  }

  private async compare(standing: StoredObject, digest: Digest, otherwise?: Error): Promise<UploadResult> {
    const { s3 } = this.options;
    if (await hasBytes(s3, this.target, standing, digest, this.context.signal))
      return this.result(standing, { ...digest, parts: standing.parts }, true);
    throw otherwise ?? this.exists();
  }

  private exists(): TaskError {
    const { bucket, key } = this.input;
    return new TaskError(
      'exists',
      `Other bytes stand at ${bucket}/${key}; choose another key or set overwrite.`,
      { retry: 'no' },
    );
  }

  /** Reads the source only where its size and its known SHA-256 are not enough to tell. Sends nothing. */
  private async insteadOfUpload(standing: StoredObject): Promise<UploadResult> {
    const { size, sha256, stream } = this.source;
    if (size !== null && size !== standing.bytes) throw this.exists();
    if (size !== null && sha256 !== null && isWhole(standing.checksum))
      return this.compare(standing, { bytes: size, sha256, checksum: '', parts: 1 });
    const digest = await digestStream(stream);
    checkSource(this.source, digest);
    return this.compare(standing, digest);
  }

  private head(): Promise<StoredObject | null> {
    return headObject(this.options.s3, this.target, this.context.signal);
  }

  private result(stored: StoredObject, { bytes, sha256, parts }: Digest, existed: boolean): UploadResult {
    const { bucket, key } = this.input;
    const location = this.options.objectUrl(bucket, key);
    return { bucket, key, location, etag: stored.etag, bytes, type: stored.type, sha256, parts, existed };
  }
}

/** What was read must be what was announced, before it becomes visible. */
function checkSource({ size, sha256, name }: OpenedSource, read: Digest): void {
  if (size !== null && size !== read.bytes)
    throw new TaskError('source-cut-short', `${name} gave ${read.bytes} of its ${size} bytes.`, {
      retry: 'yes',
    });
  if (sha256 !== null && sha256 !== read.sha256)
    throw new TaskError('source-damaged', `The bytes of ${name} do not have its stored SHA-256.`, {
      retry: 'yes',
    });
}
