import type { Delivery } from '@offload/broker/consume';
import { deadReason } from '@offload/broker/message';
import { contractOf } from '@offload/contracts/registry';
import type { Log } from '@offload/runtime/logger';
import { failWaiting, putOff } from '@offload/store/moves';
import type { Store } from '@offload/store/open-store';
import { BROKER_DEATHS_ALLOWED } from '@offload/store/task-record';
import type { Announce } from './announce.js';

export interface DeadLetterDeps {
  store: Pick<Store, 'tasks' | 'unreadable' | 'dependencies' | 'stats'>;
  log: Log;
  announce: Announce;
}

/**
 * The clock's inbox: messages that the broker gave up on, and poison that a worker put there. Each is settled
 * against its document, then acked. One that stands for no task is kept in the store for operators.
 */
export async function settleDeadLetter(
  { store, log, announce }: DeadLetterDeps,
  delivery: Delivery,
): Promise<void> {
  const { message } = delivery;
  const reason = deadReason(message);
  const id = message.properties.correlationId;
  const seq = message.properties.headers?.['x-seq'];
  const task = typeof id === 'string' && id !== '' ? await store.tasks.get(id) : null;
  if (!task || typeof seq !== 'number') {
    log.error('a message without a task was kept', { reason, correlationId: id });
    await store.unreadable.keep({ reason, message });
    return void delivery.ack();
  }
  const now = store.tasks.now();
  const error = { code: reasonCode(reason), message: explain(reason, task.type) };
  const waiting = { id: task._id, seq, error, now };
  const last = task.brokerDeaths >= BROKER_DEATHS_ALLOWED || !contractOf(task.type);
  const moved = await store.tasks.apply(
    last
      ? failWaiting({ ...waiting, keepMs: task.keepMs })
      : putOff({ ...waiting, dueAt: now, brokerDeath: true }),
  );
  if (moved) log.warn('message came back from the broker', { task: task._id, reason, last });
  delivery.ack();
  if (moved && last) store.stats.ended(task, 'failed');
  if (moved) announce(task, last ? 'failed' : 'scheduled');
  if (moved && last) await store.dependencies.carryOut([task._id]);
}

/** The broker writes its reasons with an underscore; our codes have dashes. */
const reasonCode = (reason: string): string => reason.replaceAll('_', '-');

const explain = (reason: string, type: string): string =>
  contractOf(type)
    ? `The broker gave up on its message (${reason}).`
    : `There is no task type ${type} here any more.`;
