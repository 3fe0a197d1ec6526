import type { BrokerConnection } from '@offload/broker/connect';
import { consume, type Consumer, type Delivery } from '@offload/broker/consume';
import { queueDepth } from '@offload/broker/queue-depth';
import type { Log } from '@offload/runtime/logger';
import { putOff } from '@offload/store/moves';
import type { Store } from '@offload/store/open-store';
import { GivenUp, persist } from '@offload/store/persist';

/** Messages in hand of one former queue. */
const PREFETCH = 100;
/** A former queue that nobody has used for so long is removed; processes of the old version may still be around. */
export const UNUSED_MS = 10 * 60_000;

export interface FormerQueuesOptions {
  store: Pick<Store, 'tasks' | 'sweeps' | 'unreadable'>;
  /** A connection that consumes. */
  connection: BrokerConnection;
  /** Queues that types had before; see formerQueuesOf. */
  queues: string[];
  log: Log;
  /** Aborts when there is no time left to store anything. */
  until: AbortSignal;
  unusedMs?: number;
  monotonic?: () => number;
}

/**
 * Empties the queues that types had before their arguments changed, and removes them (docs/decisions/0035). A message
 * there is not worked: its task goes back to scheduled, and the relay publishes it to the queue of today. So nothing
 * needs a worker that knows the old queue, and workers of the old version may still consume it meanwhile.
 */
export class FormerQueues {
  readonly #options: FormerQueuesOptions;
  readonly #draining = new Map<string, Consumer>();
  readonly #unusedSince = new Map<string, number>();
  readonly #inHand = new Set<Promise<void>>();

  constructor(options: FormerQueuesOptions) {
    this.#options = options;
  }

  /** One look at each: begins to drain one that exists, removes one that is not used any more. */
  async look(): Promise<void> {
    for (const queue of this.#options.queues) await this.#lookAt(queue);
  }

  async stop(): Promise<void> {
    const consumers = [...this.#draining.values()];
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await Promise.all(this.#inHand);
    await Promise.all(consumers.map((consumer) => consumer.close()));
    this.#draining.clear();
  }

  async #lookAt(queue: string): Promise<void> {
    const { connection, store } = this.#options;
    const depth = await queueDepth(connection, queue);
    if (depth === 'missing') return this.#forget(queue);
    const used = depth.ready > 0 || (await store.sweeps.oldestQueued(queue)) !== null;
    if (used) this.#unusedSince.delete(queue);
    if (!this.#draining.has(queue)) this.#drain(queue);
    else if (!used) await this.#removeUnused(queue);
  }

  #drain(queue: string): void {
    const { connection, log } = this.#options;
    log.info('a former queue is drained', { queue });
    const consumer = consume(connection, {
      queue,
      prefetch: PREFETCH,
      log,
      onDelivery: (delivery) => {
        const work = this.#moveOn(queue, delivery);
        this.#inHand.add(work);
        void work.finally(() => this.#inHand.delete(work));
      },
    });
    this.#draining.set(queue, consumer);
  }

  async #moveOn(queue: string, delivery: Delivery): Promise<void> {
    const { store, log, until } = this.#options;
    const { correlationId, headers } = delivery.message.properties;
    const seq: unknown = headers?.['x-seq'];
    const again = async (): Promise<void> => {
      if (typeof correlationId !== 'string' || typeof seq !== 'number') {
        log.error('a message without a task was kept', { queue, correlationId });
        return store.unreadable.keep({ reason: 'no-task', message: delivery.message });
      }
      const now = store.tasks.now();
      // Does nothing when the task was begun or has ended: then the message is stale.
      await store.tasks.apply(putOff({ id: correlationId, seq, dueAt: now, brokerDeath: false, now }));
    };
    try {
      await persist('former queue', again, { log, until });
      delivery.ack();
    } catch (error) {
      if (!(error instanceof GivenUp))
        log.error('a message of a former queue was not moved on', { queue, error });
    }
  }

  /** Quorum queues know no if-empty: a message that comes in between is found by the message sweep. */
  async #removeUnused(queue: string): Promise<void> {
    const { connection, log, unusedMs = UNUSED_MS } = this.#options;
    const now = this.#now();
    const since = this.#unusedSince.get(queue) ?? now;
    this.#unusedSince.set(queue, since);
    if (now - since < unusedMs) return;
    await this.#forget(queue);
    await connection.withChannel((channel) => channel.deleteQueue(queue));
    log.info('a former queue was empty and is removed', { queue });
  }

  async #forget(queue: string): Promise<void> {
    const consumer = this.#draining.get(queue);
    this.#draining.delete(queue);
    this.#unusedSince.delete(queue);
    await consumer?.close();
  }

  #now(): number {
    return (this.#options.monotonic ?? (() => performance.now()))();
  }
}
