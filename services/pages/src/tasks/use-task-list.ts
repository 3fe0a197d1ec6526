import { answerOf } from '@offload/client';
import { useEffect, useState } from 'preact/hooks';
import { api, cursorOf, type TaskSummary } from '../data/client.js';
import { listen } from '../data/live.js';
import { useResource, type Resource } from '../data/use-resource.js';
import { addressOf, merge, queryOf, type TaskFilter } from './task-filter.js';

export interface TaskPage {
  rows: TaskSummary[];
  /** Cursor of the page of older tasks. */
  older: string | undefined;
}

export interface TaskList {
  page: Resource<TaskPage>;
  /** New tasks that are not shown yet, so that nothing moves under a person's hand. */
  fresh: TaskSummary[];
  showFresh: () => void;
}

export const PAGE = 50;
/** New tasks above a page are counted up to this; then it says "more than". */
const MOST_FRESH = 200;

/** One page of tasks, kept up to date by the stream. */
export function useTaskList(filter: TaskFilter, cursor: string | undefined): TaskList {
  const deps = [addressOf(filter, cursor)];
  const page = useResource(async (signal) => {
    const query = { ...queryOf(filter), limit: PAGE, cursor };
    const { items, next } = await answerOf(api().GET('/v1/tasks', { params: { query }, signal }));
    return { rows: items, older: cursorOf(next) };
  }, deps);
  const [fresh, setFresh] = useState<TaskSummary[]>([]);
  const { change, data } = page;

  useEffect(() => setFresh([]), deps);
  useEffect(
    () =>
      listen({
        onTasks: (changed) => {
          change((before) => ({ ...before, rows: merge(before.rows, changed, filter).rows }));
          if (cursor !== undefined) return;
          setFresh((before) => {
            const { rows, fresh: more } = merge(before, changed, filter);
            return [...more.sort(newestFirst), ...rows].slice(0, MOST_FRESH);
          });
        },
      }),
    deps,
  );

  const shown = new Set(data?.rows.map(({ id }) => id));
  const waiting =
    data === undefined ? [] : fresh.filter(({ id }) => !shown.has(id) && id > (data.rows[0]?.id ?? ''));
  const showFresh = (): void => {
    change((before) => ({ ...before, rows: [...waiting, ...before.rows].slice(0, PAGE * 4) }));
    setFresh([]);
  };
  // In an empty list, or one that is looked at from its top with the hands off it, new tasks appear at once.
  const atRest =
    scrollY < 80 &&
    !document.activeElement?.closest('.tasks-list') &&
    !document.querySelector('.tasks-list tbody:hover');
  useEffect(() => {
    if (waiting.length > 0 && (data?.rows.length === 0 || atRest)) showFresh();
  });
  return { page, fresh: waiting, showFresh };
}

const newestFirst = (a: TaskSummary, b: TaskSummary): number => (a.id < b.id ? 1 : -1);
