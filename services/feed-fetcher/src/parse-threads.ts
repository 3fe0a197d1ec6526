import { KeptThreads } from '@offload/worker/kept-threads';
import type { DocumentReading } from './read-document.js';
import type { FeedBytes } from './read-feed.js';
import { tooComplex } from './refuse.js';

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
  readonly #threads: KeptThreads<FeedBytes, DocumentReading>;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #large = 0;

  constructor(options: ParseThreadsOptions) {
    this.#options = { size: 2, timeLimitMs: timeLimitOf, heapMiB: 384, ...options };
    this.#threads = new KeptThreads(this.#options);
    // Loading the parsers takes longer than most feeds: the first one finds it done.
    this.#threads.warmUp();
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
      return await this.#threads.read(feed, {
        limitMs: this.#options.timeLimitMs(feed.bytes.length),
        signal,
        tooComplex: (why, retry) => tooComplex(`${why}.`, retry),
      });
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
  close(): Promise<void> {
    return this.#threads.close();
  }
}
