import { once } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';
import { TaskError, type Retry } from '@offload/contracts/errors';

/** What a thread answers. A TaskError is spelt out: cloning between threads drops its class. */
type ThreadAnswer<Reading> =
  { reading: Reading } | { refused: { code: string; message: string; retry: Retry } } | { failed: unknown };

export interface ReadLimits {
  /** Time in milliseconds, then the thread is ended. */
  limitMs: number;
  signal?: AbortSignal;
  /** The error of what took too long (`yes`: it may have been the machine that was slow) or too much memory (`no`). */
  tooComplex: (why: string, retry: Retry) => TaskError;
}

/**
 * Threads that read documents from strangers, within limits of time and memory that hold for each document. They are
 * kept for the next one; how many there are is the caller's matter.
 */
export class KeptThreads<Request, Reading> {
  readonly #idle: Worker[] = [];

  /**
   * @param options.worker the compiled module that calls {@link answerRequests}
   * @param options.heapMiB heap of one thread; a document that needs more ends its thread only
   */
  constructor(private readonly options: { worker: URL; heapMiB: number }) {}

  /** Starts one ahead: loading its modules may take longer than reading. */
  warmUp(): void {
    const thread = this.#start();
    thread.unref();
    this.#idle.push(thread);
  }

  /**
   * As the function that the thread runs. Throws what it throws, `tooComplex`, or the signal's reason when that was
   * faster.
   */
  async read(request: Request, limits: ReadLimits): Promise<Reading> {
    const thread = this.#idle.pop() ?? this.#start();
    const answer = await this.#ask(thread, request, limits);
    thread.unref();
    this.#idle.push(thread);
    if ('reading' in answer) return answer.reading;
    if ('failed' in answer) throw answer.failed;
    const { code, message, retry } = answer.refused;
    throw new TaskError(code, message, { retry });
  }

  /** Ends all idle threads. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }

  #start(): Worker {
    const thread = new Worker(this.options.worker, {
      resourceLimits: { maxOldGenerationSizeMb: this.options.heapMiB },
    });
    // An idle thread that fails is not asked again; one at work is watched by #ask.
    thread.on('error', () => {});
    thread.on('exit', () => {
      const at = this.#idle.indexOf(thread);
      if (at !== -1) this.#idle.splice(at, 1);
    });
    return thread;
  }

  async #ask(
    thread: Worker,
    request: Request,
    { limitMs, signal, tooComplex }: ReadLimits,
  ): Promise<ThreadAnswer<Reading>> {
    const time = AbortSignal.timeout(limitMs);
    thread.ref();
    thread.postMessage(request);
    try {
      const ended = signal ? AbortSignal.any([signal, time]) : time;
      const [answer] = (await once(thread, 'message', { signal: ended })) as [ThreadAnswer<Reading>];
      return answer;
    } catch (error) {
      await thread.terminate();
      signal?.throwIfAborted();
      if (time.aborted) throw tooComplex(`it was not read within ${limitMs / 1000} seconds`, 'yes');
      if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY')
        throw tooComplex('it takes too much memory', 'no');
      throw error;
    }
  }
}

/** The thread's side of {@link KeptThreads}: one answer a message, an error of any kind included. */
export function answerRequests<Request>(read: (request: Request) => unknown): void {
  parentPort?.on('message', (request: Request) => parentPort?.postMessage(answerTo(request, read)));
}

function answerTo<Request>(request: Request, read: (request: Request) => unknown): ThreadAnswer<unknown> {
  try {
    return { reading: read(request) };
  } catch (error) {
    if (!(error instanceof TaskError)) return { failed: error };
    const { code, message, retry } = error;
    return { refused: { code, message, retry } };
  }
}
