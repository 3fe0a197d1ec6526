import { setTimeout as pause } from 'node:timers/promises';
import { TaskError } from '@offload/contracts/errors';
import { ImageProcess, type ImageProcessOptions } from './image-process.js';
import type { RenderEvent, RenderJob } from './render-image.js';

export interface ImageProcessesOptions extends ImageProcessOptions {
  /** Children at most. One is started at once, others when there is work; all are kept. */
  size: number;
}

/** An idle child that keeps more than this is replaced: one large image must not cost memory for ever. */
const KEPT_BYTES = 256 * 1024 * 1024;
/** After a child has died by itself, the next one is started a while later: doubled each time up to the longest. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** A pool of child processes that work on images, each on one at a time. */
export class ImageProcesses {
  readonly #options: ImageProcessesOptions;
  readonly #idle: ImageProcess[] = [];
  readonly #waiting = new Set<() => void>();
  #busy = 0;
  #deaths = 0;
  #closed = false;

  constructor(options: ImageProcessesOptions) {
    this.#options = options;
    // Starting takes longer than most images: the first one finds it done.
    this.#idle.push(this.#start());
  }

  /** Process ids of the idle children. */
  get idlePids(): number[] {
    return this.#idle.flatMap(({ pid }) => pid ?? []);
  }

  /** As renderImage, in a child, once one is free. Throws what ImageProcess.run throws. */
  async *render(job: RenderJob, signal: AbortSignal): AsyncGenerator<RenderEvent> {
    await this.#turn(signal);
    try {
      const child = await this.#take(signal);
      try {
        yield* child.run(job, signal);
      } catch (error) {
        this.#count(error);
        throw error;
      } finally {
        this.#giveBack(child);
      }
      this.#deaths = 0;
    } finally {
      this.#busy--;
      this.#waiting.values().next().value?.();
    }
  }

  /** Ends the idle children, and those at work as soon as they are given back. */
  close(): void {
    this.#closed = true;
    for (const child of this.#idle.splice(0)) child.kill();
  }

  /** Waits for one of the places; the first to come is the first to go. */
  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.#busy >= this.#options.size) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#waiting.delete(go);
          signal.removeEventListener('abort', go);
          resolve();
        };
        this.#waiting.add(go);
        signal.addEventListener('abort', go);
      });
      // One that was woken and does not want its turn any more hands it on.
      if (signal.aborted) this.#waiting.values().next().value?.();
      signal.throwIfAborted();
    }
    this.#busy++;
  }

  async #take(signal: AbortSignal): Promise<ImageProcess> {
    let child = this.#idle.pop();
    if (!child) {
      if (this.#deaths > 0)
        await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#deaths - 1)), undefined, {
          signal,
        });
      child = this.#start();
    }
    try {
      await child.ready;
      return child;
    } catch (error) {
      this.#deaths++;
      throw error;
    }
  }

  #start(): ImageProcess {
    const child = new ImageProcess(this.#options);
    child.onExit(() => {
      const at = this.#idle.indexOf(child);
      if (at !== -1) this.#idle.splice(at, 1);
    });
    return child;
  }

  #giveBack(child: ImageProcess): void {
    if (child.ended) return;
    if (this.#closed || (child.residentBytes ?? 0) > KEPT_BYTES) child.kill();
    else this.#idle.push(child);
  }

  #count(error: unknown): void {
    if (error instanceof TaskError && error.code === 'image-crashed') this.#deaths++;
  }
}
