import type { StoreConnection } from './connect.js';
import { taskModel } from './task-model.js';

/** Those of these ids that are tasks of the owner. */
export async function ownedTasks(
  connection: StoreConnection,
  owner: string,
  ids: string[],
): Promise<Set<string>> {
  const found = await taskModel(connection.mongo)
    .collection.find({ _id: { $in: ids }, owner } as never)
    .project({ _id: 1 })
    .toArray();
  return new Set(found.map((task) => String(task._id)));
}
