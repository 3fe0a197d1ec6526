import { openStore, type Store } from '@offload/store/open-store';
import type { TaskRecord } from '@offload/store/task-record';
import { RecordedLog } from './recorded-log.js';
import type { System } from './system.js';

/** The system's own store, past its processes and their links. */
export async function withStore<T>(system: System, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore({ uri: system.database.uri, name: 'chaos', log: new RecordedLog() });
  await store.connection.ready();
  try {
    return await work(store);
  } finally {
    await store.connection.close();
  }
}

/** A task as it is stored, once the condition holds; rejects after `ms`. */
export function storedTask(
  system: System,
  id: string,
  holds: (task: TaskRecord) => boolean,
  ms = 30_000,
): Promise<TaskRecord> {
  return withStore(system, async (store) => {
    const until = performance.now() + ms;
    for (;;) {
      const task = await store.tasks.get(id);
      if (task && holds(task)) return task;
      if (performance.now() > until) throw new Error(`Not in ${ms} ms: ${JSON.stringify(task)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}

/** The pid of the worker that holds the task; workers name themselves host:pid:id. */
export const holderPid = ({ lease }: TaskRecord): number => Number(lease?.worker.split(':')[1]);
