import type { EventPublisher } from '@offload/broker/events';
import type { TaskState } from '@offload/contracts/task';
import type { TaskRecord } from '@offload/store/task-record';

/** Tells listeners (the API's long polls and streams) what the clock changed. Hints: they read the document. */
export type Announce = (
  task: Pick<TaskRecord, '_id' | 'type' | 'owner' | 'attempt'>,
  state: Extract<TaskState, 'scheduled' | 'failed'>,
) => void;

export const announceBy =
  (events: Pick<EventPublisher, 'publishEvent'>, now: () => Date): Announce =>
  ({ _id: task, type, owner, attempt }, state) =>
    events.publishEvent({ task, type, owner, attempt, state, at: now().toISOString() });
