import type { StoreConnection } from './connect.js';
import { OPEN } from './move.js';
import { taskModel } from './task-model.js';

/** How many tasks of an owner have not ended; counts to `most` at most. */
export const countOpenTasks = (connection: StoreConnection, owner: string, most: number): Promise<number> =>
  taskModel(connection.mongo).collection.countDocuments(
    { owner, state: { $in: OPEN } },
    {
      limit: most,
    },
  );
