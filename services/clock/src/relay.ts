import {
  NotPublished,
  type NotPublishedCode,
  type Publisher,
  type PublishOutcome,
} from '@offload/broker/publish';
import type { Log } from '@offload/runtime/logger';
import { releaseTaken, takeDueTasks, type QueueOf } from '@offload/store/due-tasks';
import { messageOf } from '@offload/store/new-task';
import type { Store } from '@offload/store/open-store';
import type { TaskRecord } from '@offload/store/task-record';

/** Tasks in one take. */
const TAKE = 1_000;

/**
 * What the broker has not taken is tried again within so many milliseconds for each of them: few at once, many over a
 * minute, so that a full queue is filled up as it empties and a backlog behind it costs little.
 */
const WINDOW_MS = { each: 60, least: 1_000, most: 60_000 };

type Outcome = PublishOutcome | NotPublishedCode;

export interface RelayDeps {
  store: Pick<Store, 'connection' | 'tasks'>;
  publisher: Pick<Publisher, 'ready' | 'publish'>;
  log: Log;
  /** Where a task is to be published now. */
  queueOf: QueueOf;
}

/**
 * Publishes scheduled tasks whose time has come: the one mechanism behind the outbox, delays, retries and
 * hand-backs. What the broker has not taken (its queue is full, it is out of memory) is given back and tried again
 * soon; what may have arrived without a confirm stays held until its hold is over.
 * @returns how many tasks were taken; a full take means that there may be more
 */
export async function relayDueTasks(deps: RelayDeps): Promise<{ taken: number; full: boolean }> {
  const { store, publisher, queueOf } = deps;
  // Nothing is taken that cannot be published now: its hold would only delay it when the broker is back.
  if (!publisher.ready) return { taken: 0, full: false };
  const tasks = await takeDueTasks(store.connection, TAKE, queueOf);
  const refused: { task: TaskRecord; outcome: Outcome }[] = [];
  await Promise.all(
    tasks.map(async (task) => {
      const outcome = await publishTask(publisher, task);
      if (outcome === 'confirmed') await store.tasks.confirmed({ task: task._id, seq: task.seq });
      else if (outcome !== 'unconfirmed') refused.push({ task, outcome });
    }),
  );
  if (refused.length > 0) await giveBack(deps, refused);
  return { taken: tasks.length, full: tasks.length === TAKE && refused.length === 0 };
}

const publishTask = (publisher: RelayDeps['publisher'], task: TaskRecord): Promise<Outcome> =>
  publisher.publish(messageOf(task)).catch((error: unknown) => {
    if (error instanceof NotPublished) return error.code;
    throw error;
  });

async function giveBack(
  { store, log }: RelayDeps,
  refused: { task: TaskRecord; outcome: Outcome }[],
): Promise<void> {
  const { each, least, most } = WINDOW_MS;
  const windowMs = Math.min(most, Math.max(least, refused.length * each));
  const tasks = refused.map(({ task }) => task);
  await releaseTaken(store.connection, tasks, windowMs);
  const outcomes = [...new Set(refused.map(({ outcome, task }) => `${outcome} ${task.queue}`))].join(', ');
  log.warn('not taken by the broker; trying again soon', { outcomes, count: tasks.length, windowMs });
}
