import type { Store } from '@offload/store/open-store';
import { PUBLISH_GRACE_MS, type TaskRecord } from '@offload/store/task-record';
import type { Submitter } from './submit-task.js';

/**
 * Settles new tasks that were stored blocked. Those that wait for nothing any more are published at once, but for those
 * that are for later. What goes wrong here is made up for by the clock, which looks at old blocked tasks again.
 */
export async function releaseTasks(
  tasks: TaskRecord[],
  { store, submitter }: { store: Pick<Store, 'dependencies'>; submitter: Pick<Submitter, 'submit'> },
): Promise<void> {
  const timed = tasks.filter((task) => task.dueAt);
  const prompt = tasks.filter((task) => !task.dueAt);
  const [first] = prompt;
  if (timed.length > 0) await store.dependencies.settleBlocked(timed);
  if (!first) return;
  // As for one that was never blocked: the relay takes over what is not confirmed by then.
  const dueAt = new Date(first.createdAt.getTime() + PUBLISH_GRACE_MS);
  const released = new Set(await store.dependencies.settleBlocked(prompt, dueAt));
  for (const task of prompt)
    if (released.has(task._id)) submitter.submit({ ...task, state: 'scheduled', waitsFor: [], dueAt });
}
