import type { Request } from 'express';
import type { Store } from '@offload/store/open-store';
import type { TaskRecord } from '@offload/store/task-record';
import { ownerOf } from './owner.js';
import { Problem } from './problem.js';
import { pathPart, pathUuid } from './routes.js';
import { inTime } from './store-deadline.js';

/** The task that the path names. Throws a Problem when it is not there or another owner's: the same for both. */
export async function findTask(
  request: Request,
  { store }: { store: Pick<Store, 'tasks'> },
): Promise<TaskRecord> {
  const id = pathUuid(request);
  const task = id === null ? null : await inTime(store.tasks.get(id));
  return task && task.owner === ownerOf(request) ? task : noTask(pathPart(request, 'id'));
}

export function noTask(id: string): never {
  throw new Problem(
    'task-not-found',
    `You have no task ${id.slice(0, 100)}; ended ones are removed after a while.`,
  );
}
