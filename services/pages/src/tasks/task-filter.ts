import type { paths } from '@offload/client';
import type { TaskSummary } from '../data/client.js';

/** What the address of the list says: `/tasks?state=failed&type=feed.fetch&tag=nightly`. Empty: any. */
export interface TaskFilter {
  state: string;
  type: string;
  tag: string;
  batch: string;
  schedule: string;
}

const NAMES = ['state', 'type', 'tag', 'batch', 'schedule'] as const;

type Query = NonNullable<paths['/v1/tasks']['get']['parameters']['query']>;

export const filterOf = (query: Record<string, string>): TaskFilter =>
  Object.fromEntries(NAMES.map((name) => [name, query[name] ?? ''])) as unknown as TaskFilter;

/** The list's address with this filter; a cursor belongs to the filter that it was made under. */
export function addressOf(filter: Partial<TaskFilter>, cursor?: string): string {
  const query = new URLSearchParams();
  for (const name of NAMES) if (filter[name]) query.set(name, filter[name]);
  if (cursor) query.set('cursor', cursor);
  return query.size === 0 ? '/tasks' : `/tasks?${query}`;
}

/** For the API, which says itself what is wrong with an address that somebody typed. */
export const queryOf = (filter: TaskFilter): Query =>
  Object.fromEntries(NAMES.flatMap((name) => (filter[name] ? [[name, filter[name]]] : [])));

/** Whether a task that has changed belongs to the list. */
export const fits = (task: TaskSummary, filter: TaskFilter): boolean =>
  (filter.state === '' || task.state === filter.state) &&
  (filter.type === '' || task.type === filter.type) &&
  (filter.tag === '' || task.tags.includes(filter.tag)) &&
  (filter.batch === '' || task.batch === filter.batch) &&
  (filter.schedule === '' || task.schedule?.id === filter.schedule);

/**
 * A page of the list after tasks have changed: rows are brought up to date where they stand, also when they no longer
 * fit (what a person reads does not vanish); new ones are set apart.
 */
export function merge(
  rows: readonly TaskSummary[],
  changed: readonly TaskSummary[],
  filter: TaskFilter,
): { rows: TaskSummary[]; fresh: TaskSummary[] } {
  const byId = new Map(changed.map((task) => [task.id, task]));
  const known = new Set(rows.map(({ id }) => id));
  const newest = rows[0]?.id ?? '';
  return {
    rows: rows.map((row) => byId.get(row.id) ?? row),
    // Ids rise with time: an older task that comes to fit is on its own page.
    fresh: changed.filter((task) => !known.has(task.id) && task.id > newest && fits(task, filter)),
  };
}
