import { randomUUID } from 'node:crypto';
import { applyMoves } from './apply-moves.js';
import type { StoreConnection } from './connect.js';
import * as moves from './moves.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';

/**
 * The relay's take: tasks whose time has come, held against other clocks while they are published.
 * @returns at most `limit` tasks as they are now, each taken by this call
 */
export async function takeDueTasks(connection: StoreConnection, limit: number): Promise<TaskRecord[]> {
  const { collection } = taskModel(connection.mongo);
  const now = connection.clock.now();
  const due = (await collection
    .find({ state: 'scheduled', dueAt: { $lte: now } } as never)
    .sort({ dueAt: 1 })
    .limit(limit)
    .project({ seq: 1, holdMs: 1 })
    .toArray()) as unknown as Pick<TaskRecord, '_id' | 'seq' | 'holdMs'>[];
  if (due.length === 0) return [];
  const relay = randomUUID();
  await applyMoves(
    collection,
    due.map(({ _id, seq, holdMs }) => moves.relayTake({ id: _id, seq, holdMs, relay, now })),
  );
  const taken = await collection
    .find({ _id: { $in: due.map((task) => task._id) }, state: 'scheduled', relay } as never)
    .toArray();
  return taken as unknown as TaskRecord[];
}
