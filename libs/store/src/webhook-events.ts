import { terminalStates } from '@offload/contracts/task';
import type { Callback } from '@offload/contracts/webhook-event';
import type { CompletedBatch } from './batch-record.js';
import type { StateCounts } from './batches.js';
import type { StoreConnection } from './connect.js';
import { duplicatesOf, insertEvery } from './insert-tasks.js';
import type { StatsCounter } from './stats-counter.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';
import { deliveryOfBatch, deliveryOfTask } from './webhook-payload.js';
import { newDelivery, sendingTask, type NewDelivery, type WebhookDelivery } from './webhook-record.js';

export const DELIVERIES = 'webhookDeliveries';

/**
 * Makes the deliveries of events, once for each event, whoever does it and however often: ids are those of the events.
 * Whoever ends a task or batch does it before he clears the effect; else the clock does (design section 5, rule 4).
 */
export interface WebhookEvents {
  /** Of those of these tasks that have ended and whose end has not been told yet. */
  tasksEnded(ids: string[]): Promise<void>;
  batchCompleted(batch: CompletedBatch & { callback: Callback }, counts: StateCounts): Promise<void>;
  /** Makes the tasks that send these deliveries, as far as they are not there. */
  makeSenders(deliveries: Pick<WebhookDelivery, '_id' | 'sender'>[]): Promise<void>;
}

/** Tasks that are read with their results, which may have a megabyte each. */
const GROUP = 20;

type Told = TaskRecord & { callback: Callback; endedAt: Date };

/** @param stats counts the tasks that are made to send them */
export function createWebhookEvents(
  connection: StoreConnection,
  stats: Pick<StatsCounter, 'accepted'>,
): WebhookEvents {
  const tasks = taskModel(connection.mongo).collection;
  const told = async (ids: string[]): Promise<Told[]> =>
    (await tasks
      .find({ _id: { $in: ids }, effects: 'webhook', state: { $in: terminalStates } } as never)
      .project({ input: 0, history: 0, stack: 0 })
      .toArray()) as unknown as Told[];

  const makeSenders: WebhookEvents['makeSenders'] = async (deliveries) => {
    const now = connection.clock.now();
    const senders = deliveries.map((delivery) => sendingTask(delivery, now));
    const outcomes = await insertEvery(connection, senders);
    senders.forEach((task, i) => {
      const outcome = outcomes[i];
      if (outcome?.kind === 'created' && !outcome.before) stats.accepted(task);
    });
  };

  /** The delivery first: a sender without one would have nothing to send. */
  const deliver = async (events: NewDelivery[]): Promise<void> => {
    if (events.length === 0) return;
    const now = connection.clock.now();
    const deliveries = events.map((event) => newDelivery(event, now));
    const collection = connection.mongo.collection<WebhookDelivery>(DELIVERIES);
    await duplicatesOf(() => collection.insertMany(deliveries, { ordered: false }));
    await makeSenders(deliveries);
  };

  return {
    async tasksEnded(ids) {
      for (let from = 0; from < ids.length; from += GROUP) {
        const ended = await told(ids.slice(from, from + GROUP));
        await deliver(ended.flatMap((task) => deliveryOfTask(task) ?? []));
      }
    },
    batchCompleted: (batch, counts) => deliver([deliveryOfBatch(batch, counts)]),
    makeSenders,
  };
}
