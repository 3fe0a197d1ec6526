import { useLocation, useRoute } from 'preact-iso/router';
import { client, type Task } from '../data/client.js';
import { hasEnded, useTask } from '../data/use-task.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { confirm } from '../ui/dialog.js';
import { JsonView } from '../ui/json-view.js';
import { Page, Section } from '../ui/page.js';
import { Progress } from '../ui/progress.js';
import { StateBadge } from '../ui/state-badge.js';
import { Loaded, Loading } from '../ui/states.js';
import { Table } from '../ui/table.js';
import { durationText, RelativeTime } from '../ui/time.js';
import { say } from '../ui/toast.js';
import { Batch, Dependencies } from './dependency-tree.js';
import { TaskActions, shortId } from './task-actions.js';
import { TaskFacts } from './task-facts.js';
import { TaskFiles } from './task-files.js';
import './tasks.css';
import { Timeline } from './timeline-view.js';

export default function TaskPage() {
  const { params } = useRoute();
  const id = params.id ?? '';
  // A task of its own each: what was folded out, and what is loaded, belongs to it.
  return <OneTask key={id} id={id} />;
}

function OneTask({ id }: { id: string }) {
  const resource = useTask(id);
  const task = resource.data;
  return (
    <Page
      wide
      title={task ? `${task.type} ${shortId(id)}` : `Task ${shortId(id)}`}
      lead={<a href="/tasks">All tasks</a>}
      actions={task && <Actions task={task} onChange={(to) => resource.change(() => to)} />}
    >
      <Loaded resource={resource} loading={<Loading height="24rem" />}>
        {(loaded) => <Details task={loaded} />}
      </Loaded>
    </Page>
  );
}

function Actions({ task, onChange }: { task: Task; onChange: (task: Task) => void }) {
  const { route } = useLocation();
  const remove = async (): Promise<void> => {
    const text = 'Its result and its files are removed now, not after their time.';
    if (!(await confirm({ title: 'Delete this task?', text, confirm: 'Delete it', danger: true }))) return;
    await client().task(task.id).delete();
    say('The task was deleted.');
    route('/tasks');
  };
  return (
    <>
      <TaskActions task={task} onDone={onChange} />
      {hasEnded(task) && (
        <Button kind="danger" onClick={remove}>
          Delete
        </Button>
      )}
      <CopyButton text={task.id} label="Copy the id" />
    </>
  );
}

function Details({ task }: { task: Task }) {
  return (
    <>
      <div class="stack">
        <p class="actions" role="status" aria-label="State of the task">
          <StateBadge state={task.state} />
          {task.state === 'succeeded' && <RelativeTime at={task.endedAt} />}
        </p>
        <Failure task={task} />
        {task.state === 'running' && (
          <Progress
            label="Progress of the task"
            done={task.progress?.done ?? 0}
            total={task.progress?.total}
            note={task.progress?.note}
          />
        )}
      </div>
      <div class="task-columns">
        <div>
          <Timeline task={task} />
          <TaskFiles files={task.files} />
          {task.state === 'succeeded' && (
            <Section title="Result">
              <JsonView label="Result" value={task.result} />
            </Section>
          )}
          <Section title="Input">
            <JsonView label="Input" value={task.input} open={2} />
          </Section>
        </div>
        <div>
          <TaskFacts task={task} />
          <Attempts task={task} />
          <Dependencies task={task} />
          {task.batch !== null && <Batch id={task.batch} task={task} />}
        </div>
      </div>
    </>
  );
}

function Failure({ task: { state, error, attempt, attemptLimit, dueAt } }: { task: Task }) {
  if (error === null || state === 'succeeded') return null;
  if (state === 'failed')
    return (
      <div class="notice danger">
        <h2>It failed: {error.code}</h2>
        <p>{error.message}</p>
        <p class="soft">
          {attempt} of {attemptLimit} attempts were made. “Retry” runs it again.
        </p>
      </div>
    );
  return (
    <div class="notice warn">
      <h2>The last attempt failed: {error.code}</h2>
      <p>{error.message}</p>
      {state === 'scheduled' && (
        <p class="soft">
          Attempt {attempt + 1} of {attemptLimit} comes <RelativeTime at={dueAt} />.
        </p>
      )}
    </div>
  );
}

function Attempts({ task: { attempts } }: { task: Task }) {
  if (attempts.length === 0) return null;
  return (
    <Section title="Attempts">
      <Table
        caption="Attempts, oldest first"
        rows={attempts.map((attempt, index) => ({ ...attempt, index }))}
        keyOf={({ index }) => String(index)}
        columns={[
          { title: 'Began', head: true, cell: ({ startedAt }) => <RelativeTime at={startedAt} /> },
          {
            title: 'Took',
            kind: 'number',
            cell: ({ startedAt, endedAt }) =>
              endedAt === null ? 'running' : durationText(Date.parse(endedAt) - Date.parse(startedAt)),
          },
          {
            title: 'Ended with',
            cell: ({ outcome, code }) => [outcome, code].filter(Boolean).join(': ') || '–',
          },
          { title: 'Worker', cell: ({ worker }) => <small>{worker}</small> },
        ]}
      />
    </Section>
  );
}
