import type { Input } from '@offload/contracts/define-task';
import { TaskError } from '@offload/contracts/errors';
import { needsDigest } from '@offload/contracts/s3-key';
import type { s3Upload } from '@offload/contracts/s3-upload';
import type { Source } from '@offload/contracts/source';
import type { Outbound } from '@offload/outbound/outbound';
import type { HandlerContext } from '@offload/worker/handler';
import type { Connection } from './connections.js';
import { sha256Of, digestOf, type Digest } from './content-digest.js';
import { cutParts, PartBuffers, partSizes, type Part } from './cut-parts.js';
import { mediaType } from './media-type.js';
import type { ObjectTarget } from './multipart-upload.js';
import { checkEncryption, hasHeaders, objectHeaders } from './object-headers.js';
import { keyOf } from './object-key.js';
import { openUploadSource, type UploadSource } from './open-upload-source.js';
import { presignObject } from './presign-object.js';
import { s3Error } from './s3-error.js';
import {
  checkBucket,
  hasBytes,
  headObject,
  headUntil,
  verifyObject,
  type StoredObject,
} from './stored-object.js';
import { CommitRefused, uploadObject, type CutSource } from './upload-object.js';

type UploadInput = Input<typeof s3Upload>;

export interface UploadedObject {
  key: string;
  location: string;
  etag: string;
  versionId: string | null;
  bytes: number;
  type: string;
  sha256: string;
  parts: number;
  status: 'uploaded' | 'already-there';
  presigned?: { url: string; expiresAt: string };
}

export interface UploadPlace {
  connection: Connection;
  outbound: Pick<Outbound, 'fetch'>;
  /** For progress: bytes of all objects of the task, and of those before this one. null: of this one alone. */
  total: number | null;
  before: number;
}

/** A source that has been looked at: its name in the bucket and its first part are known. */
interface Ready {
  source: UploadSource;
  cut: CutSource;
  target: ObjectTarget;
  /** Hex, when it is known before the bytes are sent. */
  sha256: string | null;
}

/** The way of one object. */
export class ObjectUpload {
  readonly #buffers = new PartBuffers();
  #source: UploadSource | undefined;

  constructor(
    private readonly place: UploadPlace,
    private readonly input: UploadInput,
    private readonly from: Source,
    private readonly context: HandlerContext,
  ) {}

  async run(): Promise<UploadedObject> {
    try {
      const ready = await this.#prepare();
      return await this.#uploadUnlessThere(ready);
    } catch (error) {
      throw s3Error(error, { Bucket: this.input.bucket, Key: this.input.key });
    } finally {
      this.#source?.body.destroy();
    }
  }

  async #prepare(): Promise<Ready> {
    let { source, cut } = await this.#open({ again: false });
    let sha256 = source.sha256 ?? (cut.first.last ? source.body.sha256() : null);
    if (sha256 === null && needsDigest(this.input.key)) {
      // The key is the hash, so the source is read once for it and once more to be sent.
      this.context.progress(this.place.before, this.place.total, 'hashing');
      for await (const part of cut.rest) this.#buffers.give(part);
      sha256 = source.body.sha256();
      ({ source, cut } = await this.#open({ again: true }));
    }
    const { name } = source;
    const type = this.input.contentType ?? (await mediaType(source.type, name, cut.first.bytes));
    const Key = keyOf(this.input.key, { taskId: this.context.taskId, name, type, sha256 });
    const { connection } = this.place;
    connection.check(this.input.bucket, Key);
    const target: ObjectTarget = {
      target: connection.name,
      Bucket: this.input.bucket,
      Key,
      // A single PUT's checksum is of all bytes.
      headers: objectHeaders(this.input, type, cut.first.last ? null : sha256),
      IfNoneMatch: this.input.overwrite === 'never' ? '*' : undefined,
      IfMatch: this.input.ifMatch,
    };
    return { source, cut, target, sha256 };
  }

  async #open(options: { again: boolean }): Promise<{ source: UploadSource; cut: CutSource }> {
    this.#source?.body.destroy();
    const source = await openUploadSource(this.from, this.context, this.place.outbound, options);
    this.#source = source;
    const rest = cutParts(source.body.chunks(), partSizes(source.body.size), this.#buffers);
    const { value: first } = (await rest.next()) as IteratorYieldResult<Part>;
    return { source, cut: { body: source.body, first, rest } };
  }

  async #uploadUnlessThere(ready: Ready): Promise<UploadedObject> {
    const { overwrite, ifMatch } = this.input;
    const mayStand = overwrite !== 'always' || (this.context.attempt > 1 && ready.sha256 !== null);
    const standing = mayStand ? await this.#head(ready) : null;
    if (overwrite === 'never' && standing) return this.#compare(ready, standing);
    if (overwrite === 'if-match' && unquoted(standing?.etag) !== unquoted(ifMatch))
      return this.#compare(ready, standing);
    if (overwrite === 'always' && standing && isWrittenAlready(ready, standing))
      return this.#result(ready, standing, standing.sha256 ?? '', 'already-there');
    try {
      return await this.#upload(ready);
    } catch (error) {
      if (error instanceof CommitRefused) return this.#afterRefusal(ready, error);
      throw error;
    }
  }

  async #upload(ready: Ready): Promise<UploadedObject> {
    const { s3, patient } = this.place.connection;
    const { signal, log, remnants } = this.context;
    const progress = (bytes: number): void =>
      this.context.progress(
        this.place.before + bytes,
        this.place.total ?? ready.source.body.size,
        'uploading',
      );
    progress(0);
    const uploaded = await uploadObject(ready.target, ready.cut, {
      s3,
      patient,
      signal,
      log,
      remnants,
      buffers: this.#buffers,
      onProgress: progress,
      check: (read) => checkSource(ready, read),
    });
    const stored = await verifyObject(s3, ready.target, uploaded.digest, uploaded, signal);
    return this.#result(ready, stored, uploaded.digest.sha256, 'uploaded');
  }

  /** S3 did not make our bytes the object. Perhaps it had done so before, and the answer was lost. */
  async #afterRefusal(ready: Ready, { cause, digest }: CommitRefused): Promise<UploadedObject> {
    const { overwrite } = this.input;
    const asked = cause.name === 'NoSuchUpload' ? (cause.$metadata.attempts ?? 1) : 1;
    const { s3 } = this.place.connection;
    const standing = await headUntil((seen) => seen !== null, s3, ready.target, asked, this.context.signal);
    if (standing && (await this.#hasBytes(ready, standing, digest)))
      return this.#result(
        ready,
        standing,
        digest.sha256,
        overwrite === 'always' ? 'uploaded' : 'already-there',
      );
    if (overwrite === 'always' || cause.name === 'NoSuchUpload') throw cause;
    if (overwrite === 'never' && !standing) throw cause;
    throw this.#refusal(ready, standing);
  }

  /** Sends nothing; reads the source only where its size and its known SHA-256 are not enough to tell. */
  async #compare(ready: Ready, standing: StoredObject | null): Promise<UploadedObject> {
    const { size } = ready.source.body;
    if (!standing) await checkBucket(this.place.connection.s3, ready.target, this.context.signal);
    if (!standing || (size !== null && size !== standing.bytes)) throw this.#refusal(ready, standing);
    if (ready.sha256 !== null && standing.sha256 !== null) {
      if (ready.sha256 !== standing.sha256) throw this.#refusal(ready, standing);
      return this.#result(ready, standing, ready.sha256, 'already-there');
    }
    const digest = await this.#digest(ready);
    checkSource(ready, digest);
    if (!(await this.#hasBytes(ready, standing, digest))) throw this.#refusal(ready, standing);
    return this.#result(ready, standing, digest.sha256, 'already-there');
  }

  async #digest({ cut: { body, first, rest } }: Ready): Promise<Digest> {
    const sums = [sha256Of(first)];
    if (!first.last)
      for await (const part of rest) {
        sums.push(sha256Of(part));
        this.#buffers.give(part);
      }
    return digestOf(body.bytes, body.sha256(), sums);
  }

  #head({ target }: Ready): Promise<StoredObject | null> {
    return headObject(this.place.connection.s3, target, this.context.signal);
  }

  #hasBytes({ target }: Ready, standing: StoredObject, digest: Digest): Promise<boolean> {
    return hasBytes(this.place.connection.s3, target, standing, digest, this.context.signal);
  }

  #refusal({ target: { Bucket, Key } }: Ready, standing: StoredObject | null): TaskError {
    const at = `${Bucket}/${Key}`;
    if (this.input.overwrite === 'never')
      return new TaskError(
        'exists',
        `Other bytes stand at ${at}; choose another key or let it be overwritten.`,
        {
          retry: 'no',
        },
      );
    const now = standing ? `an object with the ETag ${standing.etag}` : 'no object';
    return new TaskError('changed', `There is ${now} at ${at}, not the one with ${this.input.ifMatch}.`, {
      retry: 'no',
    });
  }

  async #result(
    { target }: Ready,
    stored: StoredObject,
    sha256: string,
    status: UploadedObject['status'],
  ): Promise<UploadedObject> {
    checkEncryption(stored.head, this.input);
    const { connection } = this.place;
    const { presign } = this.input;
    const { etag, versionId, bytes, type, parts } = stored;
    const location = connection.objectUrl(target.Bucket, target.Key);
    const presigned = presign && (await presignObject(connection, target, presign.expiresInMs));
    return {
      key: target.Key,
      location,
      etag,
      versionId,
      bytes,
      type,
      sha256,
      parts,
      status,
      ...(presigned && { presigned }),
    };
  }
}

const unquoted = (etag: string | undefined): string | undefined => etag?.replace(/^"(.*)"$/, '$1');

/** Whether an attempt before this one has written it: the same bytes under the same headers. */
function isWrittenAlready({ source, cut, target, sha256 }: Ready, standing: StoredObject): boolean {
  const bytes = cut.first.last ? cut.body.bytes : source.body.size;
  return standing.sha256 === sha256 && standing.bytes === bytes && hasHeaders(standing.head, target.headers);
}

/** What was read must be what was announced, before it becomes visible. */
function checkSource({ source: { body, name }, sha256 }: Ready, read: Digest): void {
  if (body.size !== null && body.size !== read.bytes)
    throw new TaskError('source-cut-short', `${name} gave ${read.bytes} of its ${body.size} bytes.`, {
      retry: 'yes',
    });
  if (sha256 !== null && sha256 !== read.sha256)
    throw new TaskError(
      'source-damaged',
      `The bytes of ${name} do not have the SHA-256 that they had before.`,
      {
        retry: 'yes',
      },
    );
}
