import { answerOf } from '@offload/client';
import { api, client, type Task, type TaskSummary } from '../data/client.js';
import { useResource } from '../data/use-resource.js';
import { ErrorState } from '../ui/error-state.js';
import { Section } from '../ui/page.js';
import { StateBadge } from '../ui/state-badge.js';
import { dependenciesOf } from './dependencies.js';
import { addressOf } from './task-filter.js';
import { shortId } from './task-actions.js';

/** Generations above the task that are looked up. */
const DEEPEST = 6;
const MOST_SIBLINGS = 12;

/** What the task takes the results of, and what waits for it, each with its state, live. */
export function Dependencies({ task }: { task: Task }) {
  const parents = dependenciesOf(task);
  const waiting = useResource(
    async (signal) => {
      const query = { state: 'blocked', limit: 200, batch: task.batch ?? undefined } as const;
      const { items } = await answerOf(api().GET('/v1/tasks', { params: { query }, signal }));
      return items.filter(({ waitsFor }) => waitsFor.includes(task.id));
    },
    [task.id, task.state],
    { when: (changed) => changed.waitsFor.includes(task.id) },
  );
  if (parents.length === 0 && !waiting.data?.length) return null;
  return (
    <Section title="Dependencies">
      {parents.length > 0 && (
        <>
          <h3>It takes results of</h3>
          <ul class="tree">
            {parents.map((id) => (
              <Ancestor key={id} id={id} depth={1} />
            ))}
          </ul>
        </>
      )}
      {waiting.data !== undefined && waiting.data.length > 0 && (
        <>
          <h3>These wait for it</h3>
          <ul class="tree">
            {waiting.data.map((one) => (
              <li key={one.id}>
                <TaskLine task={one} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function Ancestor({ id, depth }: { id: string; depth: number }) {
  const { data, error } = useResource((signal) => client().task(id).task({ signal }) as Promise<Task>, [id], {
    when: (changed) => changed.id === id,
  });
  if (data === undefined)
    return (
      <li>
        <div class="soft">
          {shortId(id)} {error === undefined ? '…' : 'is gone: removed after its time, or another owner’s'}
        </div>
      </li>
    );
  const parents = depth < DEEPEST ? dependenciesOf(data) : [];
  return (
    <li>
      <TaskLine task={data} />
      {parents.length > 0 && (
        <ul>
          {parents.map((parent) => (
            <Ancestor key={parent} id={parent} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}

function TaskLine({ task, here }: { task: TaskSummary | Task; here?: boolean }) {
  return (
    <div>
      <StateBadge state={task.state} />
      {here ? (
        <strong>
          {task.type} {shortId(task.id)} (this one)
        </strong>
      ) : (
        <a href={`/tasks/${task.id}`}>
          {task.type} <span class="numbers">{shortId(task.id)}</span>
        </a>
      )}
      {task.error && task.state === 'failed' && <span class="soft">{task.error.code}</span>}
    </div>
  );
}

/** The batch that the task is part of: how far it is, and its first tasks. */
export function Batch({ id, task }: { id: string; task: Task }) {
  const batch = useResource(
    async (signal) => {
      const [summary, { items }] = await Promise.all([
        client().batch(id).batch({ signal }),
        answerOf(
          api().GET('/v1/tasks', {
            params: { query: { batch: id, limit: MOST_SIBLINGS, order: 'asc' } },
            signal,
          }),
        ),
      ]);
      return { summary, items };
    },
    [id],
    { when: (changed) => changed.batch === id },
  );
  const { data, error, reload } = batch;
  return (
    <Section title="Batch" actions={<a href={addressOf({ batch: id })}>All its tasks</a>}>
      {error !== undefined && <ErrorState error={error} onRetry={reload} />}
      {data && (
        <>
          <p class="numbers">
            {data.summary.total} tasks:{' '}
            {Object.entries(data.summary.counts)
              .filter(([, count]) => count > 0)
              .map(([state, count]) => `${count} ${state}`)
              .join(', ')}
          </p>
          <ul class="tree">
            {data.items.map((one) => (
              <li key={one.id}>
                <TaskLine task={one} here={one.id === task.id} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
