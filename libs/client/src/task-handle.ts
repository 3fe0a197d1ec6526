import { answerOf, type Api, type Schemas } from './api.js';
import { TaskFailed } from './errors.js';
import { readEvents, type SentEvent } from './read-events.js';
import type { Transport } from './transport.js';
import { waitFor, type WaitOptions } from './wait.js';

/** Every type that a task may have; the system makes some itself. */
export type AnyTaskType = Schemas['Task']['type'];
export type TaskOf<T extends AnyTaskType> = Extract<Schemas['Task'], { type: T }>;
/** A task that has succeeded, with its result. */
export type SucceededTask<T extends AnyTaskType> = TaskOf<T> & { result: NonNullable<TaskOf<T>['result']> };

export interface TaskWaitOptions extends WaitOptions {
  /** Each time the task has changed: its state, and `progress` as far as its worker tells. */
  onProgress?: (task: Schemas['TaskSummary']) => void;
}

export const hasEnded = ({ state }: { state: Schemas['TaskState'] }): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled';

/** One task of the API, by its id. Nothing is asked before a method is called. */
export class TaskHandle<T extends AnyTaskType = AnyTaskType> {
  readonly #api: Api;
  readonly #transport: Transport;

  constructor(
    api: Api,
    transport: Transport,
    readonly id: string,
    /** Why nothing new was made: the task was there under this key. */
    readonly existing: 'idempotency-key' | 'unique' | null = null,
  ) {
    this.#api = api;
    this.#transport = transport;
  }

  /** As it is now. */
  task(options: { signal?: AbortSignal } = {}): Promise<TaskOf<T>> {
    return this.#read(options.signal);
  }

  /**
   * Resolves when it has succeeded. Rejects with TaskFailed when it failed for good or was cancelled, with WaitTimeout,
   * or with the signal's reason. A lost connection is made anew.
   */
  async wait({ onProgress, ...options }: TaskWaitOptions = {}): Promise<SucceededTask<T>> {
    const task = await waitFor<TaskOf<T>>(
      this.#transport,
      {
        id: `Task ${this.id}`,
        path: this.#eventsPath,
        isLast,
        onEvent: ({ data }) => onProgress?.(data as Schemas['TaskSummary']),
        read: (signal, held) => this.#read(signal, held),
        hasEnded,
      },
      options,
    );
    if (task.state !== 'succeeded') throw new TaskFailed(task);
    return task as SucceededTask<T>;
  }

  /** The task now and each time it changes, until it has ended. */
  async *events(options: { signal?: AbortSignal } = {}): AsyncGenerator<Schemas['TaskSummary'], void> {
    for await (const { data } of readEvents(this.#transport, this.#eventsPath, { ...options, isLast }))
      yield data as Schemas['TaskSummary'];
  }

  /** Rejects with ProblemError `already-ended` when there is nothing to cancel. */
  async cancel(): Promise<TaskOf<T>> {
    const task = await answerOf(this.#api.POST('/v1/tasks/{id}/cancel', { params: this.#params }));
    return task as TaskOf<T>;
  }

  /** Runs a failed or cancelled task again. @param options.attempts so many more; by default as many as its type has */
  async retry(options: { attempts?: number } = {}): Promise<TaskOf<T>> {
    const task = await answerOf(
      this.#api.POST('/v1/tasks/{id}/retry', { params: this.#params, body: options }),
    );
    return task as TaskOf<T>;
  }

  /** Removes it and its files, once it has ended. */
  async delete(): Promise<void> {
    await this.#api.DELETE('/v1/tasks/{id}', { params: this.#params });
  }

  /** One of its files. The answer is a Response: `.blob()`, `.arrayBuffer()`, `.text()`, or its stream in `.body`. */
  file(name: string, options: { signal?: AbortSignal } = {}): Promise<Response> {
    const url = this.#transport.url(`/v1/tasks/${part(this.id)}/files/${part(name)}`);
    return this.#transport.send(() => new Request(url, { signal: options.signal }));
  }

  get #eventsPath(): string {
    return `/v1/tasks/${part(this.id)}/events`;
  }

  get #params() {
    return { path: { id: this.id } };
  }

  async #read(signal?: AbortSignal, held?: number): Promise<TaskOf<T>> {
    const header = held === undefined ? {} : { Prefer: `wait=${held}` };
    const params = { ...this.#params, header };
    return (await answerOf(this.#api.GET('/v1/tasks/{id}', { params, signal }))) as TaskOf<T>;
  }
}

const part = encodeURIComponent;

const isLast = ({ data }: SentEvent): boolean => hasEnded(data as Schemas['TaskSummary']);
