import type { Request, Response } from 'express';
import type { FileRecord } from '@offload/store/files';
import type { Store } from '@offload/store/open-store';
import type { TaskRecord } from '@offload/store/task-record';
import { hasEnded } from '@offload/store/tasks';
import { fileAddresses } from './authenticate.js';
import { preferredWait } from './prefer.js';
import { inTime } from './store-deadline.js';
import { resourceOf, taskPath, taskTag } from './task-resource.js';
import type { TaskWaits, Waits } from './task-waits.js';

/** What reading tasks takes. */
export interface TaskReads {
  store: Pick<Store, 'connection' | 'tasks' | 'files' | 'dependencies'>;
  waits: TaskWaits;
}

export interface SeenTask {
  task: TaskRecord;
  files: FileRecord[];
}

/** Seconds after which a first look at a new task may be worth it. */
const RETRY_AFTER = '1';

/** Waits for the end, as long as the client is there, and says so. 0 seconds: only reads. */
export async function waitFor<T>(
  id: string,
  seconds: number,
  response: Response,
  waits: Waits<T>,
): Promise<T | null> {
  if (seconds > 0) response.set('Preference-Applied', `wait=${seconds}`);
  const left = new AbortController();
  response.once('close', () => left.abort());
  return waits.untilEnded(id, seconds * 1_000, left.signal);
}

/** The task as it is after the wait that the request prefers; as it is given without one. It is stored. */
export async function preferWait(
  request: Request,
  response: Response,
  task: TaskRecord,
  options: TaskReads,
): Promise<SeenTask> {
  const seconds = preferredWait(request.get('prefer'));
  if (seconds === 0) return { task, files: [] };
  const now = (await waitFor(task._id, seconds, response, options.waits)) ?? task;
  return { task: now, files: await filesOf(now, options) };
}

/** Answers a task with everything that belongs to it. */
export function answerTask(
  response: Response,
  status: 200 | 202,
  task: TaskRecord,
  files: FileRecord[],
): void {
  if (response.req.method === 'POST') response.location(taskPath(task._id));
  if (!hasEnded(task)) response.set('Retry-After', RETRY_AFTER);
  const addresses = fileAddresses(response.req);
  const period = files.length > 0 ? addresses.period : '';
  response
    .status(status)
    .set('ETag', taskTag(task, period))
    .vary('Prefer')
    .json(resourceOf(task, files, addresses.of));
}

export const filesOf = async (
  task: TaskRecord,
  { store }: Pick<TaskReads, 'store'>,
): Promise<FileRecord[]> =>
  task.state === 'succeeded' && task.lastToken !== undefined
    ? inTime(store.files.taskFiles(task._id, task.lastToken))
    : [];
