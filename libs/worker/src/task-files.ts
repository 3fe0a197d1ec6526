import { TaskError } from '@offload/contracts/errors';
import type { TaskRecord } from '@offload/store/task-record';
import type { Store } from '@offload/store/open-store';
import { isStoreAway } from '@offload/store/store-failure';
import type { FileRecord } from '@offload/store/files';
import type { OpenedFile, TaskFiles } from './handler.js';

/** A handler's files: reads are of the task's owner only, writes are stored under the lease. */
export function taskFiles(
  store: Pick<Store, 'files' | 'tasks'>,
  task: Pick<TaskRecord, '_id' | 'owner'>,
  token: string,
): TaskFiles {
  /** The lease with which a task of the same owner has succeeded; undefined: there is none. */
  const successOf = async (id: string): Promise<string | undefined> => {
    const parent = await store.tasks.get(id);
    return parent?.owner === task.owner && parent.state === 'succeeded' ? parent.lastToken : undefined;
  };
  const find = async (source: Parameters<TaskFiles['open']>[0]): Promise<FileRecord | null> => {
    if (!('task' in source)) return store.files.upload(source.file, task.owner);
    const lease = await successOf(source.task);
    return lease === undefined ? null : store.files.taskFile(source.task, lease, source.file);
  };
  return {
    async open(source): Promise<OpenedFile> {
      const file = await find(source);
      if (!file) {
        const name = 'task' in source ? `${source.file} of task ${source.task}` : source.file;
        const message = `There is no file ${name}: it was never there, or its time is over.`;
        throw new TaskError('file-not-found', message, { retry: 'no' });
      }
      const { name, type, size, sha256 } = file;
      return { name, type, size, sha256, stream: store.files.read(file) };
    },
    async list(id) {
      const lease = await successOf(id);
      if (lease === undefined) return [];
      const files = await store.files.taskFiles(id, lease);
      return files
        .map(({ name, type, size, sha256 }) => ({ name, type, size, sha256 }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async save(name, type, body) {
      const file = { owner: task.owner, name, type, task: task._id, token };
      const stored = await store.files.save(file, body).catch((error: unknown) => {
        throw isStoreAway(error) ? notStored(name, error) : error;
      });
      return { name, type, size: stored.size, sha256: stored.sha256 };
    },
  };
}

const notStored = (name: string, cause: unknown): TaskError =>
  new TaskError('file-not-stored', `The database did not take the file ${name}; it is tried again.`, {
    retry: 'yes',
    cause,
  });
