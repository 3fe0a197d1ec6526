import { isTerminal, type TaskFailure } from '@offload/contracts/task';
import type { StoreConnection } from './connect.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';
import { DELIVERIES, type WebhookEvents } from './webhook-events.js';
import { LATE_MS, type WebhookDelivery } from './webhook-record.js';

type Sender = Pick<TaskRecord, '_id' | 'state' | 'error'>;

/**
 * Looks at pending deliveries whose time is long over. One whose task has ended without a word (its workers died in it,
 * an operator cancelled it) has failed; one that has no task, since whoever replayed it died, gets it; the others
 * wait on. Answers how many there were.
 */
export async function sweepDeliveries(
  connection: StoreConnection,
  events: Pick<WebhookEvents, 'makeSenders'>,
  limit: number,
): Promise<number> {
  const { mongo, clock } = connection;
  const deliveries = mongo.collection<WebhookDelivery>(DELIVERIES);
  const late = await deliveries
    .find({ lookAt: { $lte: clock.now(), $exists: true } })
    .limit(limit)
    .project<Pick<WebhookDelivery, '_id' | 'sender'>>({ sender: 1 })
    .toArray();
  if (late.length === 0) return 0;
  const senders = new Map((await read(connection, late)).map((sender) => [sender._id, sender]));
  const now = clock.now();
  const lost = late.filter(({ sender }) => !senders.has(sender));
  for (const delivery of late) {
    const task = senders.get(delivery.sender);
    const pending = { ...delivery, state: 'pending' as const };
    if (task && isTerminal(task.state)) {
      const $set = { state: 'failed' as const, error: failureOf(task), endedAt: now, changedAt: now };
      await deliveries.updateOne(pending, { $set, $unset: { nextAt: '', lookAt: '' } });
    } else await deliveries.updateOne(pending, { $set: { lookAt: new Date(now.getTime() + LATE_MS) } });
  }
  await events.makeSenders(lost);
  return late.length;
}

const read = async (
  connection: StoreConnection,
  late: Pick<WebhookDelivery, 'sender'>[],
): Promise<Sender[]> =>
  (await taskModel(connection.mongo)
    .collection.find({ _id: { $in: late.map(({ sender }) => sender) } } as never)
    .project({ state: 1, error: 1 })
    .toArray()) as unknown as Sender[];

const failureOf = ({ error, state }: Sender): TaskFailure =>
  error ?? { code: 'not-finished', message: `The task that sends it has ${state} before it was delivered.` };
