import type { Move } from './move.js';
import { LONGEST_HOLD_MS } from './task-record.js';

/**
 * The relay (or the API, for a first publication) holds a due task while it publishes it.
 * @param p.queue where the type's tasks go now; may have changed since the task was stored
 */
export function relayTake(p: {
  id: string;
  seq: number;
  holdMs: number;
  relay: string;
  queue?: string;
  now: Date;
}): Move {
  return {
    guard: { _id: p.id, state: 'scheduled', seq: p.seq, dueAt: { $lte: p.now } },
    update: {
      $set: {
        dueAt: new Date(p.now.getTime() + p.holdMs),
        holdMs: Math.min(p.holdMs * 2, LONGEST_HOLD_MS),
        relay: p.relay,
        ...(p.queue !== undefined && { queue: p.queue }),
      },
    },
  };
}

/**
 * The broker has not taken it (its queue is full, say), so nothing of this publication is on its way: the next one
 * need not wait for the end of the hold. Only the take that holds it may do so.
 */
export function relayRelease(p: {
  id: string;
  seq: number;
  holdMs: number;
  relay: string;
  dueAt: Date;
}): Move {
  return {
    guard: { _id: p.id, state: 'scheduled', seq: p.seq, relay: p.relay },
    update: { $set: { dueAt: p.dueAt, holdMs: p.holdMs }, $unset: { relay: '' } },
  };
}
