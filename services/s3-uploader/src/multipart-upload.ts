import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type CompletedPart,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Log } from '@offload/worker/handler';
import type { Remnant, Remnants } from '@offload/worker/remnants';
import type { Part } from './cut-parts.js';
import type { ObjectHeaders } from './object-headers.js';

/** Parts on the wire at once; with the one being filled, a task holds at most four parts in memory. */
const PARTS_IN_FLIGHT = 3;
/** Of parts that have grown, fewer. */
const BYTES_IN_FLIGHT = 96 * 1024 ** 2;

/** How long the abort of an upload may take when the task's own signal has fired already. */
const ABORT_LIMIT_MS = 10_000;

export interface ObjectTarget {
  /** The name of the connection, under which others can find the upload again. */
  target: string;
  Bucket: string;
  Key: string;
  headers: ObjectHeaders;
  /** `*`: only when nothing stands at the key. */
  IfNoneMatch?: '*' | undefined;
  /** An ETag: only when this very object stands at the key. */
  IfMatch?: string | undefined;
}

/** S3's word that the bytes are the object now. */
export interface Committed {
  etag: string;
  /** How often it was asked: a second answer may come before the work of the first request is done. */
  asked: number;
}

export interface MultipartOptions {
  s3: S3Client;
  /** For the completion, see Connection. */
  patient: S3Client;
  signal: AbortSignal;
  log: Log;
  remnants: Remnants;
  /** Called with each part that S3 has confirmed; its buffer is free. */
  onSent: (part: Part) => void;
  /** Called once, when the first part has failed for good: stop reading the source. */
  onFailure: (error: Error) => void;
}

/** The one and only request was answered, and with no. */
const isRefusal = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  error.$metadata.attempts === 1 &&
  Math.floor((error.$metadata.httpStatusCode ?? 0) / 100) === 4;

/**
 * One multipart upload. Whoever begins it ends it with `complete` or `abort`, or its parts stay on the server,
 * invisible and paid for; what a crash leaves is ended by the sweep (end-upload.ts).
 */
export class MultipartUpload {
  readonly #inFlight = new Set<Promise<void>>();
  readonly #done: CompletedPart[] = [];
  readonly #stop = new AbortController();
  #failure: Error | undefined;

  private constructor(
    private readonly target: ObjectTarget,
    private readonly uploadId: string,
    private readonly remnant: Remnant,
    private readonly options: MultipartOptions,
  ) {
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  static async begin(object: ObjectTarget, options: MultipartOptions): Promise<MultipartUpload> {
    const { target, Bucket, Key, headers } = object;
    const facts = { target, bucket: Bucket, key: Key };
    const remnant = await options.remnants.note(facts);
    const create = new CreateMultipartUploadCommand({ Bucket, Key, ...headers, ChecksumAlgorithm: 'SHA256' });
    const { UploadId, $metadata } = await options.s3
      .send(create, { abortSignal: options.signal })
      .catch(async (error: unknown) => {
        // Without a clear no an upload may have begun all the same: the note stays, and the sweep looks for it.
        if (isRefusal(error)) await remnant.clear();
        throw error;
      });
    // One whose answer was lost may have begun, too.
    if (($metadata.attempts ?? 1) > 1) await options.remnants.note(facts);
    await remnant.add({ uploadId: UploadId });
    return new MultipartUpload(object, UploadId!, remnant, options);
  }

  /** Takes a part as soon as there is room for it, which is what slows the source down. Throws an earlier part's error. */
  async add(part: Part, checksum: Buffer): Promise<void> {
    const room = Math.max(1, Math.min(PARTS_IN_FLIGHT, Math.floor(BYTES_IN_FLIGHT / part.bytes.length)));
    while (this.#inFlight.size >= room) await Promise.race(this.#inFlight);
    this.#throwFailure();
    const sending: Promise<void> = this.#send(part, checksum)
      .catch((error: Error) => this.#fail(error))
      .finally(() => this.#inFlight.delete(sending));
    this.#inFlight.add(sending);
  }

  /** Waits for the parts. */
  async settle(): Promise<void> {
    await Promise.all(this.#inFlight);
    this.#throwFailure();
  }

  /** Makes the object visible. After an error it may be visible all the same. */
  async complete(): Promise<Committed> {
    const { Bucket, Key, IfNoneMatch, IfMatch } = this.target;
    const Parts = this.#done.toSorted((a, b) => a.PartNumber! - b.PartNumber!);
    const { ETag, $metadata } = await this.options.patient.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        IfNoneMatch,
        IfMatch,
        UploadId: this.uploadId,
        MultipartUpload: { Parts },
      }),
      { abortSignal: this.options.signal },
    );
    this.#unhook();
    await this.#forget();
    return { etag: ETag ?? '', asked: $metadata.attempts ?? 1 };
  }

  /**
   * Removes the parts; of a completed upload it removes nothing. A part that lands after the abort would stay, so those
   * on the wire are ended first. Never throws: the error that led here is the one to report; what could not be removed
   * is logged, and its note stays for the sweep.
   */
  async abort(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#inFlight);
    this.#unhook();
    const { Bucket, Key } = this.target;
    const { uploadId } = this;
    try {
      await this.options.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: uploadId }), {
        abortSignal: AbortSignal.timeout(ABORT_LIMIT_MS),
      });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'NoSuchUpload')) {
        const fields = { bucket: Bucket, uploadId, reason: String(error) };
        this.options.log.warn('multipart upload not aborted: its parts stay until they are swept', fields);
        return;
      }
    }
    await this.#forget();
  }

  /** A note too many is harmless: the sweep finds that there is nothing to end. */
  async #forget(): Promise<void> {
    try {
      await this.remnant.clear();
    } catch (error) {
      this.options.log.warn('the note of an ended upload was not removed; the sweep does it', { error });
    }
  }

  async #send(part: Part, checksum: Buffer): Promise<void> {
    const { Bucket, Key } = this.target;
    const { number, bytes } = part;
    const command = new UploadPartCommand({
      Bucket,
      Key,
      UploadId: this.uploadId,
      PartNumber: number,
      Body: bytes,
      ContentLength: bytes.length,
      ChecksumSHA256: checksum.toString('base64'),
    });
    const { ETag } = await this.options.s3.send(command, {
      abortSignal: this.#stop.signal,
    });
    this.#done.push({ PartNumber: number, ETag, ChecksumSHA256: checksum.toString('base64') });
    this.options.onSent(part);
  }

  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.options.onFailure(error);
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }

  readonly #onAbort = (): void => this.#stop.abort(this.options.signal.reason);

  #unhook(): void {
    this.options.signal.removeEventListener('abort', this.#onAbort);
  }
}
