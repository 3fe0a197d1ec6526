import { useEffect, useRef } from 'preact/hooks';
import type { JSX } from 'preact';
import type { Task } from '../data/client.js';
import { hasEnded, useTask } from '../data/use-task.js';
import { bytesText } from '../ui/bytes.js';
import { JsonView } from '../ui/json-view.js';
import { Progress } from '../ui/progress.js';
import { StateBadge } from '../ui/state-badge.js';
import { Loaded, Loading } from '../ui/states.js';
import { announce } from '../ui/toast.js';

/** One task as it goes on: state, progress, then result and files, or why it failed. */
export function TaskOutcome({ id, label }: { id: string; label: string }): JSX.Element {
  const resource = useTask(id);
  const told = useRef<string>('');
  const { data } = resource;
  useEffect(() => {
    if (!data || !hasEnded(data) || told.current === data.changedAt) return;
    told.current = data.changedAt;
    announce(`${label}: ${data.state}.`);
  }, [data?.changedAt]);
  return (
    <div class="task-outcome">
      <Loaded resource={resource} loading={<Loading rows={2} />}>
        {(task) => <Outcome task={task} label={label} />}
      </Loaded>
    </div>
  );
}

function Outcome({ task, label }: { task: Task; label: string }): JSX.Element {
  const { state, progress, error, attempt, attemptLimit } = task;
  return (
    <>
      <p class="row">
        <StateBadge state={state} />
        <a href={`/tasks/${task.id}`}>Its page</a>
        {attempt > 1 && (
          <span class="soft">
            attempt {attempt} of {attemptLimit}
          </span>
        )}
      </p>
      {!hasEnded(task) && (
        <Progress
          done={progress?.done ?? 0}
          total={progress?.total ?? null}
          label={label}
          note={progress?.note ?? waitingFor(task)}
        />
      )}
      {error && (
        <div class={hasEnded(task) ? 'notice danger' : 'notice warn'}>
          <p>
            <code>{error.code}</code> {error.message}
          </p>
        </div>
      )}
      <Files task={task} />
      {task.result != null && <JsonView value={task.result} label="Result" open={2} />}
    </>
  );
}

/** Why nothing is under way yet, in words. */
function waitingFor({ state, dueAt, waitsFor }: Task): string {
  if (state === 'blocked') return waitsFor.length === 1 ? 'Waits for another task' : 'Waits for other tasks';
  if (state === 'scheduled' && dueAt && Date.parse(dueAt) > Date.now() + 15_000)
    return `Begins ${new Date(dueAt).toLocaleString()}`;
  return state === 'running' ? 'Running' : 'Waits for a worker';
}

/** An ended task has its files; until the whole of it is loaded, none. */
function Files({ task }: { task: Task }): JSX.Element | null {
  const files = task.files ?? [];
  if (files.length === 0) return null;
  return (
    <ul aria-label="Files">
      {files.map(({ name, type, size, url }) => (
        <li key={name}>
          <a href={url} target="_self" download={name} data-native>
            {name}
          </a>{' '}
          <span class="soft">
            {type}, {bytesText(size)}
          </span>
        </li>
      ))}
    </ul>
  );
}
