import type { Callback } from '@offload/contracts/webhook-event';
import type { Lane, Progress, TaskFailure, TaskState } from '@offload/contracts/task';

/**
 * A task as it is stored. Three fields with one job each: `attempt` counts, nothing else. `seq` names a
 * publication, goes up with every move back to scheduled and is never reset. `lease.token`, random per delivery,
 * fences the holder.
 */
export interface TaskRecord {
  /** UUIDv7: sortable by time. */
  _id: string;
  type: string;
  version: number;
  lane: Lane;
  queue: string;
  owner: string;
  input: unknown;
  state: TaskState;
  seq: number;
  attempt: number;
  attemptLimit: number;
  /** Attempts that ended with their worker: see runsAlone. */
  crashes: number;
  /** Hand-backs at shutdown; past HAND_BACKS_UNCOUNTED they count as attempts. */
  handBacks: number;
  /** How often the broker gave up on its message. */
  brokerDeaths: number;
  /** When it is to be published; present while scheduled. */
  dueAt?: Date;
  /** How long the next relay take holds it, in milliseconds. */
  holdMs: number;
  /** The take that holds it, so that a group can read back what it took. */
  relay?: string;
  queuedAt?: Date;
  lease?: { token: string; worker: string; beat: number };
  /** Token of the lease that ended last: recognises a move whose reply was lost; names the result's files. */
  lastToken?: string;
  progress?: Progress;
  result?: unknown;
  /** Of the last attempt; the reason when the task failed. */
  error?: TaskFailure;
  /** Stack of that error, for operators; at most STACK_CHARS. */
  stack?: string;
  /** The last HISTORY_KEPT moves, oldest first. */
  history?: HistoryEntry[];
  /** Parents whose results it waits for. */
  waitsFor: string[];
  /** The batch that it is part of; blocked on it until that is committed, then one of those it waits for. */
  batch?: string;
  /** The schedule and the tick that made it. */
  schedule?: { id: string; tick: Date };
  /**
   * What has to be done once the task has ended. Registered before the end (by whoever waits for it, or by its maker),
   * so the end itself sets them into force by being terminal; carried out idempotently, then cleared.
   */
  effects?: Effect[];
  /** Who is told of its end: the effect `webhook`. */
  callback?: Callback;
  tags?: string[];
  /** Not begun by then, it fails as `expired`. */
  expiresAt?: Date;
  /** Limit of one attempt, at most the contract's; milliseconds. */
  timeoutMs: number;
  /** Idempotency-Key of the POST, unique in its owner until `idempotencyUntil`; `bodyHash` tells another body. */
  idempotencyKey?: string;
  idempotencyUntil?: Date;
  bodyHash?: string;
  /** At most one unfinished task of a type and owner has this key; unset by the end. */
  uniqueKey?: string;
  createdAt: Date;
  changedAt: Date;
  startedAt?: Date;
  endedAt?: Date;
  /** How long the ended task is kept, in milliseconds. */
  keepMs: number;
  expireAt?: Date;
}

export type Effect = 'release' | 'webhook';

/** One move of a task, as operators see it. */
export interface HistoryEntry {
  move: string;
  at: Date;
  worker?: string;
  /** Of the error that caused it. */
  code?: string;
}

export const HISTORY_KEPT = 50;
export const STACK_CHARS = 4_000;

export const EXPIRED: TaskFailure = { code: 'expired', message: 'It was not begun by its expiresAt.' };

/**
 * Whether an attempt must not share its worker (rule 10): one whose task has ended its worker twice, or once with no
 * attempt to spare. So innocents that ran beside a poison task do not lose their last attempt to it, and a worker that
 * was killed for other reasons does not make all its tasks queue up one behind the other (docs/decisions/0008).
 * @param task.attempt the attempt that is to run
 */
export const runsAlone = (task: Pick<TaskRecord, 'crashes' | 'attempt' | 'attemptLimit'>): boolean =>
  task.crashes > 1 || (task.crashes > 0 && task.attempt >= task.attemptLimit);

export const HAND_BACKS_UNCOUNTED = 10;
export const BROKER_DEATHS_ALLOWED = 2;
export const FIRST_HOLD_MS = 10_000;
/** The API publishes at once; the relay takes over what was not confirmed by then. */
export const PUBLISH_GRACE_MS = 5_000;
export const LONGEST_HOLD_MS = 10 * 60_000;
