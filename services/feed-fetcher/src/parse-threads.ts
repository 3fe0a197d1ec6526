import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { TaskError, type Retry } from '@offload/contracts/errors';
import type { DocumentReading } from './read-document.js';
import type { FeedBytes } from './read-feed.js';
import { tooComplex } from './refuse.js';

/** What a thread answers to one feed. A TaskError is spelt out: cloning between threads drops its class. */
export type ParseAnswer =
  | { reading: DocumentReading }
  | { refused: { code: string; message: string; retry: Retry } }
  | { failed: unknown };

export interface ParseThreadsOptions {
  /** The compiled parse-worker.js. */
  worker: URL;
  /** Threads at most; one is started at once, others when there is work, and kept. 2 by default. */
  size?: number;
  /** Time for one feed of this many bytes in milliseconds; then its thread is ended. See {@link timeLimitOf}. */
  timeLimitMs?: (bytes: number) => number;
  /** Heap of one thread in MiB; a feed that needs more ends its thread only. 384 by default. */
  heapMiB?: number;
}

/**
 * Five seconds, and one more for each megabyte: some ten times what real feeds took (6 MB/s for prose, 2 MB/s
 * for the densest markup; 2 cores, Node 20). A small hostile feed may not hold its thread as long as a large one.
 */
const timeLimitOf = (bytes: number): number => 5_000 + Math.ceil(bytes / 1_000);

const LARGE_BYTES = 1024 * 1024;

/** Parses feeds off the main thread, within limits of time and memory that hold for each feed. */
export class ParseThreads {
  readonly #options: Required<ParseThreadsOptions>;
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #large = 0;

  constructor(options: ParseThreadsOptions) {
    this.#options = { size: 2, timeLimitMs: timeLimitOf, heapMiB: 384, ...options };
    // Loading the parsers takes longer than most feeds: the first one finds it done.
    const first = this.#start();
    first.unref();
    this.#idle.push(first);
  }

  /**
   * As `readDocument`. Throws what it throws; TaskError `too-complex` when the thread ran out of memory (permanent) or
   * of time (to be tried again: it may have been the machine that was slow); the signal's reason when that was
   * faster.
   */
  async read(feed: FeedBytes, signal: AbortSignal): Promise<DocumentReading> {
    const large = feed.bytes.length > LARGE_BYTES ? 1 : 0;
    while (!this.#mayBegin(large)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy++;
    this.#large += large;
    try {
      signal.throwIfAborted();
      const thread = this.#idle.pop() ?? this.#start();
      const answer = await this.#ask(thread, feed, signal);
      thread.unref();
      this.#idle.push(thread);
      return readingOf(answer);
    } finally {
      this.#busy--;
      this.#large -= large;
      this.#waiting.splice(0).forEach((look) => look());
    }
  }

  /** Large feeds leave one thread to the others, which are done in the time that a large one waits. */
  #mayBegin(large: 0 | 1): boolean {
    const { size } = this.#options;
    return this.#busy < size && (large === 0 || this.#large < Math.max(1, size - 1));
  }

  /** Ends all idle threads. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }

  #start(): Worker {
    const thread = new Worker(this.#options.worker, {
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMiB },
    });
    // An idle thread that fails is not asked again; one at work is watched by #ask.
    thread.on('error', () => {});
    thread.on('exit', () => {
      const at = this.#idle.indexOf(thread);
      if (at !== -1) this.#idle.splice(at, 1);
    });
    return thread;
  }

  async #ask(thread: Worker, feed: FeedBytes, signal: AbortSignal): Promise<ParseAnswer> {
    const limitMs = this.#options.timeLimitMs(feed.bytes.length);
    const time = AbortSignal.timeout(limitMs);
    thread.ref();
    thread.postMessage(feed);
    try {
      const ended = AbortSignal.any([signal, time]);
      const [answer] = (await once(thread, 'message', { signal: ended })) as [ParseAnswer];
      return answer;
    } catch (error) {
      await thread.terminate();
      signal.throwIfAborted();
      if (time.aborted) {
        throw tooComplex(`it was not read within ${limitMs / 1000} seconds.`, 'yes');
      }
      if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY')
        throw tooComplex('it takes too much memory.');
      throw error;
    }
  }
}

function readingOf(answer: ParseAnswer): DocumentReading {
  if ('reading' in answer) return answer.reading;
  if ('failed' in answer) throw answer.failed;
  const { code, message, retry } = answer.refused;
  throw new TaskError(code, message, { retry });
}
