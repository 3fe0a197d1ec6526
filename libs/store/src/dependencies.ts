import { isTerminal } from '@offload/contracts/task';
import { applyMove, applyMoves } from './apply-moves.js';
import type { StoreConnection } from './connect.js';
import * as moves from './moves.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';

/**
 * Tasks that wait for others. Exactly once without a transaction: a dependent is inserted first, then it registers
 * on its parents, then their states are read. A parent that ends after the registration finds it as its effect;
 * one that had ended before is seen by the reading; a creator that dies in between is made up for by the clock,
 * which looks at old blocked tasks again (design section 5, rules 4 and 5; docs/decisions/0004).
 */
export interface Dependencies {
  /** Registers a blocked task on its parents and settles it against those that have ended already. */
  settleBlocked(task: Pick<TaskRecord, '_id' | 'waitsFor' | 'keepMs'>): Promise<void>;
  /** Carries out the effects of those of these tasks that have ended with some. */
  carryOut(ids: string[]): Promise<void>;
  /** The clock's share: effects that nobody carried out. Answers how many tasks had some. */
  sweepEffects(limit: number): Promise<number>;
  /** The clock's share: blocked tasks older than `age` milliseconds, looked at again. */
  sweepBlocked(age: number, limit: number): Promise<number>;
}

type Parent = Pick<TaskRecord, '_id' | 'state' | 'type'>;

export function createDependencies(connection: StoreConnection): Dependencies {
  const { collection } = taskModel(connection.mongo);
  const now = () => connection.clock.now();
  const read = async <T>(filter: Record<string, unknown>, fields: string[], limit = 1_000): Promise<T[]> =>
    (await collection
      .find(filter as never)
      .project(Object.fromEntries(fields.map((field) => [field, 1])))
      .limit(limit)
      .toArray()) as T[];

  const settle = async (
    dependent: Pick<TaskRecord, '_id' | 'keepMs'>,
    id: string,
    parent: Parent | undefined,
  ): Promise<void> => {
    if (parent && !isTerminal(parent.state)) return;
    if (parent?.state === 'succeeded') {
      await applyMove(collection, moves.parentDone({ id: dependent._id, parent: id }));
      await applyMove(collection, moves.release({ id: dependent._id, now: now() }));
      return;
    }
    const how = parent ? (parent.state === 'failed' ? 'has failed' : 'was cancelled') : 'is gone';
    const error = { code: 'dependency-failed', message: `Task ${id}, which this one waits for, ${how}.` };
    const { _id, keepMs } = dependent;
    if (await applyMove(collection, moves.failDependent({ id: _id, parent: id, error, keepMs, now: now() })))
      await carryOut([_id]);
  };

  const carryOut = async (ids: string[]): Promise<void> => {
    const ended = await read<Parent>(
      { _id: { $in: ids }, state: { $in: ['succeeded', 'failed', 'cancelled'] }, effects: { $exists: true } },
      ['state', 'type'],
    );
    for (const parent of ended) {
      for (;;) {
        const filter = { waitsFor: parent._id, state: 'blocked' };
        const dependents = await read<Pick<TaskRecord, '_id' | 'keepMs'>>(filter, ['keepMs']);
        if (dependents.length === 0) break;
        if (parent.state === 'succeeded') await releaseAll(dependents, parent._id);
        else for (const dependent of dependents) await settle(dependent, parent._id, parent);
      }
      // Not while it runs again: the effects then wait for its next end.
      const guard = { _id: parent._id, state: parent.state };
      await applyMove(collection, { guard, update: { $unset: { effects: '' } } });
    }
  };

  const releaseAll = async (dependents: Pick<TaskRecord, '_id'>[], parent: string): Promise<void> => {
    const at = now();
    await applyMoves(
      collection,
      dependents.map(({ _id }) => moves.parentDone({ id: _id, parent })),
    );
    await applyMoves(
      collection,
      dependents.map(({ _id }) => moves.release({ id: _id, now: at })),
    );
  };

  const settleBlocked: Dependencies['settleBlocked'] = async (task) => {
    const filter = { _id: { $in: task.waitsFor } } as never;
    await collection.updateMany(filter, { $addToSet: { effects: 'release' } });
    const parents = await read<Parent>({ _id: { $in: task.waitsFor } }, ['state', 'type']);
    const byId = new Map(parents.map((parent) => [parent._id, parent]));
    for (const id of task.waitsFor) await settle(task, id, byId.get(id));
    if (task.waitsFor.length === 0) await applyMove(collection, moves.release({ id: task._id, now: now() }));
  };

  return {
    settleBlocked,
    carryOut,
    async sweepEffects(limit) {
      const filter = { effects: { $exists: true }, state: { $in: ['succeeded', 'failed', 'cancelled'] } };
      const found = await read<{ _id: string }>(filter, ['_id'], limit);
      await carryOut(found.map((task) => task._id));
      return found.length;
    },
    async sweepBlocked(age, limit) {
      const filter = { state: 'blocked', createdAt: { $lt: new Date(now().getTime() - age) } };
      const old = await read<TaskRecord>(filter, ['waitsFor', 'keepMs'], limit);
      for (const task of old) await settleBlocked(task);
      return old.length;
    },
  };
}
