import type { Publisher } from '@offload/broker/publish';
import type { QueueDepth } from '@offload/broker/queue-depth';
import type { Log } from '@offload/runtime/logger';
import type { QueueOf } from '@offload/store/due-tasks';
import { messageOf } from '@offload/store/new-task';
import type { Store } from '@offload/store/open-store';
import type { RunningTask } from '@offload/store/sweeps';

/** Tasks published again in one sweep of one queue. */
const MOST = 1_000;
const WINDOW_MS = 60_000;

export interface MessageSweepOptions {
  store: Pick<Store, 'sweeps' | 'tasks'>;
  publisher: Pick<Publisher, 'publish'>;
  depth: (queue: string) => Promise<QueueDepth | 'missing'>;
  queues: string[];
  /** Where a task is to be published now. */
  queueOf: QueueOf;
  log: Log;
  monotonic?: () => number;
}

/**
 * Finds queued tasks whose message is gone (queue deleted or purged) and publishes them again with the same seq; a
 * second copy is harmless (design section 5, rule 7). Queues are first in, first out, so a task that has been
 * queued for a minute longer than the oldest one claimed in the last minute was passed over: the watermark. When
 * nothing was claimed, only an empty queue on two readings tells.
 */
export class MessageSweep {
  readonly #options: MessageSweepOptions;
  readonly #claims = new Map<string, { at: number; queuedAt: number }[]>();
  readonly #emptyBefore = new Set<string>();

  constructor(options: MessageSweepOptions) {
    this.#options = options;
  }

  /** Notes which queue times were claimed lately; called with every reading of the running tasks. */
  observe(running: RunningTask[]): void {
    const at = this.#now();
    const since = this.#options.store.tasks.now().getTime() - WINDOW_MS;
    const oldest = new Map<string, number>();
    for (const { queue, queuedAt, startedAt } of running)
      if (queuedAt && startedAt && startedAt.getTime() > since)
        oldest.set(queue, Math.min(oldest.get(queue) ?? Infinity, queuedAt.getTime()));
    for (const queue of this.#options.queues) {
      const claims = (this.#claims.get(queue) ?? []).filter((claim) => at - claim.at < WINDOW_MS);
      const queuedAt = oldest.get(queue);
      if (queuedAt !== undefined) claims.push({ at, queuedAt });
      this.#claims.set(queue, claims);
    }
  }

  /** One look at every queue; answers how many tasks were published again. */
  async sweep(): Promise<number> {
    let count = 0;
    for (const queue of this.#options.queues) count += await this.#sweepQueue(queue);
    return count;
  }

  async #sweepQueue(queue: string): Promise<number> {
    const { store } = this.#options;
    const oldest = await store.sweeps.oldestQueued(queue);
    const now = store.tasks.now().getTime();
    if (!oldest || now - oldest.getTime() < WINDOW_MS) {
      this.#emptyBefore.delete(queue);
      return 0;
    }
    const claims = this.#claims.get(queue) ?? [];
    const watermark = claims.length > 0 ? Math.min(...claims.map((claim) => claim.queuedAt)) : now;
    if (claims.length === 0 && !(await this.#emptyTwice(queue))) return 0;
    return this.#publishAgain(queue, new Date(watermark - WINDOW_MS));
  }

  async #emptyTwice(queue: string): Promise<boolean> {
    const depth = await this.#options.depth(queue);
    const empty = depth === 'missing' || depth.ready === 0;
    const before = this.#emptyBefore.has(queue);
    if (empty) this.#emptyBefore.add(queue);
    else this.#emptyBefore.delete(queue);
    return empty && before;
  }

  async #publishAgain(queue: string, before: Date): Promise<number> {
    const { store, publisher, queueOf, log } = this.#options;
    const lost = await store.sweeps.queuedBefore(queue, before, MOST);
    let count = 0;
    for (const task of lost) {
      const now = queueOf(task);
      if (!(await store.sweeps.requeueLost(task, now))) continue;
      await publisher.publish(messageOf({ ...task, queue: now }));
      count += 1;
    }
    if (count > 0) log.warn('messages were gone; published again', { queue, count });
    return count;
  }

  #now(): number {
    return (this.#options.monotonic ?? (() => performance.now()))();
  }
}
