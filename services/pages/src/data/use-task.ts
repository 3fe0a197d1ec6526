import { useEffect } from 'preact/hooks';
import { client, type Task } from './client.js';
import { listen } from './live.js';
import { useResource, type Resource } from './use-resource.js';

/** While the stream may be lost, so that an end is seen all the same. */
const LOOK_AGAIN_MS = 10_000;

export const hasEnded = ({ state }: Pick<Task, 'state'>): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled';

/**
 * One task, kept up to date by the shared stream: its state and progress at once, the rest (result, files, attempts)
 * as soon as it is loaded again.
 */
export function useTask(id: string): Resource<Task> {
  const task = useResource((signal) => client().task(id).task({ signal }) as Promise<Task>, [id], {
    when: (changed) => changed.id === id,
    everyMs: LOOK_AGAIN_MS,
  });
  const { change } = task;
  useEffect(
    () =>
      listen({
        onTasks: (tasks) => {
          const changed = tasks.find((one) => one.id === id);
          // An ended task is shown whole, with its result, when that is loaded.
          if (changed && !hasEnded(changed)) change((before) => ({ ...before, ...changed }) as Task);
        },
      }),
    [id],
  );
  return task;
}
