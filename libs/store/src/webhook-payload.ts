import {
  RESULT_IN_PAYLOAD,
  type BatchPayload,
  type Callback,
  type TaskPayload,
  type TaskWebhookEvent,
} from '@offload/contracts/webhook-event';
import type { CompletedBatch } from './batch-record.js';
import type { StateCounts } from './batches.js';
import type { TaskRecord } from './task-record.js';
import type { NewDelivery } from './webhook-record.js';

type Ended = TaskRecord & { callback: Callback; endedAt: Date };

/** What is told of a task's end; null when its callback does not want to know of it. */
export function deliveryOfTask(task: Ended): NewDelivery | null {
  const { _id: id, seq, state, owner, callback, endedAt, batch } = task;
  const event = `task.${state}` as TaskWebhookEvent;
  if (!callback.events.includes(event)) return null;
  return {
    // Each run has its own seq.
    name: `task ${id} ${seq} ${state}`,
    at: endedAt,
    owner,
    event,
    url: callback.url,
    secretName: callback.secretName,
    task: id,
    ...(batch !== undefined && { batch }),
    payload: taskPayloadOf(task, event),
  };
}

function taskPayloadOf(task: Ended, type: TaskWebhookEvent): TaskPayload {
  const { _id: id, result, endedAt } = task;
  const resultOmitted = Buffer.byteLength(JSON.stringify(result ?? null)) > RESULT_IN_PAYLOAD;
  return {
    type,
    timestamp: endedAt.toISOString(),
    data: {
      id,
      type: task.type,
      state: task.state,
      attempt: task.attempt,
      tags: task.tags ?? [],
      batch: task.batch ?? null,
      schedule: task.schedule?.id ?? null,
      createdAt: task.createdAt.toISOString(),
      startedAt: task.startedAt?.toISOString() ?? null,
      endedAt: endedAt.toISOString(),
      error: task.state === 'failed' ? (task.error ?? null) : null,
      result: resultOmitted || task.state !== 'succeeded' ? null : (result ?? null),
      resultOmitted: resultOmitted && task.state === 'succeeded',
      links: { self: `/v1/tasks/${id}` },
    },
  };
}

/** What is told of a batch that is complete. */
export function deliveryOfBatch(
  batch: CompletedBatch & { callback: Callback },
  counts: StateCounts,
): NewDelivery {
  const { _id: id, owner, callback, completedAt } = batch;
  return {
    // It is completed once, also when a task of it runs again later.
    name: `batch ${id}`,
    at: completedAt,
    owner,
    event: 'batch.completed',
    url: callback.url,
    secretName: callback.secretName,
    batch: id,
    payload: batchPayloadOf(batch, counts),
  };
}

const batchPayloadOf = (batch: CompletedBatch, counts: StateCounts): BatchPayload => ({
  type: 'batch.completed',
  timestamp: batch.completedAt.toISOString(),
  data: {
    id: batch._id,
    total: batch.tasks.length,
    counts,
    tags: batch.tags ?? [],
    createdAt: batch.createdAt.toISOString(),
    completedAt: batch.completedAt.toISOString(),
    links: { self: `/v1/batches/${batch._id}`, tasks: `/v1/tasks?batch=${batch._id}` },
  },
});
