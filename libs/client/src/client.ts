import { answerOf, createTypedApi, itemsOf, type Api, type Schemas } from './api.js';
import type { paths } from './api-document.js';
import { BatchHandle, createBatch, type BatchOptions, type BatchTask } from './batch-handle.js';
import { readEvents } from './read-events.js';
import { submit, type InputOf, type Submission, type SubmitOptions, type TaskType } from './submission.js';
import { TaskHandle } from './task-handle.js';
import { taskMethods, type TaskMethods } from './task-methods.js';
import { createTransport, type TransportOptions } from './transport.js';
import { upload, type UploadOptions, type UploadSource } from './upload.js';

export type { paths } from './api-document.js';
export { answerOf, itemsOf, type Api, type Schemas } from './api.js';
export type { BatchEvent, BatchHandle, BatchOptions, BatchTask, BatchWaitOptions } from './batch-handle.js';
export { ApiUnreachable, ProblemError, StreamUnusable, TaskFailed, WaitTimeout } from './errors.js';
export type { InputOf, ResultReference, Submission, SubmitOptions, TaskType } from './submission.js';
export type { AnyTaskType, SucceededTask, TaskHandle, TaskOf, TaskWaitOptions } from './task-handle.js';
export { taskMethods } from './task-methods.js';
export type { ByteStream, UploadOptions, UploadSource } from './upload.js';

export type ClientOptions = TransportOptions;

export type TaskFilter = Omit<NonNullable<paths['/v1/tasks']['get']['parameters']['query']>, 'cursor'>;

/** `feed`: the feed of a subscription has changed. `reset`: changes may be missing; list what you look at again. */
export type OwnerEvent =
  { event: 'task'; task: Schemas['TaskSummary'] } | { event: 'feed'; feed: string } | { event: 'reset' };

export interface OwnerEventsOptions {
  type?: string;
  signal?: AbortSignal;
  /** Called each time that a connection is there, and each time that it is lost and will be made anew. */
  onConnection?: (now: 'open' | 'lost') => void;
}

/** A client of one API with one key: a method per task type, and what follows. */
export interface Client extends TaskMethods {
  /** By the type's name, e.g. when it is not known before. */
  submit<T extends TaskType>(type: T, input: InputOf<T>, options?: SubmitOptions<T>): Submission<T>;
  /** The handle of a task by its id; asks nothing. */
  task(id: string): TaskHandle;
  /** The owner's tasks, newest first, page after page. `limit` is the size of a page. */
  tasks(filter?: TaskFilter): AsyncGenerator<Schemas['TaskSummary'], void>;
  /** Up to 1,000 tasks that may name each other by `#ref`: all are accepted, or none. */
  createBatch(tasks: readonly BatchTask[], options?: BatchOptions): Promise<BatchHandle>;
  batch(id: string): BatchHandle;
  upload(source: UploadSource, options?: UploadOptions): Promise<Schemas['Upload']>;
  /** The owner's tasks as they change, until the signal is aborted. */
  events(options?: OwnerEventsOptions): AsyncGenerator<OwnerEvent, void>;
  /** Everything else of the OpenAPI document, typed by it: `client.api.GET('/v1/queues')`. */
  readonly api: Api;
}

/** Makes a client. Nothing is asked yet. @param options.baseUrl e.g. `http://localhost:3000` */
export function createClient(options: ClientOptions): Client {
  const transport = createTransport(options);
  const api = createTypedApi(transport);
  const submitOne: Client['submit'] = (type, input, more) => submit(api, transport, type, input, more);
  const methods = Object.fromEntries(
    Object.entries(taskMethods).map(([method, type]) => [
      method,
      (input: InputOf<TaskType>, more?: SubmitOptions) => submitOne(type, input, more),
    ]),
  ) as unknown as TaskMethods;
  return {
    ...methods,
    api,
    submit: submitOne,
    task: (id) => new TaskHandle(api, transport, id),
    tasks: (query = {}) =>
      itemsOf((cursor) => answerOf(api.GET('/v1/tasks', { params: { query: { ...query, cursor } } }))),
    createBatch: (tasks, more = {}) => createBatch(api, transport, tasks, more),
    batch: (id) => new BatchHandle(api, transport, id),
    upload: (source, more = {}) => upload(transport, source, more),
    async *events({ type, ...following } = {}) {
      const path = `/v1/events${type === undefined ? '' : `?type=${encodeURIComponent(type)}`}`;
      for await (const { event, data } of readEvents(transport, path, { ...following, isLast: () => false }))
        if (event === 'reset') yield { event };
        else if (event === 'task') yield { event, task: data as Schemas['TaskSummary'] };
        else if (event === 'feed') yield { event, feed: (data as { id: string }).id };
    },
  };
}
