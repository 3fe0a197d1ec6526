import type { BatchEvent } from '@offload/contracts/task';
import type { Callback } from '@offload/contracts/webhook-event';
import type { Move } from './move.js';
import { KEEP_MS } from './new-task.js';

/** A batch as it is stored. Inserting it is the commit of its tasks (design section 5, rule 6). */
export interface BatchRecord {
  /** UUIDv7. The clock's mark of a batch that it gives up has the same: who inserts first has decided. */
  _id: string;
  owner: string;
  /** In the order of the request. `ref`: the name by which the others of the batch named it. */
  tasks: { id: string; ref?: string }[];
  tags?: string[];
  /** Idempotency-Key of the POST, unique in its owner until `idempotencyUntil`; `bodyHash` tells another body. */
  idempotencyKey?: string;
  idempotencyUntil?: Date;
  bodyHash?: string;
  createdAt: Date;
  /** null until its last task has ended. */
  completedAt: Date | null;
  /** Who is told of its completion. */
  callback?: Callback;
  /** With a callback, from the start: comes into force by the completion, is carried out, then cleared. */
  effects?: 'webhook'[];
  /** When it is removed; set by the completion. */
  expireAt?: Date;
  /** Given up: nothing can commit it any more, and its tasks are removed. */
  aborted?: true;
}

export type CompletedBatch = BatchRecord & { completedAt: Date };

/** Longer than its tasks, so that no task names a batch that is gone. Milliseconds. */
export const KEEP_BATCH_MS = KEEP_MS + 3_600_000;
/** Its maker may take so long from the first task to the commit; then the clock gives it up. Milliseconds. */
export const COMMIT_WITHIN_MS = 5 * 60_000;
/** How long the mark of a batch that was given up stays: no writer of it lives as long. Milliseconds. */
export const KEEP_ABORTED_MS = 24 * 3_600_000;

/** What stands in the place of a batch that is given up; ended, so that no look at open batches finds it. */
export const abortedBatch = (id: string, now: Date): BatchRecord => ({
  _id: id,
  owner: '',
  tasks: [],
  createdAt: now,
  completedAt: now,
  expireAt: new Date(now.getTime() + KEEP_ABORTED_MS),
  aborted: true,
});

/** The last task has ended. Whose update matches tells of it: once. */
export const completeBatch = (p: { id: string; now: Date }): Move => ({
  guard: { _id: p.id, completedAt: null },
  update: { $set: { completedAt: p.now, expireAt: new Date(p.now.getTime() + KEEP_BATCH_MS) } },
});

/** What listeners are told of a batch that has just been completed. */
export const completedEvent = ({ _id: batch, owner, tasks, completedAt }: CompletedBatch): BatchEvent => ({
  batch,
  owner,
  state: 'completed',
  total: tasks.length,
  at: completedAt.toISOString(),
});
