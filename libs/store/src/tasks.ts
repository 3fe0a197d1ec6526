import { randomUUID } from 'node:crypto';
import { isTerminal, type Progress, type TaskMessage } from '@offload/contracts/task';
import { answered } from './answered.js';
import { applyMove, applyMoves } from './apply-moves.js';
import { type StoreConnection } from './connect.js';
import { StoreUnavailable } from './store-unavailable.js';
import { createGroup } from './group.js';
import { insertTasks, writeErrorsOf, type Created } from './insert-tasks.js';
import type { Move } from './move.js';
import * as moves from './moves.js';
import { isRefusal, isStoreAway } from './store-failure.js';
import type { StatsCounter } from './stats-counter.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';

/** Most tasks in one group write; at about 0.1 ms each a group stays below the time of a person's blink. */
const GROUP = 500;

export type Claim =
  | { kind: 'claimed'; task: TaskRecord; token: string }
  /** The guard did not match; the document says why. null: there is no such task. */
  | { kind: 'refused'; task: TaskRecord | null };

/** A move of the holder's own. `lost`: the lease was not ours any more; nothing was changed. */
export type HolderOutcome = 'applied' | 'lost';

/**
 * Tokens under which a claim may have been applied though the call failed: a claim is read back by its token even
 * after an error (rule 1).
 */
export type Doubts = Set<string>;

/** The lease that fences its holder. */
export interface Lease {
  id: string;
  token: string;
}

export interface LostLease extends Lease {
  /** The task was cancelled; else it is someone else's now, or has ended otherwise. */
  cancelled: boolean;
}

/**
 * The way of a task through the store, for API and workers. Every method rejects with the driver's error when the
 * database is away; calling it again with the same arguments is then safe.
 */
export interface TaskStore {
  /**
   * Inserts a new task, unless another one has its Idempotency-Key or its unique key; concurrent calls share a write.
   * Called again with the same task after a lost reply it answers `created`.
   */
  create(task: TaskRecord): Promise<Created>;
  /** The broker confirmed the publication. Nothing happens when the task has moved on. */
  confirmed(message: Pick<TaskMessage, 'task' | 'seq'>): Promise<void>;
  /** @param doubts the tokens of this delivery's calls so far; give the same set when calling again after an error */
  claim(message: Pick<TaskMessage, 'task' | 'seq'>, worker: string, doubts: Doubts): Promise<Claim>;
  /** Takes the attempt of a holder whose beat stood still. */
  takeOver(holder: moves.Holder, worker: string, doubts: Doubts): Promise<Claim>;
  /** Raises the beats of all leases in one update and writes their progress. Answers the ones that were lost. */
  beat(leases: (Lease & { progress?: Progress })[]): Promise<LostLease[]>;
  /** Applies finish, fail or giveBack and recognises one that was applied though its reply was lost (rule 1). */
  settle(move: Move, lease: Lease): Promise<HolderOutcome>;
  /** Applies a move that needs no lease; false when its guard did not match. */
  apply(move: Move): Promise<boolean>;
  get(id: string): Promise<TaskRecord | null>;
  /** The database's time. */
  now(): Date;
}

/** @param stats counts what is accepted and what is begun; what becomes of it, whoever settles it knows */
export function createTaskStore(
  connection: StoreConnection,
  stats: Pick<StatsCounter, 'accepted' | 'started' | 'retried'>,
): TaskStore {
  const model = taskModel(connection.mongo);
  const { collection } = model;
  const now = () => connection.clock.now();
  const find = async (ids: string[]): Promise<Map<string, TaskRecord>> => {
    const found = await answered(collection.find({ _id: { $in: ids } } as never).toArray());
    return new Map((found as unknown as TaskRecord[]).map((task) => [task._id, task]));
  };

  const creates = createGroup<TaskRecord, Created | StoreUnavailable>(
    (tasks) => insertTasks(connection, tasks),
    { most: GROUP, alone: (error) => isRefusal(error) || writeErrorsOf(error).length > 0 },
  );

  const confirms = createGroup<Pick<TaskMessage, 'task' | 'seq'>, void>(
    async (messages) => {
      const at = now();
      await applyMoves(
        collection,
        messages.map((message) => moves.confirmed({ id: message.task, seq: message.seq, now: at })),
      );
      return messages.map(() => undefined);
    },
    { most: GROUP },
  );

  const claimed = (task: TaskRecord | null, doubts: Doubts): Claim => {
    const token = task?.lease?.token;
    return task && token !== undefined && doubts.has(token)
      ? { kind: 'claimed', task, token }
      : { kind: 'refused', task };
  };

  const begun = (claim: Claim): Claim => {
    if (claim.kind === 'claimed') stats.started(claim.task);
    return claim;
  };

  type ClaimItem = { task: string; seq: number; worker: string; doubts: Doubts };
  const claims = createGroup<ClaimItem, Claim>(
    async (items) => {
      // One token for the group: no task is twice in a group, so it still names one delivery of each.
      const token = randomUUID();
      const at = now();
      for (const { doubts } of items) doubts.add(token);
      await applyMoves(
        collection,
        items.map(({ task, seq, worker }) => moves.claim({ id: task, seq, token, worker, now: at })),
      );
      const found = await find(items.map((item) => item.task));
      return items.map(({ task, doubts }) => begun(claimed(found.get(task) ?? null, doubts)));
    },
    { most: GROUP, key: (item) => item.task },
  );

  const settles = createGroup<{ move: Move; lease: Lease }, HolderOutcome>(
    async (items) => {
      const matched = await applyMoves(
        collection,
        items.map((item) => item.move),
      );
      if (matched === items.length) return items.map(() => 'applied');
      const found = await find(items.map((item) => item.lease.id));
      return items.map(({ lease }) => (found.get(lease.id)?.lastToken === lease.token ? 'applied' : 'lost'));
    },
    { most: GROUP, key: (item) => item.lease.id, alone: (error) => !isStoreAway(error) },
  );

  return {
    async create(task) {
      const created = await creates.add(task);
      if (created instanceof StoreUnavailable) throw created;
      if (created.kind === 'created' && !created.before) stats.accepted(task);
      return created;
    },
    confirmed: (message) => confirms.add(message),
    claim: ({ task, seq }, worker, doubts) => claims.add({ task, seq, worker, doubts }),
    async takeOver(holder, worker, doubts) {
      const token = randomUUID();
      doubts.add(token);
      await applyMove(collection, moves.takeOver(holder, { token, worker, now: now() }));
      const claim = begun(claimed((await find([holder.id])).get(holder.id) ?? null, doubts));
      if (claim.kind === 'claimed') stats.retried(claim.task);
      return claim;
    },
    async beat(leases) {
      const withProgress = leases.flatMap(({ id, token, progress }) =>
        progress ? [moves.progress({ id, token, progress, now: now() })] : [],
      );
      const matched = await applyMoves(collection, leases.map(moves.beat));
      if (withProgress.length > 0) await applyMoves(collection, withProgress);
      if (matched === leases.length) return [];
      const found = await find(leases.map((lease) => lease.id));
      return leases
        .filter((lease) => found.get(lease.id)?.lease?.token !== lease.token)
        .map(({ id, token }) => ({ id, token, cancelled: found.get(id)?.state === 'cancelled' }));
    },
    settle: (move, lease) => settles.add({ move, lease }),
    apply: (move) => applyMove(collection, move),
    get: async (id) => (await find([id])).get(id) ?? null,
    now,
  };
}

/** Whether a task's outcome stands. */
export const hasEnded = (task: TaskRecord): boolean => isTerminal(task.state);
