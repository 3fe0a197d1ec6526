import { createHash } from 'node:crypto';
import { Snooze, TaskError } from '@offload/contracts/errors';
import type { Outbound, OutboundResponse } from '@offload/outbound/outbound';
import { statusError } from '@offload/outbound/status-error';
import { pause } from '@offload/runtime/pause';
import type { Log } from '@offload/worker/handler';
import { formOf, rangeFault, rangeHeaders, type Form } from './range-request.js';
import type { SourceBody } from './source-body.js';
import { WHOLE_BODY } from '@offload/worker/open-source';

export interface UrlBodyOptions {
  url: string;
  outbound: Pick<Outbound, 'fetch'>;
  signal: AbortSignal;
  log: Log;
  maxBytes: number;
  /** Limit of the whole reading in milliseconds, however often it breaks. */
  deadlineMs: number;
  /** How long the first request may wait for its turn at a busy host; 0 by default: the task is put off. */
  patienceMs?: number;
  /** Given in tests. */
  firstPauseMs?: number;
}

/** Breaks without a mebibyte in between after which the source is given up; the pauses add up to 15 s. */
const BREAKS = 5;
const PROGRESS_BYTES = 1024 ** 2;
const FIRST_PAUSE_MS = 500;

/** How often a source that gives no ranges is read again from its start: what came before is thrown away. */
const REREADS = 3;

/** What another request may cure. A deadline that is over is a `timeout`, too: there is no time for another request then. */
const PASSING = new Set([
  'truncated-body',
  'connection-lost',
  'connect-failed',
  'dns-failed',
  'bad-response',
  'timeout',
]);

/**
 * A URL's bytes. When the connection breaks it is asked for the rest, by Range with If-Range, so that the rest is of
 * the same representation (RFC 9110, section 13.1.5). An origin that does not give ranges, or has nothing to tell its
 * representations apart by, is read again from its start, and the bytes that were read already must come again
 * (compared by SHA-256): else TaskError `source-changed`, to be tried again as a whole.
 */
export class UrlBody implements SourceBody {
  bytes = 0;
  readonly #hash = createHash('sha256');
  #form: Form;
  #response: OutboundResponse;
  /** Bytes of the open response that have come before, with their hash. */
  #repeat = { left: 0, hash: createHash('sha256') };
  #breaks = 0;
  #rereads = 0;
  #progressAt = 0;
  #ended: Error | undefined;
  readonly #overAt: number;

  private constructor(
    readonly first: OutboundResponse,
    private readonly options: UrlBodyOptions,
  ) {
    this.#overAt = performance.now() + options.deadlineMs;
    this.#response = first;
    this.#form = formOf(first);
  }

  /** Throws TaskError: what the origin's status means, and what libs/outbound refuses. */
  static async open(options: UrlBodyOptions): Promise<UrlBody> {
    const { url, outbound, signal, maxBytes, deadlineMs, patienceMs = 0 } = options;
    const headers = { 'accept-encoding': 'identity' };
    const response = await outbound.fetch(url, { headers, signal, maxBytes, deadlineMs, patienceMs });
    if (!WHOLE_BODY.has(response.status)) throw statusError(response);
    return new UrlBody(response, options);
  }

  get size(): number | null {
    return this.#form.size;
  }

  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  async *chunks(): AsyncGenerator<Buffer> {
    for (;;) {
      let failure: unknown;
      try {
        for await (const chunk of this.#response.body as AsyncIterable<Buffer>) {
          const fresh = this.#afterRepeat(chunk);
          if (fresh.length === 0) continue;
          this.#hash.update(fresh);
          this.bytes += fresh.length;
          yield fresh;
        }
        if (this.#repeat.left > 0) throw this.#changed();
        if (this.size === null || this.bytes >= this.size) return;
        throw new TaskError('truncated-body', `Only ${this.bytes} of ${this.size} bytes came.`, {
          retry: 'yes',
        });
      } catch (error) {
        failure = error;
      }
      if (await this.#reopen(failure)) return;
    }
  }

  destroy(error?: Error): void {
    this.#ended = error ?? new Error('The source is not wanted any more.');
    this.#response.body.destroy(error);
  }

  /** What of a chunk has not come before. */
  #afterRepeat(chunk: Buffer): Buffer {
    const { left, hash } = this.#repeat;
    if (left === 0) return chunk;
    const known = chunk.subarray(0, left);
    hash.update(known);
    this.#repeat.left -= known.length;
    if (this.#repeat.left === 0 && hash.digest('hex') !== this.sha256()) throw this.#changed();
    return chunk.subarray(known.length);
  }

  /** Opens the rest; answers true when there is none. */
  async #reopen(cause: unknown): Promise<boolean> {
    const { signal, log, firstPauseMs = FIRST_PAUSE_MS } = this.options;
    if (this.bytes - this.#progressAt >= PROGRESS_BYTES) this.#breaks = 0;
    this.#progressAt = this.bytes;
    for (let failure = cause; ;) {
      if (this.#ended) throw this.#ended;
      this.#breaks += 1;
      if (!isPassing(failure) || signal.aborted || this.#breaks > BREAKS || this.#leftMs() < 1_000)
        throw failure;
      if (this.size !== null && this.bytes === this.size) return true;
      const code = failure instanceof TaskError ? failure.code : 'host-busy';
      log.info('the source broke; going on', { at: this.bytes, of: this.size, code });
      await pause(firstPauseMs * 2 ** (this.#breaks - 1), signal);
      try {
        return await this.#ask();
      } catch (error) {
        failure = error;
      }
    }
  }

  async #ask(): Promise<boolean> {
    const { url, outbound, signal, maxBytes } = this.options;
    const range = rangeHeaders(this.#form, this.bytes);
    const response = await outbound.fetch(url, {
      headers: { 'accept-encoding': 'identity', ...range },
      signal,
      maxBytes: range ? Math.max(1, maxBytes - this.bytes) : maxBytes,
      deadlineMs: this.#leftMs(),
      patienceMs: this.#leftMs(),
    });
    if (this.#ended) response.body.destroy();
    if (range && response.status === 206) return this.#takeRest(response);
    if (range && response.status === 416 && response.headers['content-range'] === `bytes */${this.bytes}`) {
      response.body.destroy();
      return true;
    }
    if (response.status === 416) this.#giveUpRanges(response);
    if (!WHOLE_BODY.has(response.status)) throw statusError(response);
    // The whole again: ranges are not given, or it is another representation.
    if (++this.#rereads > REREADS) {
      response.body.destroy();
      throw new TaskError(
        'source-broken',
        `${new URL(url).host} broke off ${REREADS + 1} times, and it does not give the rest alone.`,
        { retry: 'yes' },
      );
    }
    this.#form = formOf(response);
    this.#response = response;
    this.#repeat = { left: this.bytes, hash: createHash('sha256') };
    return false;
  }

  #takeRest(response: OutboundResponse): boolean {
    const fault = rangeFault(response, this.#form, this.bytes);
    if (fault !== undefined) this.#giveUpRanges(response);
    this.#response = response;
    this.#repeat.left = 0;
    return false;
  }

  /** What came for a Range is not what it means: the next request has none. */
  #giveUpRanges(response: OutboundResponse): never {
    response.body.destroy();
    this.#form = { ...this.#form, validator: null };
    throw new TaskError('bad-response', 'The origin answered a Range with something else.', { retry: 'yes' });
  }

  #leftMs(): number {
    return Math.max(1, Math.floor(this.#overAt - performance.now()));
  }

  #changed(): TaskError {
    const { host } = new URL(this.options.url);
    return new TaskError(
      'source-changed',
      `The bytes at ${host} changed while they were read; the task begins again.`,
      { retry: 'yes' },
    );
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof Snooze ||
  (error instanceof TaskError &&
    (PASSING.has(error.code) || (error.code.startsWith('http-') && error.retry !== 'no')));
