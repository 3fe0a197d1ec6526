import { tasksNamedBy } from '@offload/contracts/source';
import type { TaskContract } from '@offload/contracts/define-task';
import { queueName, type Lane, type TaskMessage } from '@offload/contracts/task';
import { v7 } from 'uuid';
import { FIRST_HOLD_MS, PUBLISH_GRACE_MS, type TaskRecord } from './task-record.js';

/** How long an ended task and its files are kept unless it asks otherwise. */
export const KEEP_MS = 7 * 24 * 3_600_000;

/** A new id: UUIDv7, sortable by time (RFC 9562, section 5.7). */
export const newId = (): string => v7();

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
  const dueAt = runAt ?? (blocked ? undefined : new Date(now.getTime() + PUBLISH_GRACE_MS));
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
    ...options.extra,
  };
}

/** Whether its maker publishes it itself, at once. */
export const isDueNow = (task: TaskRecord): boolean =>
  task.state === 'scheduled' &&
  task.dueAt !== undefined &&
  task.dueAt.getTime() <= task.createdAt.getTime() + PUBLISH_GRACE_MS;

/** The message that publishes a task now. */
export function messageOf(task: TaskRecord): TaskMessage {
  const { _id, type, lane, queue, version, owner, seq, input } = task;
  return { task: _id, type, lane, queue, version, owner, seq, input };
}
