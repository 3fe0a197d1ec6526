import { createHash } from 'node:crypto';
import { tasksNamedBy } from '@offload/contracts/source';
import type { TaskContract } from '@offload/contracts/define-task';
import { queueName, type Lane, type TaskMessage } from '@offload/contracts/task';
import { v7 } from 'uuid';
import { FIRST_HOLD_MS, PUBLISH_GRACE_MS, runsAlone, type TaskRecord } from './task-record.js';

/** How long an ended task and its files are kept unless it asks otherwise. */
export const KEEP_MS = 7 * 24 * 3_600_000;

/** A new id: UUIDv7, sortable by time (RFC 9562, section 5.7). */
export const newId = (): string => v7();

/** Above every id of ours: an upper bound is always given, so that a fast host's tasks are not hidden. */
export const ABOVE_EVERY_ID = 'g';

/** The same id for the same words and time, whoever computes it: a hash takes the place of the random bits. */
export const derivedId = (msecs: number, words: string): string =>
  v7({ msecs, random: createHash('sha256').update(words).digest() });

export interface NewTaskOptions {
  owner: string;
  lane: Lane;
  /** The database's time. */
  now: Date;
  id?: string;
  /** Not before then; absent: now. */
  runAt?: Date;
  /** Tasks (or a batch) that it waits for, besides those that its input names. */
  after?: string[];
  /** At most the contract's. */
  timeoutMs?: number;
  maxAttempts?: number;
  /** What is stored as it is. */
  extra?: Partial<
    Pick<
      TaskRecord,
      | 'tags'
      | 'expiresAt'
      | 'idempotencyKey'
      | 'idempotencyUntil'
      | 'bodyHash'
      | 'uniqueKey'
      | 'batch'
      | 'schedule'
      | 'effects'
      | 'callback'
      | 'keepMs'
    >
  >;
}

/**
 * A task as it is first stored: scheduled, and due a little later than now, since its maker publishes it at once
 * itself and the relay only takes over what was not confirmed by then (one for later is the relay's alone). One
 * that waits for other tasks is blocked instead, until they have succeeded.
 * @param input parsed by the contract
 */
export function newTask(contract: TaskContract, input: unknown, options: NewTaskOptions): TaskRecord {
  const { owner, lane, now, runAt } = options;
  const waitsFor = [...new Set([...(options.after ?? []), ...tasksNamedBy(input)])];
  const blocked = waitsFor.length > 0;
  const dueAt = runAt ? distinct(runAt, now) : blocked ? undefined : graceFrom(now);
  return {
    _id: options.id ?? newId(),
    type: contract.type,
    version: contract.version,
    lane,
    queue: queueName(contract.queue, lane),
    owner,
    input,
    state: blocked ? 'blocked' : 'scheduled',
    seq: 0,
    attempt: 0,
    attemptLimit: options.maxAttempts ?? contract.maxAttempts,
    timeoutMs: options.timeoutMs ?? contract.timeoutMs,
    crashes: 0,
    handBacks: 0,
    brokerDeaths: 0,
    ...(dueAt && { dueAt }),
    holdMs: FIRST_HOLD_MS,
    waitsFor,
    createdAt: now,
    changedAt: now,
    keepMs: KEEP_MS,
    ...(options.extra?.callback && { effects: ['webhook'] }),
    ...options.extra,
  };
}

const graceFrom = (now: Date): Date => new Date(now.getTime() + PUBLISH_GRACE_MS);

/** A time that was asked for is never taken for the grace of one that is due now: it is then a millisecond later. */
const distinct = (runAt: Date, now: Date): Date =>
  runAt.getTime() === graceFrom(now).getTime() ? new Date(runAt.getTime() + 1) : runAt;

/** Whether its maker publishes a new task itself, at once: it is due, or was given the grace. */
export const isDueNow = ({ state, dueAt, createdAt }: TaskRecord): boolean =>
  state === 'scheduled' &&
  dueAt !== undefined &&
  (dueAt <= createdAt || dueAt.getTime() === graceFrom(createdAt).getTime());

/** The message that publishes a task now. */
export function messageOf(task: TaskRecord): TaskMessage {
  const { _id, type, lane, queue, version, owner, seq, input } = task;
  const alone = runsAlone({ ...task, attempt: task.attempt + 1 });
  return { task: _id, type, lane, queue, version, owner, seq, alone, input };
}
