import type { TaskRecord } from '@offload/store/task-record';
import type { Stage } from './chaos-stage.js';
import { withStore } from './stored-task.js';
import { until } from './until.js';

const TAG = 'backlog';
/** The most that one batch may have. */
const BATCH = 1_000;

/** What a task of a backlog is besides its tag, as POST /v1/tasks takes it. */
export interface Waiting {
  input: Record<string, unknown>;
  lane?: 'bulk';
  runAt?: string;
}

/** Submits `count` such tasks of type system.echo, a thousand at a time, and accounts for them. Answers their ids. */
export async function submitMany(
  { system, account }: Stage,
  count: number,
  waiting: Waiting,
): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const size = Math.min(BATCH, count - ids.length);
    const tasks = Array.from({ length: size }, () => ({ type: 'system.echo', ...waiting }));
    const { tasks: accepted } = await post<{ tasks: { id: string }[] }>(system.apiUrl, '/v1/batches', 202, {
      tasks,
      tags: [TAG],
    });
    for (const { id } of accepted) account({ id, type: 'system.echo' });
    ids.push(...accepted.map(({ id }) => id));
  }
  return ids;
}

/** Resolves once the broker has every task of the bulk lane that has not ended: nothing waits to be published. */
export async function allQueued(stage: Stage, ms: number): Promise<void> {
  const unpublished = { lane: 'bulk', state: { $in: ['blocked', 'scheduled'] } };
  await until(
    'the backlog to be queued',
    async () => ((await countOf(stage, unpublished)) === 0 ? true : undefined),
    ms,
  );
}

/** How many tasks fit a condition of the database. */
export const countOf = ({ system }: Stage, condition: Record<string, unknown>): Promise<number> =>
  withStore(system, ({ connection }) => connection.mongo.collection('tasks').countDocuments(condition));

export const recordsOf = ({ system }: Stage, ids: string[]): Promise<TaskRecord[]> =>
  withStore(
    system,
    async ({ connection }) =>
      (await connection.mongo
        .collection('tasks')
        .find({ _id: { $in: ids } } as never)
        .toArray()) as unknown as TaskRecord[],
  );

/** Cancels what has not ended of it, as an operator would. */
export async function cancelBacklog({ system }: Stage): Promise<number> {
  let cancelled = 0;
  const cancelSome = async (): Promise<true | undefined> => {
    const response = await send(system.apiUrl, '/v1/tasks/cancel', { tag: TAG });
    // A database that is busy with so many answers late: the API then asks to be asked again.
    if (response.status === 503) return undefined;
    const { done, more } = await bodyOf<{ done: number; more: boolean }>(response, 200);
    cancelled += done;
    return more ? undefined : true;
  };
  await until('the backlog to be cancelled', cancelSome, 1_200_000);
  return cancelled;
}

/** Workers of system.echo begin nothing new until `resume`. */
export async function pauseEcho({ system }: Stage, what: 'pause' | 'resume'): Promise<void> {
  await post(system.apiUrl, `/v1/queues/system.echo/${what}`, 200, {});
}

async function post<T>(apiUrl: string, path: string, status: number, body: unknown): Promise<T> {
  return bodyOf<T>(await send(apiUrl, path, body), status);
}

const send = (apiUrl: string, path: string, body: unknown): Promise<Response> =>
  fetch(apiUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function bodyOf<T>(response: Response, status: number): Promise<T> {
  const text = await response.text();
  if (response.status !== status) throw new Error(`${response.url}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
