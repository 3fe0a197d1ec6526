import { answered } from './answered.js';
import type { mongo } from 'mongoose';
import type { Move } from './move.js';
import type { TaskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';

type Collection = TaskModel['collection'];
type Operation = mongo.AnyBulkWriteOperation<TaskRecord>;

/** Moves that differ by their task only become one update of many; results hardly ever do. */
function merge(moves: Move[]): Operation[] {
  const groups = new Map<string, { move: Move; ids: string[] }>();
  for (const move of moves) {
    const { _id, ...guard } = move.guard;
    const key =
      move.update.$set && 'result' in move.update.$set ? idOf(move) : JSON.stringify([guard, move.update]);
    const group = groups.get(key);
    if (group) group.ids.push(_id as string);
    else groups.set(key, { move, ids: [_id as string] });
  }
  return [...groups.values()].map(({ move, ids }) => {
    if (ids.length === 1) return { updateOne: { filter: move.guard, update: move.update } };
    // One lock order for all writers: two groups that took the same tasks in different orders would deadlock.
    return {
      updateMany: { filter: { ...move.guard, _id: { $in: ids.sort() } }, update: move.update },
    };
  });
}

const idOf = (move: Move): string => move.guard._id as string;

/** PostgreSQL's SQLSTATE 40P01 as the database passes it on. */
const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && /deadlock detected/i.test(error.message);

const DEADLOCK_TRIES = 5;

/** Applies one move; false when its guard did not match. */
export async function applyMove(collection: Collection, move: Move): Promise<boolean> {
  return (await applyMoves(collection, [move])) === 1;
}

/**
 * Applies moves of different tasks, each on its own guard, with as few updates as they can be merged to.
 * Answers how many matched: which ones, the documents tell.
 */
export async function applyMoves(collection: Collection, moves: Move[]): Promise<number> {
  if (moves.length === 0) return 0;
  const sorted = [...moves].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const operations = merge(sorted);
  const outcome = await withoutDeadlock(() =>
    answered(collection.bulkWrite(operations as never, { ordered: false })),
  );
  return outcome.matchedCount;
}

/** Does a guarded write again that was chosen to give way to another one. */
export async function withoutDeadlock<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await write();
    } catch (error) {
      if (!isDeadlock(error) || tries === DEADLOCK_TRIES) throw error;
    }
}
