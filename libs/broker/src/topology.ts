import type { Channel } from 'amqplib';
import type { TaskContract } from '@offload/contracts/define-task';
import { queuesOf } from '@offload/contracts/queues';

/**
 * Where a task waits, and where it goes when nobody can do it.
 *
 *   tasks (direct)  ──type[.bulk]──▶  one quorum queue per type and lane  ──given up──▶  tasks.dead
 *   tasks.dead (topic)  ──#──▶  queue tasks.dead, the clock's inbox
 *   tasks.control (fanout), tasks.events (topic, type.state)  ──▶  an exclusive queue of each process
 */
export const EXCHANGES = {
  tasks: { name: 'tasks', type: 'direct' },
  /** Topic, so that messages keep their routing key and an operator can bind one type apart. */
  dead: { name: 'tasks.dead', type: 'topic' },
  control: { name: 'tasks.control', type: 'fanout' },
  events: { name: 'tasks.events', type: 'topic' },
} as const;

export const DEAD_QUEUE = 'tasks.dead';

/**
 * At-least-once dead-lettering works only with these three together; without `reject-publish` it is silently
 * at-most-once (RabbitMQ guide "Quorum queues"). Nothing of ours nacks, so the limit counts crashes only.
 * Length limits come by policy: a policy can change, an argument cannot.
 */
export const TASK_QUEUE_ARGUMENTS = {
  'x-queue-type': 'quorum',
  'x-dead-letter-exchange': EXCHANGES.dead.name,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
  'x-delivery-limit': 100,
} as const;

/**
 * RabbitMQ 4 drops a message after 20 deliveries where nothing else is said, and this queue has nowhere to pass it
 * on to. 3.x refuses -1 (no limit), so: a number that is never reached.
 */
export const DEAD_QUEUE_ARGUMENTS = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000_000 } as const;

/** A queue or exchange exists with other properties. Only an operator or a new name can help. */
export class TopologyConflict extends Error {
  readonly code = 'topology-conflict';
}

/**
 * Declares everything that the contracts need. Harmless when it exists already, and when several processes do it at
 * once. Throws {@link TopologyConflict}; anything else is the channel's or the connection's end.
 */
export async function declareTopology(channel: Channel, contracts: readonly TaskContract[]): Promise<void> {
  for (const { name, type } of Object.values(EXCHANGES))
    await declaring(`exchange ${name}`, EXCHANGE_REMEDY, () =>
      channel.assertExchange(name, type, { durable: true }),
    );
  await declareQueue(channel, DEAD_QUEUE, DEAD_QUEUE_ARGUMENTS);
  await channel.bindQueue(DEAD_QUEUE, EXCHANGES.dead.name, '#');
  for (const queue of contracts.flatMap(queuesOf)) {
    await declareQueue(channel, queue, TASK_QUEUE_ARGUMENTS);
    await channel.bindQueue(queue, EXCHANGES.tasks.name, queue);
  }
}

const declareQueue = (channel: Channel, queue: string, args: Record<string, unknown>): Promise<unknown> =>
  declaring(`queue ${queue}`, QUEUE_REMEDY, () =>
    channel.assertQueue(queue, { durable: true, arguments: args }),
  );

const QUEUE_REMEDY =
  "Give the contract a new queue name (in its defineTask, queue: 'some.type.v2', formerQueues: ['some.type']), or delete the queue once it is empty: it is declared again at once.";
const EXCHANGE_REMEDY = 'Delete the exchange in the management UI: it is declared again at once.';

async function declaring(what: string, remedy: string, declare: () => Promise<unknown>): Promise<void> {
  try {
    await declare();
  } catch (error) {
    // PRECONDITION_FAILED (AMQP 0-9-1, reply code 406): it exists, and not like this.
    if ((error as { code?: number }).code !== 406) throw error;
    throw new TopologyConflict(
      `The ${what} exists with other properties, and RabbitMQ cannot change them. ${remedy} The broker says: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
