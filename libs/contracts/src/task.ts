import { z } from 'zod';

/** Design section 5. The order is the order of life. */
export const taskStates = [
  'blocked',
  'scheduled',
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export const taskState = z.enum(taskStates).meta({ id: 'TaskState' });
export type TaskState = z.output<typeof taskState>;

export const terminalStates = ['succeeded', 'failed', 'cancelled'] as const satisfies TaskState[];
export const isTerminal = (state: TaskState): boolean =>
  (terminalStates as readonly TaskState[]).includes(state);

export const lanes = ['interactive', 'bulk'] as const;
export const lane = z.enum(lanes).meta({ id: 'Lane' });
export type Lane = z.output<typeof lane>;

/** The queue of a type and lane: `feed.fetch`, `feed.fetch.bulk`. It is the routing key, too. */
export const queueName = (base: string, of: Lane): string => (of === 'interactive' ? base : `${base}.${of}`);

/** The lane of a queue, by the name that {@link queueName} gave it. */
export const laneOf = (queue: string): Lane =>
  lanes.find(
    (each) => each !== 'interactive' && queue === queueName(queue.slice(0, -each.length - 1), each),
  ) ?? 'interactive';

/** The body of every task message; what identifies it is in the properties (see libs/broker/src/message.ts). */
export interface TaskMessage {
  /** The task's id: `correlationId`. */
  task: string;
  type: string;
  lane: Lane;
  queue: string;
  version: number;
  owner: string;
  /** Names this publication: `x-seq`. */
  seq: number;
  /** Its worker runs nothing else meanwhile: `x-alone`. */
  alone: boolean;
  input: unknown;
}

/** A hint that a task changed; whoever needs the truth reads the document. */
export interface TaskEvent {
  task: string;
  type: string;
  owner: string;
  state: TaskState;
  attempt: number;
  at: string;
  progress?: Progress;
}

/** A hint that the last task of a batch has ended; the batch's document has the truth. Told once, or not at all. */
export interface BatchEvent {
  batch: string;
  owner: string;
  state: 'completed';
  total: number;
  at: string;
}

export const progress = z
  .strictObject({ done: z.number(), total: z.number().nullable(), note: z.string().nullable() })
  .meta({ id: 'Progress' });
export type Progress = z.output<typeof progress>;

/** Why a task failed, or its last attempt did. `code` is stable; `message` is for people. */
export const taskFailure = z
  .strictObject({ code: z.string(), message: z.string() })
  .meta({ id: 'TaskFailure' });
export type TaskFailure = z.output<typeof taskFailure>;

/** Payload limits in bytes of JSON (design section 8; a larger result belongs in a file). */
export const LIMITS = { input: 64 * 1024, result: 1024 * 1024 } as const;
