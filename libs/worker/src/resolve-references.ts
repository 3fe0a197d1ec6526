import { TaskError } from '@offload/contracts/errors';
import { referencesIn, replaceReferences, valueAt } from '@offload/contracts/reference';
import type { TaskRecord } from '@offload/store/task-record';
import type { TaskStore } from '@offload/store/tasks';

/**
 * A task's input with the parts of its parents' results in the place of its references (`{task, pointer}`). Rejects
 * with TaskError `reference-invalid` (permanent) when the parent is not one of the owner's that has succeeded, or when
 * its result has nothing at the pointer; with the driver's error while the database is away.
 */
export async function resolveReferences(
  tasks: Pick<TaskStore, 'get'>,
  task: Pick<TaskRecord, 'input' | 'owner'>,
): Promise<unknown> {
  const ids = new Set(referencesIn(task.input).map((reference) => reference.task));
  if (ids.size === 0) return task.input;
  const parents = new Map(await Promise.all([...ids].map(async (id) => [id, await tasks.get(id)] as const)));
  return replaceReferences(task.input, ({ task: id, pointer }) => {
    const parent = parents.get(id);
    if (parent?.owner !== task.owner || parent.state !== 'succeeded')
      throw invalid(`There is no result of task ${id}: its time is over, or it has not succeeded.`);
    const { found, value } = valueAt(parent.result, pointer);
    if (!found) throw invalid(`The result of task ${id} has nothing at ${pointer}.`);
    return value;
  });
}

const invalid = (message: string): TaskError => new TaskError('reference-invalid', message, { retry: 'no' });
