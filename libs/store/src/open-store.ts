import type { Connection } from 'mongoose';
import { batchModel } from './batch-model.js';
import { createBatches, type Batches } from './batches.js';
import { connectStore, type StoreConnection, type StoreLog } from './connect.js';
import { createDependencies, type Dependencies } from './dependencies.js';
import { createFileStore, prepareFiles, type FileStore } from './files.js';
import { createManyTasks, type ManyTasks } from './many-tasks.js';
import { createScheduleStore, prepareSchedules, type ScheduleStore } from './schedules.js';
import { createSweeps, type Sweeps } from './sweeps.js';
import { taskModel } from './task-model.js';
import { createTypeStore, type TypeStore } from './task-types.js';
import { createTaskStore, type TaskStore } from './tasks.js';
import { createUnreadableStore, prepareUnreadable, type UnreadableStore } from './unreadable.js';

export interface Store {
  connection: StoreConnection;
  tasks: TaskStore;
  files: FileStore;
  dependencies: Dependencies;
  batches: Batches;
  sweeps: Sweeps;
  unreadable: UnreadableStore;
  schedules: ScheduleStore;
  types: TypeStore;
  many: ManyTasks;
}

/** Everything that a process does with the database, over one connection pool. */
export function openStore(options: { uri: string; name: string; log: StoreLog }): Store {
  const connection = connectStore({ ...options, prepare });
  const files = createFileStore(connection);
  const batches = createBatches(connection);
  const dependencies = createDependencies(connection, batches);
  return {
    connection,
    files,
    tasks: createTaskStore(connection),
    dependencies,
    batches,
    sweeps: createSweeps(connection, files),
    unreadable: createUnreadableStore(connection),
    schedules: createScheduleStore(connection),
    types: createTypeStore(connection),
    many: createManyTasks(connection, files, dependencies),
  };
}

async function prepare(mongo: Connection): Promise<void> {
  await taskModel(mongo).createIndexes();
  await batchModel(mongo).createIndexes();
  await prepareFiles(mongo);
  await prepareUnreadable(mongo);
  await prepareSchedules(mongo);
}
