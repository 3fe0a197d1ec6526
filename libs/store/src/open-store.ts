import type { Connection } from 'mongoose';
import { connectStore, type StoreConnection, type StoreLog } from './connect.js';
import { createDependencies, type Dependencies } from './dependencies.js';
import { createFileStore, prepareFiles, type FileStore } from './files.js';
import { createSweeps, type Sweeps } from './sweeps.js';
import { taskModel } from './task-model.js';
import { createTaskStore, type TaskStore } from './tasks.js';
import { createUnreadableStore, prepareUnreadable, type UnreadableStore } from './unreadable.js';

export interface Store {
  connection: StoreConnection;
  tasks: TaskStore;
  files: FileStore;
  dependencies: Dependencies;
  sweeps: Sweeps;
  unreadable: UnreadableStore;
}

/** Everything that a process does with the database, over one connection pool. */
export function openStore(options: { uri: string; name: string; log: StoreLog }): Store {
  const connection = connectStore({ ...options, prepare });
  const files = createFileStore(connection);
  return {
    connection,
    files,
    tasks: createTaskStore(connection),
    dependencies: createDependencies(connection),
    sweeps: createSweeps(connection, files),
    unreadable: createUnreadableStore(connection),
  };
}

async function prepare(mongo: Connection): Promise<void> {
  await taskModel(mongo).createIndexes();
  await prepareFiles(mongo);
  await prepareUnreadable(mongo);
}
