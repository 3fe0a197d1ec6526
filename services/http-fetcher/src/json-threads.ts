import { TaskError, type Retry } from '@offload/contracts/errors';
import { KeptThreads } from '@offload/worker/kept-threads';
import { readJson, type JsonReading, type JsonRequest, type JsonWish } from './read-json.js';

export interface JsonThreadsOptions {
  /** The compiled json-worker.js. */
  worker: URL;
  /** Threads at most, started when there is work, and kept. 2 by default. */
  size?: number;
  /** Time for one document in milliseconds, then its thread is ended; 15,000 by default. */
  timeLimitMs?: number;
  /** Heap of one thread in MiB; a document that needs more ends its thread only. 384 by default. */
  heapMiB?: number;
  /** Smaller documents are read at once by the caller: they take a few milliseconds. 32 KiB by default. */
  smallBytes?: number;
}

/** Parses JSON off the main thread, within limits of time and memory that hold for each document. */
export class JsonThreads {
  readonly #options: Required<JsonThreadsOptions>;
  readonly #threads: KeptThreads<JsonRequest, JsonReading>;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(options: JsonThreadsOptions) {
    this.#options = { size: 2, timeLimitMs: 15_000, heapMiB: 384, smallBytes: 32 * 1024, ...options };
    this.#threads = new KeptThreads(this.#options);
  }

  /**
   * As `readJson`. Throws what it throws; TaskError `json-too-complex` when the thread ran out of memory (permanent) or
   * of time (to be tried again: it may have been the machine that was slow).
   */
  async read<Wish extends JsonWish>(request: JsonRequest<Wish>): Promise<JsonReading<Wish>> {
    if (request.bytes.length <= this.#options.smallBytes) return readJson(request) as JsonReading<Wish>;
    if (this.#busy >= this.#options.size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy++;
    try {
      const reading = await this.#threads.read(request, { limitMs: this.#options.timeLimitMs, tooComplex });
      return reading as JsonReading<Wish>;
    } finally {
      // The place is passed on to the one that waits longest.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy--;
    }
  }

  /** Ends all idle threads. */
  close(): Promise<void> {
    return this.#threads.close();
  }
}

const tooComplex = (why: string, retry: Retry): TaskError =>
  new TaskError('json-too-complex', `The JSON cannot be read: ${why}. Take the answer as a file.`, { retry });
