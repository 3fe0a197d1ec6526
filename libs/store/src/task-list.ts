import type { TaskState } from '@offload/contracts/task';
import type { StoreConnection } from './connect.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';

export interface TaskFilter {
  owner: string;
  type?: string;
  state?: TaskState;
}

/** Above every UUIDv7: an upper bound is always given, so that a fast host's tasks are not hidden. */
const ABOVE_EVERY_ID = 'g';

/**
 * Newest first, without input and result.
 * @param page.before the last id of the page before; absent for the first page
 */
export async function listTasks(
  connection: StoreConnection,
  filter: TaskFilter,
  page: { before?: string; limit: number },
): Promise<TaskRecord[]> {
  return taskModel(connection.mongo)
    .find({ ...filter, _id: { $lt: page.before ?? ABOVE_EVERY_ID } })
    .sort({ _id: -1 })
    .limit(page.limit)
    .select({ input: 0, result: 0 })
    .lean();
}
