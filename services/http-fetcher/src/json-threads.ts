import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { TaskError, type Retry } from '@offload/contracts/errors';
import { readJson, type JsonReading, type JsonRequest, type JsonWish } from './read-json.js';

/** What a thread answers. A TaskError is spelt out: cloning between threads drops its class. */
export type JsonAnswer =
  | { reading: JsonReading }
  | { refused: { code: string; message: string; retry: Retry } }
  | { failed: unknown };

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
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(options: JsonThreadsOptions) {
    this.#options = { size: 2, timeLimitMs: 15_000, heapMiB: 384, smallBytes: 32 * 1024, ...options };
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
      const thread = this.#idle.pop() ?? this.#start();
      const answer = await this.#ask(thread, request);
      thread.unref();
      this.#idle.push(thread);
      return readingOf(answer) as JsonReading<Wish>;
    } finally {
      // The place is passed on to the one that waits longest.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy--;
    }
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

  async #ask(thread: Worker, request: JsonRequest): Promise<JsonAnswer> {
    const time = AbortSignal.timeout(this.#options.timeLimitMs);
    thread.ref();
    thread.postMessage(request);
    try {
      const [answer] = (await once(thread, 'message', { signal: time })) as [JsonAnswer];
      return answer;
    } catch (error) {
      await thread.terminate();
      if (time.aborted)
        throw tooComplex(`it was not read within ${this.#options.timeLimitMs / 1000} seconds`, 'yes');
      if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY')
        throw tooComplex('it takes too much memory', 'no');
      throw error;
    }
  }
}

function readingOf(answer: JsonAnswer): JsonReading {
  if ('reading' in answer) return answer.reading;
  if ('failed' in answer) throw answer.failed;
  const { code, message, retry } = answer.refused;
  throw new TaskError(code, message, { retry });
}

const tooComplex = (why: string, retry: Retry): TaskError =>
  new TaskError('json-too-complex', `The JSON cannot be read: ${why}. Take the answer as a file.`, { retry });
