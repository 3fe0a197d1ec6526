import type { ControlSender } from '@offload/broker/control';
import type { EventPublisher } from '@offload/broker/events';
import type { TaskState } from '@offload/contracts/task';
import type { TaskRecord } from '@offload/store/task-record';

type Changed = Pick<TaskRecord, '_id' | 'type' | 'owner' | 'attempt'>;

/** Tells other processes what was changed here. Hints, sent and forgotten: the documents decide. */
export interface Announcer {
  /** To who waits for the task or watches it. */
  changed: (task: Changed, state: TaskState) => void;
  /** To the worker that may be running the task: its lease is gone. */
  cancelled(task: Changed): void;
  /** To all workers of the type. */
  switched(type: string, paused: boolean): void;
}

export function createAnnouncer(options: {
  control: Pick<ControlSender, 'sendControl'>;
  events: Pick<EventPublisher, 'publishEvent'>;
  now: () => Date;
}): Announcer {
  const { control, events, now } = options;
  return {
    changed: ({ _id: task, type, owner, attempt }, state) =>
      events.publishEvent({ task, type, owner, attempt, state, at: now().toISOString() }),
    cancelled: ({ _id: task }) => control.sendControl({ kind: 'cancel', task }),
    switched: (type, paused) => control.sendControl({ kind: paused ? 'pause' : 'resume', type }),
  };
}
