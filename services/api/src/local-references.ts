import { DEEPEST } from '@offload/contracts/reference';
import type { TaskRecord } from '@offload/store/task-record';
import { pointerOf } from './faults.js';
import type { Fault } from './problem.js';

/** The names of a batch's tasks and the ids that they have been given. */
export type LocalNames = Map<string, string>;

/** In the place of a name that is a fault already; it makes no second one. */
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

/**
 * A task of a batch with real ids in the place of its `#names`: in `after`, and as `task` of a source or reference
 * anywhere in its input. A name that no task of the batch has is a fault.
 * @param base where the task stands in the body
 */
export function replaceLocal(
  task: Record<string, unknown>,
  names: LocalNames,
  base: PropertyKey[],
  faults: Fault[],
): Record<string, unknown> {
  const idOf = (value: unknown, path: PropertyKey[]): unknown => {
    if (typeof value !== 'string' || !value.startsWith('#')) return value;
    const id = names.get(value.slice(1));
    if (id === undefined)
      faults.push({
        pointer: pointerOf(path),
        detail: `no task of the batch has the ref ${value.slice(1, 65)}`,
      });
    return id ?? UNKNOWN;
  };
  const visit = (value: unknown, path: PropertyKey[]): unknown => {
    if (value === null || typeof value !== 'object' || path.length > DEEPEST) return value;
    if (Array.isArray(value)) return value.map((item, i) => visit(item, [...path, i]));
    const names = 'file' in value || 'files' in value || 'pointer' in value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const at = [...path, key];
        return [key, key === 'task' && names ? idOf(inner, at) : visit(inner, at)];
      }),
    );
  };
  return {
    ...task,
    ...(Array.isArray(task['after']) && {
      after: task['after'].map((value, i) => idOf(value, [...base, 'after', i])),
    }),
    ...('input' in task && { input: visit(task['input'], [...base, 'input']) }),
  };
}

/**
 * A circle among tasks that wait for each other, e.g. `#a → #b → #a`; undefined when there is none.
 * @param called how each task is called, in the order of the tasks
 */
export function circleOf(
  tasks: Pick<TaskRecord, '_id' | 'waitsFor'>[],
  called: string[],
): string | undefined {
  const place = new Map(tasks.map((task, i) => [task._id, i]));
  const parents = tasks.map((task) => task.waitsFor.flatMap((id) => place.get(id) ?? []));
  const seen = new Set<number>();
  for (let start = 0; start < tasks.length; start++) {
    // Depth first without recursion: the way from `start`, and how many parents of each on it have been tried.
    const way = seen.has(start) ? [] : [{ at: start, next: 0 }];
    const on = new Set(way.map(({ at }) => at));
    for (let step = way.at(-1); step; step = way.at(-1)) {
      const parent = parents[step.at]?.[step.next++];
      if (parent === undefined) {
        seen.add(step.at);
        on.delete(step.at);
        way.pop();
      } else if (on.has(parent)) {
        const circle = way.slice(way.findIndex(({ at }) => at === parent)).map(({ at }) => at);
        return [...circle, parent].map((i) => called[i]).join(' → ');
      } else if (!seen.has(parent)) {
        way.push({ at: parent, next: 0 });
        on.add(parent);
      }
    }
  }
  return undefined;
}
