import { answerOf, type Api, type Schemas } from './api.js';
import { TaskHandle, type SucceededTask, type TaskWaitOptions } from './task-handle.js';
import type { Transport } from './transport.js';

/** Every type that may be submitted. */
export type TaskType = Schemas['NewTask']['type'];
type NewTaskOf<T extends TaskType> = Extract<Schemas['NewTask'], { type: T }>;

/** Stands for a value of another task's result (docs/batches.md): in a batch `task` may be `#ref`. */
export interface ResultReference {
  task: string;
  /** JSON pointer (RFC 6901) into the result. */
  pointer: string;
}

/** A type in which every value may be a reference instead. */
export type WithReferences<T> =
  | ResultReference
  | (T extends readonly (infer Item)[]
      ? WithReferences<Item>[]
      : T extends object
        ? { [Name in keyof T]: WithReferences<T[Name]> }
        : T);

export type InputOf<T extends TaskType> = WithReferences<NewTaskOf<T>['input']>;

/** What may be said beside the input (docs/submitting.md). */
export type SubmitOptions<T extends TaskType = TaskType> = Omit<NewTaskOf<T>, 'type' | 'input'> & {
  /** Instead of the client's own: 1 to 200 printable ASCII characters, for repeats that outlive this process. */
  idempotencyKey?: string;
  signal?: AbortSignal;
};

export type Submit<T extends TaskType> = (input: InputOf<T>, options?: SubmitOptions<T>) => Submission<T>;

/** The task's handle, as soon as the API has stored it; `wait()` goes straight to its end. */
export interface Submission<T extends TaskType> extends Promise<TaskHandle<T>> {
  wait(options?: TaskWaitOptions): Promise<SucceededTask<T>>;
}

export function submit<T extends TaskType>(
  api: Api,
  transport: Transport,
  type: T,
  input: InputOf<T>,
  submitOptions: SubmitOptions<T> | undefined,
): Submission<T> {
  const { idempotencyKey, signal, ...options }: Partial<SubmitOptions<T>> = submitOptions ?? {};
  const send = async (): Promise<TaskHandle<T>> => {
    const asked = await api.POST('/v1/tasks', {
      // What a reference stands for is checked when the work begins; the document's types know none.
      body: { type, input, ...options } as unknown as Schemas['NewTask'],
      params: { header: keyHeader(idempotencyKey) },
      signal,
    });
    const { id } = await answerOf(Promise.resolve(asked));
    const existing = asked.response.headers.get('existing-task') as 'idempotency-key' | 'unique' | null;
    return new TaskHandle<T>(api, transport, id, existing);
  };
  const handle = send();
  return Object.assign(handle, {
    wait: async (waiting: TaskWaitOptions = {}) => (await handle).wait(waiting),
  });
}

export const keyHeader = (key: string | undefined): { 'Idempotency-Key'?: string } =>
  key === undefined ? {} : { 'Idempotency-Key': `"${key}"` };
