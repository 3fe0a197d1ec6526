import { failed, noted, type Failure, type Move } from './move.js';
import { FIRST_HOLD_MS } from './task-record.js';

/** Parents have succeeded, or the batch is committed. */
export function parentsDone(p: { id: string; parents: string[] }): Move {
  return {
    guard: { _id: p.id, state: 'blocked', waitsFor: { $in: p.parents } },
    update: { $pullAll: { waitsFor: p.parents } },
  };
}

const released = ({ now, dueAt }: { now: Date; dueAt?: Date | undefined }) => ({
  $set: { state: 'scheduled', holdMs: FIRST_HOLD_MS, changedAt: now },
  // One that was asked for later keeps its time.
  $max: { dueAt: dueAt ?? now },
  ...noted('release', now),
});

/** Nothing is left that it waits for. `dueAt`: when the relay publishes it; absent: now. */
export function release(p: { id: string; now: Date; dueAt?: Date }): Move {
  return {
    guard: { _id: p.id, state: 'blocked', waitsFor: { $size: 0 } },
    update: released(p),
  };
}

/**
 * Both in one update, for a task whose parents, all that were read of it and in that order, have succeeded. Does nothing
 * when another process has taken out some of them meanwhile: then the two moves have to follow.
 */
export function releaseAtOnce(p: { id: string; parents: string[]; now: Date; dueAt?: Date }): Move {
  const { $set, ...others } = released(p);
  return {
    guard: { _id: p.id, state: 'blocked', waitsFor: p.parents },
    update: { $set: { ...$set, waitsFor: [] }, ...others },
  };
}

/** A parent is gone or ended badly. */
export function failDependent(p: Failure & { parent: string }): Move {
  return {
    guard: { _id: p.id, state: 'blocked', waitsFor: p.parent },
    update: failed(p),
  };
}
