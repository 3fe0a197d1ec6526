import { applyMove } from './apply-moves.js';
import type { StoreConnection } from './connect.js';
import type { FileStore } from './files.js';
import * as moves from './moves.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';

/** What the clock reads of a running task. */
export type RunningTask = Pick<
  TaskRecord,
  | '_id'
  | 'type'
  | 'owner'
  | 'queue'
  | 'seq'
  | 'attempt'
  | 'attemptLimit'
  | 'keepMs'
  | 'queuedAt'
  | 'startedAt'
  | 'lease'
>;

const RUNNING = [
  'type',
  'owner',
  'queue',
  'seq',
  'attempt',
  'attemptLimit',
  'keepMs',
  'queuedAt',
  'startedAt',
  'lease',
];

/** The clock's readings and moves over many tasks. */
export interface Sweeps {
  running(): Promise<RunningTask[]>;
  /** Since when the oldest queued task of a queue has been waiting; null when none is. */
  oldestQueued(queue: string): Promise<Date | null>;
  /** Tasks of a queue that were queued before `before`, oldest first. */
  queuedBefore(queue: string, before: Date, limit: number): Promise<TaskRecord[]>;
  /** Marks a queued task as published again with the same seq; false when it has moved on. */
  requeueLost(task: TaskRecord): Promise<boolean>;
  /** Deletes ended tasks past their time, their files first; answers how many. */
  removeExpired(limit: number): Promise<number>;
}

export function createSweeps(connection: StoreConnection, files: FileStore): Sweeps {
  const { collection } = taskModel(connection.mongo);
  const queued = async (filter: Record<string, unknown>, limit: number): Promise<TaskRecord[]> =>
    (await collection
      .find({ state: 'queued', ...filter } as never)
      .sort({ queuedAt: 1 })
      .limit(limit)
      .toArray()) as unknown as TaskRecord[];

  return {
    running: async () =>
      (await collection
        .find({ state: 'running' } as never)
        .project(Object.fromEntries(RUNNING.map((field) => [field, 1])))
        .toArray()) as RunningTask[],
    oldestQueued: async (queue) => (await queued({ queue }, 1))[0]?.queuedAt ?? null,
    queuedBefore: (queue, before, limit) => queued({ queue, queuedAt: { $lt: before } }, limit),
    async requeueLost({ _id, seq, queuedAt }) {
      if (!queuedAt) return false;
      const now = connection.clock.now();
      return applyMove(collection, moves.requeueLost({ id: _id, seq, queuedAt, now }));
    },
    async removeExpired(limit) {
      const filter = { expireAt: { $lte: connection.clock.now() } } as never;
      const expired = await collection.find(filter).project({ _id: 1 }).limit(limit).toArray();
      const ids = expired.map((task) => String(task._id));
      if (ids.length === 0) return 0;
      await files.removeOfTasks(ids);
      // Guarded again: a task that was requeued meanwhile has no expireAt any more.
      const { deletedCount } = await collection.deleteMany({
        _id: { $in: ids },
        expireAt: { $lte: connection.clock.now() },
      } as never);
      return deletedCount;
    },
  };
}
