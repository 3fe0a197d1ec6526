import { terminalStates } from '@offload/contracts/task';
import { applyMoves } from './apply-moves.js';
import type { StoreConnection } from './connect.js';
import type { Dependencies } from './dependencies.js';
import type { FileStore } from './files.js';
import type { Move } from './move.js';
import * as moves from './moves.js';
import type { ListedTask } from './task-list.js';
import type { StatsCounter } from './stats-counter.js';
import { taskModel } from './task-model.js';

/** What operators do to a group of tasks at once: at most a few hundred, as one write each. */
export interface ManyTasks {
  /** Cancels those that have not ended. Answers those that it cancelled; their effects are to be carried out then. */
  cancel(tasks: ListedTask[]): Promise<ListedTask[]>;
  /**
   * Has failed and cancelled ones run again; one that still waits for others is settled against them anew. Answers
   * how many it moved.
   * @param attempts more for a task, or undefined to leave it as it is
   */
  requeue(tasks: ListedTask[], attempts: (task: ListedTask) => number | undefined): Promise<number>;
  /** Deletes those that have ended, their files first. Answers how many. */
  remove(ids: string[]): Promise<number>;
}

/** Its end is still to be told to its callback: until then it does not run again. */
export const isUntold = ({ effects }: Pick<ListedTask, 'effects'>): boolean =>
  effects?.includes('webhook') ?? false;

export function createManyTasks(
  connection: StoreConnection,
  files: Pick<FileStore, 'removeOfTasks'>,
  dependencies: Pick<Dependencies, 'carryOut' | 'settleBlocked'>,
  stats: Pick<StatsCounter, 'ended'>,
): ManyTasks {
  const { collection } = taskModel(connection.mongo);
  const now = () => connection.clock.now();
  const counted = (cancelled: ListedTask[]): ListedTask[] => {
    for (const task of cancelled) stats.ended(task, 'cancelled');
    return cancelled;
  };

  return {
    async cancel(tasks) {
      const at = now();
      const matched = await applyMoves(
        collection,
        tasks.map(({ _id, keepMs }) => moves.cancel({ id: _id, keepMs, now: at })),
      );
      if (matched === tasks.length) return counted(tasks);
      const filter = {
        _id: { $in: tasks.map((task) => task._id) },
        state: 'cancelled',
        endedAt: at,
      } as never;
      const found = await collection.find(filter).project({ _id: 1 }).toArray();
      const moved = new Set(found.map((task) => String(task._id)));
      return counted(tasks.filter((task) => moved.has(task._id)));
    },
    async requeue(tasks, attempts) {
      await dependencies.carryOut(tasks.filter(isUntold).map((task) => task._id));
      const at = now();
      const all = tasks.flatMap((task): Move[] => {
        const more = attempts(task);
        if (more === undefined) return [];
        const p = { id: task._id, attempts: more, webhook: task.callback !== undefined, now: at };
        const [parent] = task.waitsFor;
        return [parent === undefined ? moves.requeue(p) : moves.requeueBlocked({ ...p, parent })];
      });
      const matched = await applyMoves(collection, all);
      const waiting = tasks.filter((task) => task.waitsFor.length > 0);
      if (waiting.length > 0) await dependencies.settleBlocked(waiting);
      return matched;
    },
    async remove(ids) {
      // A dependent that has not been told yet would find its parent gone.
      await dependencies.carryOut(ids);
      const ended = { state: { $in: terminalStates }, effects: { $exists: false } };
      const found = await collection
        .find({ _id: { $in: ids }, ...ended } as never)
        .project({ _id: 1 })
        .toArray();
      const still = found.map((task) => String(task._id)).sort();
      await files.removeOfTasks(still);
      // Guarded again: one that was requeued meanwhile had no files that it would miss.
      return (await collection.deleteMany({ _id: { $in: still }, ...ended } as never)).deletedCount;
    },
  };
}
