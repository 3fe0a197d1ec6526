import type { TaskFailure, TaskState } from '@offload/contracts/task';
import { FIRST_HOLD_MS, HISTORY_KEPT, type Effect, type HistoryEntry } from './task-record.js';

/** A move: the guard that must match and the update that is applied when it does (both in MongoDB's terms). */
export interface Move {
  guard: Record<string, unknown>;
  update: {
    $set?: Record<string, unknown>;
    $unset?: Record<string, ''>;
    $inc?: Record<string, number>;
    $pullAll?: Record<string, string[]>;
    $max?: Record<string, Date>;
    $push?: { history: { $each: HistoryEntry[]; $slice: number }; effects?: Effect };
  };
}

/** What a task fails of; `keepMs` is how long it is kept afterwards, in milliseconds. */
export interface Failure {
  id: string;
  error: TaskFailure;
  keepMs: number;
  now: Date;
}

export const OPEN: TaskState[] = ['blocked', 'scheduled', 'queued', 'running'];
export const WAITING: TaskState[] = ['scheduled', 'queued'];
export const ENDED: TaskState[] = ['failed', 'cancelled'];

/** The entry of a move in the task's history. */
export const noted = (move: string, at: Date, more: { worker?: string; code?: string } = {}) => ({
  $push: { history: { $each: [{ move, at, ...more }], $slice: -HISTORY_KEPT } },
});

/** What a move back to scheduled leaves behind: nothing that belonged to the publication before. */
export const afterPublication = { queuedAt: '', relay: '' } as const;

export const scheduled = (now: Date, dueAt: Date) => ({
  state: 'scheduled',
  dueAt,
  holdMs: FIRST_HOLD_MS,
  changedAt: now,
});

export const ended = (now: Date, keepMs: number, token?: string) => ({
  endedAt: now,
  changedAt: now,
  expireAt: new Date(now.getTime() + keepMs),
  ...(token === undefined ? {} : { lastToken: token }),
});

export const withoutLease = { lease: '', dueAt: '', queuedAt: '', relay: '', uniqueKey: '' } as const;

/** Not past its time; a task without one never is. */
export const inTime = (now: Date) => ({ expiresAt: { $not: { $lte: now } } });

export const leased = (p: { token: string; worker: string; now: Date }) => ({
  lease: { token: p.token, worker: p.worker, beat: 0 },
  startedAt: p.now,
  changedAt: p.now,
});

export const failure = (p: { error?: TaskFailure; stack?: string }) => ({
  ...(p.error && { error: p.error }),
  ...(p.stack !== undefined && { stack: p.stack }),
});

/** The end of a task that no worker holds. */
export const failed = (p: Failure): Move['update'] => ({
  $set: { state: 'failed', error: p.error, ...ended(p.now, p.keepMs) },
  $unset: withoutLease,
  ...noted('fail', p.now, { code: p.error.code }),
});

export interface Requeue {
  id: string;
  attempts: number;
  /** Replaces the input, and with it the contract's version that it was checked by. */
  input?: unknown;
  version?: number;
  /** requeueBlocked with an edited input: those that it waits for now. */
  waitsFor?: string[];
  /** It has a callback, which is told of its next end, too. */
  webhook?: boolean;
  now: Date;
}

/** What its last end has to tell is carried out first: the next end is another event. */
export const told = { effects: { $ne: 'webhook' } } as const;

/** The move's entry in the history, and what the next end sets off. */
export const notedAgain = ({ now, webhook }: Requeue) => {
  const { $push } = noted('requeue', now);
  return { $push: { ...$push, ...(webhook && { effects: 'webhook' as const }) } };
};

export const edited = ({ input, version, waitsFor }: Requeue) => ({
  ...(input !== undefined && { input }),
  ...(version !== undefined && { version }),
  ...(waitsFor && { waitsFor }),
});

/** What an end left behind; a time by which it should have begun has done its work. */
export const untilEnded = { expireAt: '', endedAt: '', expiresAt: '' } as const;
