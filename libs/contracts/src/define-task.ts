import { z } from 'zod';

/** How long to wait before attempt n + 1: full jitter over min(maxMs, baseMs × 2^(n − 1)). */
export interface Backoff {
  baseMs: number;
  maxMs: number;
}

/**
 * All that the system knows of a task type, said once: the API's validation and documents, the queue, the
 * worker's checks, deadline and attempts, the docs and the end-to-end tests are made from it.
 */
export interface TaskContract<
  Type extends string = string,
  Input extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
> {
  /** Routing key and queue name, e.g. `image.resize`. */
  readonly type: Type;
  /** Goes up when an old worker could not do a new message's work; see {@link TaskContract.queue}. */
  readonly version: number;
  /** One sentence for people, used by the documents. */
  readonly summary: string;
  readonly input: Input;
  readonly result: Result;
  /** Time limit of one attempt in milliseconds. */
  readonly timeoutMs: number;
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  /** Handlers that run at once in one worker process and lane. */
  readonly concurrency: number;
  /** Messages that one worker process holds per lane; at least `concurrency`. */
  readonly prefetch: number;
  /** Base name of the type's queues. A change of queue arguments needs a new name: `type.v2`. */
  readonly queue: string;
  /** A real input: shown in the documents, run by the e2e tests and the demo. */
  readonly example: z.input<Input>;
}

export type Input<C extends TaskContract> = z.output<C['input']>;
export type Result<C extends TaskContract> = z.output<C['result']>;

/**
 * RabbitMQ's consumer_timeout (30 minutes by default) counts from delivery, so a message at the end of the
 * prefetch must be begun and done before it: prefetch × timeoutMs ÷ concurrency stays below 25 minutes.
 * Source: RabbitMQ guide "Consumers", delivery acknowledgement timeout.
 */
const LONGEST_HOLD_MS = 25 * 60_000;

const TYPE = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)+$/;

type Definition<Type extends string, I extends z.ZodType, R extends z.ZodType> = Pick<
  TaskContract<Type, I, R>,
  | 'type'
  | 'summary'
  | 'input'
  | 'result'
  | 'timeoutMs'
  | 'maxAttempts'
  | 'backoff'
  | 'concurrency'
  | 'example'
> &
  Partial<Pick<TaskContract, 'version' | 'prefetch' | 'queue'>>;

/**
 * Declares a task type. Throws a plain Error when the numbers contradict each other or the example does not
 * fit the input, so that a wrong contract stops the first process that imports it.
 */
export function defineTask<Type extends string, I extends z.ZodType, R extends z.ZodType>(
  definition: Definition<Type, I, R>,
): TaskContract<Type, I, R> {
  const contract = {
    version: 1,
    prefetch: definition.concurrency,
    queue: definition.type,
    ...definition,
  };
  const fail = (why: string): never => {
    throw new Error(`Task type ${contract.type}: ${why}`);
  };
  if (!TYPE.test(contract.type)) fail('a type is lower-case words joined by dots, e.g. image.resize');
  if (contract.maxAttempts < 1) fail('maxAttempts is at least 1');
  if (contract.concurrency < 1) fail('concurrency is at least 1');
  if (contract.prefetch < contract.concurrency) fail('prefetch is at least concurrency');
  if ((contract.prefetch * contract.timeoutMs) / contract.concurrency > LONGEST_HOLD_MS)
    fail('prefetch × timeoutMs ÷ concurrency must stay below 25 minutes (RabbitMQ consumer_timeout)');
  const example = contract.input.safeParse(contract.example);
  if (!example.success) fail(`the example is not a valid input: ${z.prettifyError(example.error)}`);
  return contract;
}
