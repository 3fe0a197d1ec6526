import { answerOf, itemsOf, type Api, type Schemas } from './api.js';
import { readEvents, type SentEvent } from './read-events.js';
import { keyHeader, type InputOf, type SubmitOptions, type TaskType } from './submission.js';
import { TaskHandle } from './task-handle.js';
import type { Transport } from './transport.js';
import { waitFor, type WaitOptions } from './wait.js';

type Summary = Schemas['BatchSummary'];

/** A task of a batch; `#name` stands for the task of that `ref` in ids, sources and references. */
export type BatchTask = {
  [T in TaskType]: { type: T; input: InputOf<T>; ref?: string } & Omit<
    SubmitOptions<T>,
    'idempotencyKey' | 'signal'
  >;
}[TaskType];

export interface BatchOptions {
  /** Of the batch and each of its tasks. */
  tags?: string[];
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export type BatchEvent = { event: 'batch'; batch: Summary } | { event: 'task'; task: Schemas['TaskSummary'] };

export interface BatchWaitOptions extends WaitOptions {
  /** Its counts by state, at most twice a second. */
  onProgress?: (batch: Summary) => void;
}

/** One batch of the API, by its id. */
export class BatchHandle {
  readonly #api: Api;
  readonly #transport: Transport;

  constructor(
    api: Api,
    transport: Transport,
    readonly id: string,
    /** Ids of its tasks in the order that they were given; empty for a batch that another process made. */
    readonly taskIds: readonly string[] = [],
  ) {
    this.#api = api;
    this.#transport = transport;
  }

  /** As it is now: its counts. */
  batch(options: { signal?: AbortSignal } = {}): Promise<Summary> {
    return this.#read(options.signal);
  }

  /** Resolves when all its tasks have ended, however they did: see `counts.failed`. */
  wait({ onProgress, ...options }: BatchWaitOptions = {}): Promise<Summary> {
    return waitFor<Summary>(
      this.#transport,
      {
        id: `Batch ${this.id}`,
        path: this.#eventsPath,
        isLast,
        onEvent: ({ event, data }) => event === 'batch' && onProgress?.(data as Summary),
        read: (signal, held) => this.#read(signal, held),
        hasEnded: ({ completedAt }) => completedAt !== null,
      },
      options,
    );
  }

  /** Its counts and its tasks as they change, until it is complete. */
  async *events(options: { signal?: AbortSignal } = {}): AsyncGenerator<BatchEvent, void> {
    for await (const { event, data } of readEvents(this.#transport, this.#eventsPath, {
      ...options,
      isLast,
    })) {
      if (event === 'batch') yield { event, batch: data as Summary };
      else if (event === 'task') yield { event, task: data as Schemas['TaskSummary'] };
    }
  }

  /** Its tasks, newest first. */
  tasks(options: { state?: Schemas['TaskState'] } = {}): AsyncGenerator<Schemas['TaskSummary'], void> {
    const query = { batch: this.id, ...options };
    return itemsOf((cursor) =>
      answerOf(this.#api.GET('/v1/tasks', { params: { query: { ...query, cursor } } })),
    );
  }

  /** Cancels what has not ended. */
  async cancel(): Promise<Summary> {
    return answerOf(this.#api.POST('/v1/batches/{id}/cancel', { params: { path: { id: this.id } } }));
  }

  /** The handle of one of its tasks. @param index as in the list that was given */
  task(index: number): TaskHandle {
    const id = this.taskIds[index];
    if (id === undefined) throw new RangeError(`The batch has no task ${index} that is known here.`);
    return new TaskHandle(this.#api, this.#transport, id);
  }

  get #eventsPath(): string {
    return `/v1/batches/${encodeURIComponent(this.id)}/events`;
  }

  #read(signal?: AbortSignal, held?: number): Promise<Summary> {
    const header = held === undefined ? {} : { Prefer: `wait=${held}` };
    const params = { path: { id: this.id }, header };
    return answerOf(this.#api.GET('/v1/batches/{id}', { params, signal }));
  }
}

const isLast = ({ event, data }: SentEvent): boolean =>
  event === 'batch' && (data as Summary).completedAt !== null;

/** All of the tasks are accepted, or none. */
export async function createBatch(
  api: Api,
  transport: Transport,
  tasks: readonly BatchTask[],
  { idempotencyKey, signal, tags }: BatchOptions,
): Promise<BatchHandle> {
  const asked = api.POST('/v1/batches', {
    body: { tasks: tasks as unknown as Schemas['NewBatch']['tasks'], tags },
    params: { header: keyHeader(idempotencyKey) },
    signal,
  });
  const { id, tasks: made } = await answerOf(asked);
  return new BatchHandle(
    api,
    transport,
    id,
    made.map((task) => task.id),
  );
}
