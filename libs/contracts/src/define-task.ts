import { z } from 'zod';
import { lanes } from './task.js';

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
  /** Handlers that run at once in one worker process; a twentieth as many more of the bulk lane, at least one. */
  readonly concurrency: number;
  /** Messages that one worker process holds of the interactive lane; a twentieth of it, at least one, of the bulk lane. */
  readonly prefetch: number;
  /** Base name of the type's queues. A change of queue arguments needs a new name: `type.v2`. */
  readonly queue: string;
  /** Base names that the type's queues had before. The clock empties and removes them (docs/decisions/0035). */
  readonly formerQueues: readonly string[];
  /** Made by the system alone: clients see such tasks and cannot submit them. */
  readonly internal: boolean;
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
/** Last words that make a queue's name: `a.b.bulk` is the bulk queue of `a.b`, `a.b.v2` its second queue. */
const QUEUE_ENDING = new RegExp(`\\.(?:${lanes.join('|')}|v\\d+)$`);

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
  Partial<Pick<TaskContract, 'version' | 'prefetch' | 'queue' | 'formerQueues' | 'internal'>>;

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
    formerQueues: [],
    internal: false,
    ...definition,
  };
  const fail = (why: string): never => {
    throw new Error(`Task type ${contract.type}: ${why}`);
  };
  if (!TYPE.test(contract.type)) fail('a type is lower-case words joined by dots, e.g. image.resize');
  if (QUEUE_ENDING.test(contract.type))
    fail('the last word of a type is no lane and no vN: they end the names of queues');
  if (contract.type.startsWith('tasks.')) fail("'tasks' is the first word of the system's own queues");
  checkQueues(contract, fail);
  if (!Number.isInteger(contract.version) || contract.version < 1) fail('version is 1, 2, 3 …');
  if (!(contract.timeoutMs > 0)) fail('timeoutMs is more than 0');
  if (!(contract.backoff.baseMs > 0 && contract.backoff.baseMs <= contract.backoff.maxMs))
    fail('backoff.baseMs is more than 0 and at most maxMs');
  if (contract.maxAttempts < 1) fail('maxAttempts is at least 1');
  if (contract.concurrency < 1) fail('concurrency is at least 1');
  if (contract.prefetch < contract.concurrency) fail('prefetch is at least concurrency');
  if ((contract.prefetch * contract.timeoutMs) / contract.concurrency > LONGEST_HOLD_MS)
    fail('prefetch × timeoutMs ÷ concurrency must stay below 25 minutes (RabbitMQ consumer_timeout)');
  const example = contract.input.safeParse(contract.example);
  if (!example.success) fail(`the example is not a valid input: ${z.prettifyError(example.error)}`);
  return contract;
}

function checkQueues(
  { type, queue, formerQueues }: Pick<TaskContract, 'type' | 'queue' | 'formerQueues'>,
  fail: (why: string) => never,
): void {
  const version = (name: string): string | undefined =>
    name === type ? '' : name.startsWith(`${type}.`) ? name.slice(type.length + 1) : undefined;
  for (const name of [queue, ...formerQueues])
    if (!/^(v([2-9]|[1-9]\d+))?$/.test(version(name) ?? '-'))
      fail(`a queue is named like the type, or like ${type}.v2, .v3 …, not ${name}`);
  if (new Set([queue, ...formerQueues]).size <= formerQueues.length) fail('each queue name stands once');
}
