import type { EventPublisher } from '@offload/broker/events';
import type { Progress, TaskState } from '@offload/contracts/task';
import type { TaskRecord } from '@offload/store/task-record';
import type { TaskStore } from '@offload/store/tasks';
import type { HeldLease } from './leases.js';

/** What an event says of a task. */
export type Changed = Pick<TaskRecord, '_id' | 'type' | 'owner' | 'attempt'>;

/** Tells listeners (the API's long polls and streams) that a task changed. Hints: they read the document. */
export function announce(events: EventPublisher, tasks: Pick<TaskStore, 'now'>) {
  const tell = (task: Changed, state: TaskState, progress?: Progress): void =>
    events.publishEvent({
      task: task._id,
      type: task.type,
      owner: task.owner,
      attempt: task.attempt,
      state,
      at: tasks.now().toISOString(),
      ...(progress && { progress }),
    });
  return {
    tell,
    tellProgress: ({ task }: HeldLease, progress: Progress): void => tell(task, 'running', progress),
  };
}
