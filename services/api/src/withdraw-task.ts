import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@offload/runtime/logger';
import { cancel } from '@offload/store/moves';
import { isStoreAway } from '@offload/store/store-failure';
import type { TaskRecord } from '@offload/store/task-record';
import type { TaskStore } from '@offload/store/tasks';

export interface WithdrawOptions {
  tasks: Pick<TaskStore, 'apply' | 'now'>;
  log: Log;
  /** Milliseconds between two looks. */
  everyMs?: number;
  /** Milliseconds after which a write that nobody answered is not carried out any more. */
  lateMs?: number;
}

const EVERY_MS = 5_000;
const LATE_MS = 60_000;
/** A store that is away for longer is somebody's business; the log names what was left. */
const LOOKS = 60;

/**
 * Cancels a task that was answered 503. Whether the store has taken it, or will take it yet, nobody knows: it is looked
 * for until it is found, or is not there although no write can be late any more.
 */
export async function withdrawTask(
  { _id: id, keepMs }: TaskRecord,
  { tasks, log, everyMs = EVERY_MS, lateMs = LATE_MS }: WithdrawOptions,
): Promise<void> {
  const late = performance.now() + lateMs;
  for (let looks = 0; looks < LOOKS; looks++) {
    const last = performance.now() > late;
    try {
      if ((await tasks.apply(cancel({ id, keepMs, now: tasks.now() }))) || last) return;
    } catch (error) {
      if (!isStoreAway(error)) throw error;
    }
    // Holds no process that wants to end.
    await sleep(everyMs, undefined, { ref: false });
  }
  log.warn('a task that was answered 503 could not be looked for; it may be done', { task: id });
}
