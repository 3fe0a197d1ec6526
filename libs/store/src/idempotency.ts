import type { StoreConnection } from './connect.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';

/** How long an Idempotency-Key names its task, in milliseconds. */
export const IDEMPOTENCY_MS = 24 * 3_600_000;

/** The task that an owner's key names now, if its time is not over. */
export async function taskOfKey(
  connection: StoreConnection,
  owner: string,
  idempotencyKey: string,
): Promise<TaskRecord | null> {
  // $exists says that the partial index serves it.
  const filter = { owner, idempotencyKey: { $eq: idempotencyKey, $exists: true } };
  const found = await taskModel(connection.mongo).collection.findOne(filter as never);
  const task = found as unknown as TaskRecord | null;
  return task?.idempotencyUntil && task.idempotencyUntil > connection.clock.now() ? task : null;
}

/**
 * Frees the keys of those of these tasks whose time is over, so that they can be given anew. The tasks themselves
 * stay as they are: no guard of a move reads these fields.
 */
export async function freeIdempotencyKeys(connection: StoreConnection, ids: string[]): Promise<number> {
  const filter = { _id: { $in: [...ids].sort() }, idempotencyUntil: { $lte: connection.clock.now() } };
  const { modifiedCount } = await taskModel(connection.mongo).collection.updateMany(filter as never, {
    $unset: { idempotencyKey: '', idempotencyUntil: '', bodyHash: '' },
  });
  return modifiedCount;
}

/** The clock's share: frees at most `limit` keys that are over. Answers how many it found. */
export async function sweepIdempotencyKeys(connection: StoreConnection, limit: number): Promise<number> {
  const found = await taskModel(connection.mongo)
    .collection.find({ idempotencyUntil: { $lte: connection.clock.now(), $exists: true } } as never)
    .project({ _id: 1 })
    .limit(limit)
    .toArray();
  if (found.length > 0)
    await freeIdempotencyKeys(
      connection,
      found.map((task) => String(task._id)),
    );
  return found.length;
}
