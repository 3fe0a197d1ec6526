import type { TaskSummary } from '../data/client.js';
import { StateBadge } from '../ui/state-badge.js';
import { Table, type Column } from '../ui/table.js';
import { durationText, now, RelativeTime } from '../ui/time.js';
import { addressOf } from './task-filter.js';
import { shortId, TaskActions } from './task-actions.js';

interface TaskTableProps {
  caption: string;
  rows: readonly TaskSummary[];
  onChanged: (task: TaskSummary) => void;
}

export function TaskTable({ caption, rows, onChanged }: TaskTableProps) {
  const columns: Column<TaskSummary>[] = [
    {
      title: 'Task',
      head: true,
      cell: (task) => (
        <a href={`/tasks/${task.id}`} title={task.id}>
          {task.type} <span class="soft numbers nowrap">{shortId(task.id)}</span>
        </a>
      ),
    },
    { title: 'State', cell: (task) => <StateBadge state={task.state} /> },
    { title: 'What it says', wide: true, cell: (task) => <Says task={task} /> },
    {
      title: 'Attempts',
      kind: 'number',
      cell: ({ attempt, attemptLimit }) => `${attempt} of ${attemptLimit}`,
    },
    { title: 'Created', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
    { title: 'Took', kind: 'number', cell: (task) => <Took task={task} /> },
    {
      title: 'Actions',
      kind: 'actions',
      cell: (task) => <TaskActions small task={task} onDone={onChanged} />,
    },
  ];
  return (
    <div class="tasks-list">
      <Table caption={caption} columns={columns} rows={rows} keyOf={({ id }) => id} />
    </div>
  );
}

/** Its error, its progress, or what it waits for, in a line; and its tags. */
function Says({ task }: { task: TaskSummary }) {
  const line = lineOf(task);
  if (!line && task.tags.length === 0) return null;
  return (
    <div class="tasks-says">
      {line && <span class="tasks-line">{line}</span>}
      {task.tags.map((tag) => (
        <a key={tag} class="tasks-tag" href={addressOf({ tag })}>
          {tag}
        </a>
      ))}
    </div>
  );
}

function lineOf({ state, error, progress, waitsFor, dueAt }: TaskSummary) {
  if (state === 'blocked')
    return waitsFor.length > 0
      ? `waits for ${waitsFor.length} other ${waitsFor.length === 1 ? 'task' : 'tasks'}`
      : 'waits';
  if (state === 'running' && progress) {
    const { done, total, note } = progress;
    return [total ? `${Math.round((done / total) * 100)} %` : null, note].filter(Boolean).join(' · ');
  }
  if (error && state !== 'succeeded') return `${error.code}: ${error.message}`;
  if (state === 'scheduled')
    return (
      <>
        due <RelativeTime at={dueAt} />
      </>
    );
  return null;
}

/** From the beginning of its last attempt to its end, or until now. */
function Took({ task: { startedAt, endedAt, state } }: { task: TaskSummary }) {
  if (startedAt === null) return <span class="soft">–</span>;
  if (endedAt !== null) return durationText(Date.parse(endedAt) - Date.parse(startedAt));
  if (state !== 'running') return <span class="soft">–</span>;
  return durationText(Math.max(0, now.value - Date.parse(startedAt)));
}
