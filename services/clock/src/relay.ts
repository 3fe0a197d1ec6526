import { NotPublished, type Publisher } from '@offload/broker/publish';
import type { Log } from '@offload/runtime/logger';
import { takeDueTasks } from '@offload/store/due-tasks';
import { messageOf } from '@offload/store/new-task';
import type { Store } from '@offload/store/open-store';

/** Tasks in one take. */
const TAKE = 1_000;

/**
 * Publishes scheduled tasks whose time has come: the one mechanism behind the outbox, delays, retries and
 * hand-backs. What the broker does not confirm stays scheduled and is taken again when its hold is over.
 * @returns how many tasks were taken; a full take means that there may be more
 */
export async function relayDueTasks(
  store: Pick<Store, 'connection' | 'tasks'>,
  publisher: Publisher,
  log: Log,
): Promise<{ taken: number; full: boolean }> {
  // Nothing is taken that cannot be published now: its hold would only delay it when the broker is back.
  if (!publisher.ready) return { taken: 0, full: false };
  const tasks = await takeDueTasks(store.connection, TAKE);
  const refused = new Map<string, number>();
  await Promise.all(
    tasks.map(async (task) => {
      const outcome = await publisher.publish(messageOf(task)).catch((error: unknown) => {
        if (error instanceof NotPublished) return error.code;
        throw error;
      });
      if (outcome === 'confirmed') await store.tasks.confirmed({ task: task._id, seq: task.seq });
      else refused.set(outcome, (refused.get(outcome) ?? 0) + 1);
    }),
  );
  for (const [outcome, count] of refused)
    log.warn('not taken by the broker; trying again later', { outcome, count });
  return { taken: tasks.length, full: tasks.length === TAKE };
}
