import { applyMoves } from './apply-moves.js';
import type { StoreConnection } from './connect.js';
import type { Dependencies } from './dependencies.js';
import * as moves from './moves.js';
import { taskModel } from './task-model.js';
import { EXPIRED, type TaskRecord } from './task-record.js';
import { WAITING } from './move.js';

/** What is known of a task that has just expired: enough to tell listeners. */
export type OverdueTask = Pick<TaskRecord, '_id' | 'type' | 'lane' | 'owner' | 'attempt'>;

/**
 * The clock's share of `expiresAt`: tasks that are past it and that no worker runs fail as `expired`, with what their
 * end sets off. A claim refuses them by itself, so a sweep that comes late lets nothing begin too late.
 * @param limit tasks looked at in one call
 * @returns how many were looked at, and which of them this call ended
 */
export async function failOverdueTasks(
  connection: StoreConnection,
  dependencies: Pick<Dependencies, 'carryOut'>,
  limit: number,
): Promise<{ found: number; failed: OverdueTask[] }> {
  const { collection } = taskModel(connection.mongo);
  const now = connection.clock.now();
  const overdue = (await collection
    .find({
      state: { $in: ['blocked', ...WAITING] },
      expiresAt: { $lte: now, $exists: true },
    } as never)
    .limit(limit)
    .project({ keepMs: 1 })
    .toArray()) as unknown as Pick<TaskRecord, '_id' | 'keepMs'>[];
  if (overdue.length === 0) return { found: 0, failed: [] };
  await applyMoves(
    collection,
    overdue.map(({ _id, keepMs }) => moves.expire({ id: _id, error: EXPIRED, keepMs, now })),
  );
  // Those that a worker took in between are not among them.
  const failed = (await collection
    .find({ _id: { $in: overdue.map(({ _id }) => _id) }, state: 'failed', endedAt: now } as never)
    .project({ type: 1, lane: 1, owner: 1, attempt: 1 })
    .toArray()) as unknown as OverdueTask[];
  await dependencies.carryOut(failed.map(({ _id }) => _id));
  return { found: overdue.length, failed };
}
