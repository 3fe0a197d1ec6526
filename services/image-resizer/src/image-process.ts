import { fork, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TaskError, type Retry } from '@offload/contracts/errors';
import { imageCrashed, tookTooLong, tooMuchMemory } from './image-error.js';
import type { RenderEvent, RenderJob } from './render-image.js';
import type { SharpSettings } from './sharp-settings.js';

/** What a child says. A TaskError is spelt out: no class survives the way between processes. */
export type Answer =
  | { ready: true }
  | { event: RenderEvent }
  | { done: true }
  | { refused: { code: string; message: string; retry: Retry } }
  | { failed: string };

export interface ImageProcessOptions extends SharpSettings {
  /** The compiled image-child.js. */
  entry: URL;
  /** Resident memory at which the child is ended, in bytes. */
  memoryBytes: number;
  /** Time for one image in milliseconds; then the child is ended. */
  timeMs: number;
}

/** How often a working child's memory is looked at: libvips takes no more than some 50 MB in between. */
const LOOK_MS = 50;
/** What is kept of what a child writes to stderr. */
const LAST_WORDS = 2_000;
/** Of our environment, all that a child needs: a libvips that is made to do others' work finds no secrets in it. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'LD_PRELOAD', 'LD_LIBRARY_PATH'];

/**
 * A child process with libvips in it. A crash, a lack of memory and an image that takes for ever end the child only.
 * It ends by itself when this process does.
 */
export class ImageProcess {
  readonly #child: ChildProcess;
  readonly #options: ImageProcessOptions;
  #lastWords = '';
  /** Resolves once it can be given work; rejects when it ends before. */
  readonly ready: Promise<void>;

  constructor(options: ImageProcessOptions) {
    const { entry, threads, svg } = options;
    this.#options = options;
    this.#child = fork(fileURLToPath(entry), [JSON.stringify({ threads, svg } satisfies SharpSettings)], {
      execArgv: ['--max-old-space-size=64'],
      env: childEnv(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    // Writing to a child that is just ending; its exit says all.
    this.#child.on('error', () => {});
    this.ready = this.#untilReady();
    this.ready.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Has ended, or is about to: it is not to be given any more work. */
  get ended(): boolean {
    return this.#child.killed || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resident memory in bytes; null where the system does not tell (it is no Linux), or when the child has ended. */
  get residentBytes(): number | null {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      return null;
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  onExit(look: () => void): void {
    this.#child.once('exit', look);
  }

  /**
   * Does one job. Throws what the child threw; TaskErrors `too-much-memory` (permanent), `took-too-long` and
   * `image-crashed` (both tried again if the job says so), each of which has ended the child; the signal's reason when
   * that was faster, which ends the child, too.
   */
  async *run(job: RenderJob, signal: AbortSignal): AsyncGenerator<RenderEvent> {
    let why: TaskError | undefined;
    const end = (error: TaskError): void => {
      why ??= error;
      this.kill();
    };
    const { memoryBytes, timeMs } = this.#options;
    const clock = setTimeout(() => end(tookTooLong(timeMs, job.again)), timeMs);
    const look = setInterval(() => {
      if ((this.residentBytes ?? 0) > memoryBytes) end(tooMuchMemory(memoryBytes));
    }, LOOK_MS);
    this.#hold(true);
    let finished = false;
    try {
      for await (const answer of this.#ask(job, signal)) {
        if ('event' in answer) yield answer.event;
        else {
          finished = true;
          if ('done' in answer) return;
          throw errorOf(answer);
        }
      }
      throw why ?? imageCrashed(this.#howItEnded(), job.again);
    } catch (error) {
      if (!finished) signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(clock);
      clearInterval(look);
      if (!finished) this.kill();
      this.#hold(false);
    }
  }

  async *#ask(job: RenderJob, signal: AbortSignal): AsyncGenerator<Answer> {
    if (this.ended) return;
    const answers = on(this.#child, 'message', { signal, close: ['exit'] });
    this.#child.send(job);
    for await (const [answer] of answers) yield answer as Answer;
  }

  async #untilReady(): Promise<void> {
    this.#hold(true);
    const left = new AbortController();
    const exit = once(this.#child, 'exit', { signal: left.signal }).then(() => {
      throw new Error(`A process for images did not start: ${this.#howItEnded()}`);
    });
    try {
      await Promise.race([once(this.#child, 'message', { signal: left.signal }), exit]);
    } finally {
      left.abort();
      exit.catch(() => {});
      this.#hold(false);
    }
  }

  #howItEnded(): string {
    const { exitCode, signalCode } = this.#child;
    return `${signalCode ?? `exit code ${exitCode}`}. ${this.#lastWords.trim()}`.trim();
  }

  /** An idle child does not keep this process from ending. */
  #hold(held: boolean): void {
    const what = held ? 'ref' : 'unref';
    this.#child[what]();
    this.#child.channel?.[what]();
    (this.#child.stderr as { ref?(): void; unref?(): void } | null)?.[what]?.();
  }
}

function errorOf(answer: Exclude<Answer, { event: unknown } | { done: true }>): Error {
  if ('refused' in answer) {
    const { code, message, retry } = answer.refused;
    return new TaskError(code, message, { retry });
  }
  return new Error('failed' in answer ? answer.failed : 'A process for images said what it was not asked.');
}

/** glibc makes an arena for each thread, and sharp's are many: freed memory would stay in them. jemalloc ignores it. */
function childEnv(): NodeJS.ProcessEnv {
  const passed = PASSED_ON.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return { ...Object.fromEntries(passed), MALLOC_ARENA_MAX: '2' } as NodeJS.ProcessEnv;
}
