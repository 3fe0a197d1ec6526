import { answerOf } from '@offload/client';
import { useLocation } from 'preact-iso/router';
import { api } from '../data/client.js';
import { Button } from '../ui/button.js';
import { confirm } from '../ui/dialog.js';
import { Page } from '../ui/page.js';
import { Pager } from '../ui/pager.js';
import { EmptyState, Loaded, Loading } from '../ui/states.js';
import { say } from '../ui/toast.js';
import { FilterBar } from './filter-bar.js';
import './tasks.css';
import { addressOf, filterOf, queryOf, type TaskFilter } from './task-filter.js';
import { TaskTable } from './task-table.js';
import { useTaskList } from './use-task-list.js';

export default function TasksPage() {
  const { query, route } = useLocation();
  const filter = filterOf(query);
  const { page, fresh, showFresh } = useTaskList(filter, query.cursor);
  const { data, change, reload } = page;
  const isFiltered = addressOf(filter) !== '/tasks';
  const older = data?.older;
  const seen = [...new Set(data?.rows.map(({ type }) => type))];
  return (
    <Page
      title="Tasks"
      lead="Newest first, as they change."
      wide
      actions={
        <>
          <OnAll filter={filter} isFiltered={isFiltered} onDone={reload} />
          <a class="button primary" href="/new-task">
            New task
          </a>
        </>
      }
    >
      <FilterBar
        key={addressOf(filter)}
        filter={filter}
        types={seen}
        onChange={(to) => route(addressOf(to))}
      />
      <div class="tasks-fresh" aria-live="polite">
        {fresh.length > 0 && (
          <Button small onClick={showFresh}>
            {fresh.length === 1
              ? 'Show 1 new task'
              : `Show ${fresh.length >= 200 ? '200 or more' : fresh.length} new tasks`}
          </Button>
        )}
      </div>
      <Loaded resource={page} loading={<Loading rows={8} />}>
        {({ rows }) =>
          rows.length === 0 ? (
            <None isFiltered={isFiltered} />
          ) : (
            <TaskTable
              caption={`${rows.length} tasks`}
              rows={rows}
              onChanged={(task) =>
                change((before) => ({
                  ...before,
                  rows: before.rows.map((row) => (row.id === task.id ? { ...row, ...task } : row)),
                }))
              }
            />
          )
        }
      </Loaded>
      <Pager
        newer="Newest"
        onNewer={query.cursor ? () => route(addressOf(filter)) : undefined}
        onOlder={older ? () => route(addressOf(filter, older)) : undefined}
      />
    </Page>
  );
}

function None({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState title="No task fits">
        <p>
          New ones that fit appear here. <a href="/tasks">Show all tasks</a>
        </p>
      </EmptyState>
    );
  return (
    <EmptyState title="No tasks yet">
      <p>
        They appear here as they are submitted. <a href="/new-task">Submit one</a>, or run{' '}
        <code>npm run demo</code>.
      </p>
    </EmptyState>
  );
}

/** What can be done to everything that fits the filter. */
function OnAll({
  filter,
  isFiltered,
  onDone,
}: {
  filter: TaskFilter;
  isFiltered: boolean;
  onDone: () => Promise<void>;
}) {
  if (!isFiltered) return null;
  const { state } = filter;
  if (state === 'failed' || state === 'cancelled') {
    const retry = async (): Promise<void> => {
      if (
        !(await confirm({
          title: `Retry all ${state} tasks that fit?`,
          text: 'Each runs again, with its input as it is.',
          confirm: 'Retry them',
        }))
      )
        return;
      const body = { ...queryOf(filter), state } as const;
      const done = await everywhere(() => answerOf(api().POST('/v1/tasks/retry', { body })));
      say(`${done} tasks run again.`);
      await onDone();
    };
    return <Button onClick={retry}>Retry all</Button>;
  }
  if (state === 'succeeded') return null;
  const cancel = async (): Promise<void> => {
    const text = 'Those that run are stopped. It cannot be taken back, but cancelled tasks can be run again.';
    if (
      !(await confirm({
        title: 'Cancel all open tasks that fit?',
        text,
        confirm: 'Cancel them',
        danger: true,
      }))
    )
      return;
    const body = queryOf(filter) as { type?: never };
    const done = await everywhere(() => answerOf(api().POST('/v1/tasks/cancel', { body })));
    say(`${done} tasks were cancelled.`);
    await onDone();
  };
  return <Button onClick={cancel}>Cancel all</Button>;
}

/** The API does a thousand at a time and says whether there are more. */
async function everywhere(send: () => Promise<{ done: number; more: boolean }>): Promise<number> {
  let done = 0;
  for (let rounds = 0; rounds < 1_000; rounds++) {
    const answer = await send();
    done += answer.done;
    if (!answer.more || answer.done === 0) break;
  }
  return done;
}
