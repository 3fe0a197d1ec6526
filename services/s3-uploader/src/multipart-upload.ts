import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Log } from '@offload/worker/handler';
import type { Part } from './cut-parts.js';

/** Parts on the wire at once; with the one being filled, a task holds at most three parts in memory. */
const PARTS_IN_FLIGHT = 2;

/** How long the abort of an upload may take when the task's own signal has fired already. */
const ABORT_LIMIT_MS = 10_000;

export interface ObjectTarget {
  Bucket: string;
  Key: string;
  ContentType: string;
  /** `*`: only when nothing stands at the key. */
  IfNoneMatch?: '*';
}

export interface MultipartOptions {
  s3: S3Client;
  signal: AbortSignal;
  log: Log;
  /** Called with the bytes of each part that S3 has confirmed. */
  onSent: (bytes: number) => void;
  /** Called once, when the first part has failed for good: stop reading the source. */
  onFailure: (error: Error) => void;
}

/**
 * One multipart upload. Whoever begins it ends it with `complete` or `abort`, or its parts stay on the server,
 * invisible and paid for.
 */
export class MultipartUpload {
  readonly #inFlight = new Set<Promise<void>>();
  readonly #done: CompletedPart[] = [];
  readonly #stop = new AbortController();
  #failure: Error | undefined;

  private constructor(
    private readonly target: ObjectTarget,
    private readonly uploadId: string,
    private readonly options: MultipartOptions,
  ) {
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  static async begin(target: ObjectTarget, options: MultipartOptions): Promise<MultipartUpload> {
    const { Bucket, Key, ContentType } = target;
    const { UploadId } = await options.s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ContentType, ChecksumAlgorithm: 'SHA256' }),
      { abortSignal: options.signal },
    );
    return new MultipartUpload(target, UploadId!, options);
  }

  /** Takes a part as soon as there is room for it, which is what slows the source down. Throws an earlier part's error. */
  async add(part: Part, checksum: string): Promise<void> {
    while (this.#inFlight.size >= PARTS_IN_FLIGHT) await Promise.race(this.#inFlight);
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

  /** Makes the object visible; returns its ETag. After an error it may be visible all the same. */
  async complete(): Promise<string> {
    const { Bucket, Key, IfNoneMatch } = this.target;
    const Parts = this.#done.toSorted((a, b) => a.PartNumber! - b.PartNumber!);
    const { ETag } = await this.options.s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        IfNoneMatch,
        UploadId: this.uploadId,
        MultipartUpload: { Parts },
      }),
      { abortSignal: this.options.signal },
    );
    this.#end();
    return ETag ?? '';
  }

  /**
   * Removes the parts; of a completed upload it removes nothing. A part that lands after the abort would stay, so those on the wire are ended first.
   * Never throws: the error that led here is the one to report; what could not be removed is logged.
   */
  async abort(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#inFlight);
    this.#end();
    const { Bucket, Key } = this.target;
    try {
      await this.options.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: this.uploadId }), {
        abortSignal: AbortSignal.timeout(ABORT_LIMIT_MS),
      });
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchUpload') return;
      const { uploadId } = this;
      this.options.log.warn('multipart upload not aborted: its parts stay until they are swept', {
        bucket: Bucket,
        uploadId,
        reason: String(error),
      });
    }
  }

  async #send({ number, bytes }: Part, checksum: string): Promise<void> {
    const { Bucket, Key } = this.target;
    const { ETag } = await this.options.s3.send(
      new UploadPartCommand({
        Bucket,
        Key,
        UploadId: this.uploadId,
        PartNumber: number,
        Body: bytes,
        ContentLength: bytes.length,
        ChecksumSHA256: checksum,
      }),
      { abortSignal: this.#stop.signal },
    );
    this.#done.push({ PartNumber: number, ETag, ChecksumSHA256: checksum });
    this.options.onSent(bytes.length);
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

  #end(): void {
    this.options.signal.removeEventListener('abort', this.#onAbort);
  }
}
