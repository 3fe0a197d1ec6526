import type { System } from './explore.js';
import type { Tally } from './promises.js';
import type { Table, World } from './world.js';

/** How often each fault or event may happen in a scenario; what is not named never does. */
export interface Bounds {
  /** A worker process dies. */
  crash?: number;
  /** A worker's channel is lost while the worker goes on. */
  channelLoss?: number;
  /** A worker stops (SIGSTOP) until it is continued, if ever. */
  freeze?: number;
  /** A move of a worker (or a confirm) is sent and its reply is lost; it may be carried out later, or never. */
  replyLoss?: number;
  /** An API or relay process dies with a publication in hand. */
  publisherCrash?: number;
  /** A clock stops until it is continued, if ever. */
  clockFreeze?: number;
  /** The broker refuses or returns a publication. */
  refusal?: number;
  /** A hold passes though the publication is still on its way. */
  slowPublication?: number;
  duplicate?: number;
  /** The queue is deleted with all its messages. */
  queueLoss?: number;
  /** The message sweep takes a message for lost that is not. */
  falseLoss?: number;
  /** The broker gives up on a message that came back to it. */
  brokerDeath?: number;
  /** The clock dies between settling a dead letter and acking it. */
  inboxCrash?: number;
  cancel?: number;
  /** The time by which the task must have begun passes. */
  deadline?: number;
  requeue?: number;
  retry?: number;
  failure?: number;
  snooze?: number;
  handBack?: number;
  /** A worker is too old for the message. */
  tooNew?: number;
}

/** What a system is made of. */
export interface Rules {
  table: Table;
  tally: Tally;
  bounds: Bounds;
  attemptLimit: number;
  workers: number;
  clocks: number;
  /** What happens to every attempt: it can end, or it takes its worker with it, or the message alone does that. */
  handler: 'sound' | 'poison' | 'poison message';
  /** Parts of the design that are left out, to show that they are needed. */
  without: ('lease sweep' | 'message sweep' | 'relay' | 'reading back' | 'remembering tokens')[];
}

/** One part of the system: gives the steps that it may make in `world`. */
export type Part = (rules: Rules, world: World, emit: Parameters<System<World>['steps']>[1]) => void;

/** Uses up one of what is left of a fault; undefined when there is none. */
export function spend(world: World, fault: keyof Bounds): World | undefined {
  const left = world.left[fault] ?? 0;
  return left > 0 ? { ...world, left: { ...world.left, [fault]: left - 1 } } : undefined;
}
