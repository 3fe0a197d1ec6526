import type { Progress, TaskFailure, TaskState } from '@offload/contracts/task';
import {
  OPEN,
  WAITING,
  ENDED,
  noted,
  afterPublication,
  scheduled,
  ended,
  withoutLease,
  inTime,
  leased,
  failure,
  failed,
  edited,
  untilEnded,
  told,
  notedAgain,
  type Failure,
  type Move,
  type Requeue,
} from './move.js';

/**
 * The guard table (design section 5) as data: every move of a task is ONE conditional update of ONE document.
 * Pure: tasks.ts applies it to the database, and the interleaving test applies the same objects to a model.
 */

export { failDependent, parentsDone, release, releaseAtOnce } from './dependent-moves.js';
export { relayRelease, relayTake } from './relay-moves.js';

/** The broker acked the message AND did not return it. May lag behind a claim: then it matches nothing. */
export function confirmed(p: { id: string; seq: number; now: Date }): Move {
  return {
    guard: { _id: p.id, state: 'scheduled', seq: p.seq },
    update: {
      $set: { state: 'queued', queuedAt: p.now, changedAt: p.now },
      $unset: { dueAt: '', relay: '' },
    },
  };
}

/** A worker begins an attempt with a message's seq. */
export function claim(p: { id: string; seq: number; token: string; worker: string; now: Date }): Move {
  return {
    guard: { _id: p.id, state: { $in: WAITING }, seq: p.seq, ...inTime(p.now) },
    update: {
      $set: { state: 'running', ...leased(p) },
      $inc: { attempt: 1 },
      $unset: { dueAt: '', relay: '', progress: '' },
      ...noted('claim', p.now, { worker: p.worker }),
    },
  };
}

/** What a taker or sweeper read of a holder whose beat then stood still. */
export interface Holder {
  id: string;
  seq: number;
  token: string;
  beat: number;
}

const stillHeld = (holder: Holder) => ({
  _id: holder.id,
  state: 'running',
  seq: holder.seq,
  'lease.token': holder.token,
  'lease.beat': holder.beat,
});

/** A redelivered message's new worker takes the attempt of one whose beat stood still. */
export function takeOver(holder: Holder, p: { token: string; worker: string; now: Date }): Move {
  return {
    guard: stillHeld(holder),
    update: {
      $set: leased(p),
      $inc: { attempt: 1, crashes: 1 },
      $unset: { progress: '' },
      ...noted('take-over', p.now, { worker: p.worker, code: 'worker-crashed' }),
    },
  };
}

/** The clock's backstop: a lease whose beat stood still goes back to scheduled. */
export function sweepLease(holder: Holder, p: { error: TaskFailure; now: Date }): Move {
  return {
    guard: stillHeld(holder),
    update: {
      $set: { ...scheduled(p.now, p.now), error: p.error },
      $inc: { seq: 1, crashes: 1 },
      $unset: { ...afterPublication, lease: '' },
      ...noted('lease-sweep', p.now, { code: p.error.code }),
    },
  };
}

/** Take over or sweep of a task that has no attempt left. */
export function failCrashed(holder: Holder, p: { error: TaskFailure; keepMs: number; now: Date }): Move {
  return {
    guard: stillHeld(holder),
    update: {
      $set: { state: 'failed', error: p.error, ...ended(p.now, p.keepMs) },
      $inc: { crashes: 1 },
      $unset: withoutLease,
      ...noted('fail', p.now, { code: p.error.code }),
    },
  };
}

const held = (id: string, token: string) => ({ _id: id, state: 'running', 'lease.token': token });

/** A sign of life of the holder. */
export function beat(p: { id: string; token: string }): Move {
  return { guard: held(p.id, p.token), update: { $inc: { 'lease.beat': 1 } } };
}

/** What the holder last reported; changes nothing that a guard reads. */
export function progress(p: { id: string; token: string; progress: Progress; now: Date }): Move {
  return {
    guard: held(p.id, p.token),
    update: { $set: { progress: p.progress, changedAt: p.now } },
  };
}

export function finish(p: { id: string; token: string; result: unknown; keepMs: number; now: Date }): Move {
  return {
    guard: held(p.id, p.token),
    update: {
      $set: { state: 'succeeded', result: p.result, ...ended(p.now, p.keepMs, p.token) },
      $unset: { ...withoutLease, error: '', stack: '' },
      ...noted('finish', p.now),
    },
  };
}

export function fail(p: Failure & { token: string; stack?: string }): Move {
  return {
    guard: held(p.id, p.token),
    update: {
      $set: { state: 'failed', ...failure(p), ...ended(p.now, p.keepMs, p.token) },
      $unset: withoutLease,
      ...noted('fail', p.now, { code: p.error.code }),
    },
  };
}

/** The holder gives it up, to run again: `retry` counts the attempt, `snooze` and `hand-back` do not. */
export function giveBack(p: {
  id: string;
  token: string;
  kind: 'retry' | 'snooze' | 'hand-back';
  /** Hand-backs only: whether this one counts the attempt (past HAND_BACKS_UNCOUNTED of them). */
  counted?: boolean;
  error?: TaskFailure;
  stack?: string;
  dueAt: Date;
  now: Date;
}): Move {
  const uncounted = p.kind !== 'retry' && !p.counted;
  return {
    guard: held(p.id, p.token),
    update: {
      $set: {
        ...scheduled(p.now, p.dueAt),
        lastToken: p.token,
        ...failure(p),
      },
      $inc: {
        seq: 1,
        ...(uncounted ? { attempt: -1 } : {}),
        ...(p.kind === 'hand-back' ? { handBacks: 1 } : {}),
      },
      $unset: { ...afterPublication, lease: '' },
      ...noted(p.kind, p.now, p.error && { code: p.error.code }),
    },
  };
}

/**
 * A waiting task goes back to scheduled without an attempt: its message is too new here, the broker gave up, or
 * (without an error) its queue has another name now.
 */
export function putOff(
  p: Omit<Failure, 'keepMs' | 'error'> &
    Partial<Failure> & { seq: number; dueAt: Date; brokerDeath: boolean },
): Move {
  return {
    guard: { _id: p.id, state: { $in: WAITING }, seq: p.seq },
    update: {
      $set: { ...scheduled(p.now, p.dueAt), ...failure(p) },
      $inc: { seq: 1, ...(p.brokerDeath ? { brokerDeaths: 1 } : {}) },
      $unset: afterPublication,
      ...noted('put-off', p.now, p.error && { code: p.error.code }),
    },
  };
}

/** A waiting task ends without an attempt: the broker gave up on it too often. */
export function failWaiting(p: Failure & { seq: number }): Move {
  return { guard: { _id: p.id, state: { $in: WAITING }, seq: p.seq }, update: failed(p) };
}

/** A task that was not begun by its `expiresAt`. */
export function expire(p: Failure): Move {
  return {
    guard: { _id: p.id, state: { $in: ['blocked', ...WAITING] }, expiresAt: { $lte: p.now } },
    update: failed(p),
  };
}

/** Message sweep: a queued task whose message seems gone is published again, with the same seq (rule 7). */
export function requeueLost(p: { id: string; seq: number; queuedAt: Date; queue?: string; now: Date }): Move {
  return {
    guard: { _id: p.id, state: 'queued', seq: p.seq, queuedAt: p.queuedAt },
    update: {
      $set: { queuedAt: p.now, ...(p.queue !== undefined && { queue: p.queue }) },
      ...noted('publish-again', p.now),
    },
  };
}

export function cancel(p: { id: string; keepMs: number; now: Date }): Move {
  return {
    guard: { _id: p.id, state: { $in: OPEN } },
    update: {
      $set: { state: 'cancelled', ...ended(p.now, p.keepMs) },
      $unset: withoutLease,
      ...noted('cancel', p.now),
    },
  };
}

/** An operator has it run again, with so many attempts more. One that waits for others: see requeueBlocked. */
export function requeue(p: Requeue): Move {
  return {
    guard: { _id: p.id, state: { $in: ENDED }, waitsFor: { $size: 0 }, ...told },
    update: {
      $set: { ...scheduled(p.now, p.now), handBacks: 0, brokerDeaths: 0, ...edited(p) },
      $inc: { seq: 1, attemptLimit: p.attempts },
      $unset: { ...afterPublication, ...untilEnded },
      ...notedAgain(p),
    },
  };
}

/**
 * The same for a task that ended while it still waited for `parent` (cancelled, or its dependency failed): it waits
 * again, and is to be settled against its parents anew. Its seq goes up though it was never published: with the state it
 * names an end (webhook-events.ts).
 */
export function requeueBlocked(p: Requeue & { parent: string }): Move {
  return {
    guard: { _id: p.id, state: { $in: ENDED }, waitsFor: p.parent, ...told },
    update: {
      $set: { state: 'blocked', changedAt: p.now, ...edited(p) },
      $inc: { seq: 1, attemptLimit: p.attempts },
      $unset: untilEnded,
      ...notedAgain(p),
    },
  };
}

/** What the end of this seq set off is carried out. Does nothing when it has run again: its next end is another one. */
export function clearEffects(p: { id: string; state: TaskState; seq: number }): Move {
  return { guard: { _id: p.id, state: p.state, seq: p.seq }, update: { $unset: { effects: '' } } };
}
