import { systemEcho } from '@offload/contracts/system-echo';
import type { Lane } from '@offload/contracts/task';
import { newTask } from '@offload/store/new-task';
import { openStore, type Store } from '@offload/store/open-store';
import type { TaskRecord } from '@offload/store/task-record';
import { testDatabase, type TestDatabase } from './database.js';
import { RecordedLog } from './recorded-log.js';

/** A store on a database of its own. */
export interface StoreFixture {
  store: Store;
  database: TestDatabase;
  log: RecordedLog;
  /** Inserts a new echo task, due now, with these fields changed. */
  insert(change?: Partial<TaskRecord>): Promise<TaskRecord>;
  /** A task as it stands. */
  read(id: string): Promise<TaskRecord>;
  remove(): Promise<void>;
}

export async function storeFixture(label: string): Promise<StoreFixture> {
  const database = testDatabase(label);
  const log = new RecordedLog();
  const store = openStore({ uri: database.uri, name: label, log });
  await store.connection.ready();
  return {
    store,
    database,
    log,
    async insert(change = {}) {
      const task = { ...echoTask(store.tasks.now()), ...change };
      await store.tasks.create(task);
      return task;
    },
    async read(id) {
      const task = await store.tasks.get(id);
      if (!task) throw new Error(`There is no task ${id}.`);
      return task;
    },
    async remove() {
      await store.connection.close();
      await database.remove();
    },
  };
}

/** An echo task that is due. */
export function echoTask(now: Date, lane: Lane = 'interactive'): TaskRecord {
  const input = systemEcho.input.parse({ message: 'hello' });
  return { ...newTask(systemEcho, input, { owner: 'local', lane, now }), dueAt: now };
}
