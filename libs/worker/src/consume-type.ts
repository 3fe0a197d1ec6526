import type { BrokerConnection } from '@offload/broker/connect';
import { consume, type Consumer } from '@offload/broker/consume';
import { declareTopology, queuesOf } from '@offload/broker/topology';
import type { TaskContract } from '@offload/contracts/define-task';
import type { Log } from '@offload/runtime/logger';
import type { Store } from '@offload/store/open-store';
import type { PauseSwitch } from './pause-switch.js';
import type { Work } from './run-worker.js';
import { createSlots } from './slots.js';
import { workDelivery, type WorkDeps } from './work-delivery.js';

/** The consumers of one task type in a worker process. */
export interface ConsumedType {
  /** One a lane. */
  consumers: readonly Consumer[];
  /** No more deliveries come. */
  stop(): Promise<void>;
  /** Resolves when what is in hand is through. */
  done(): Promise<void>;
}

type Shared = Omit<WorkDeps, 'contract' | 'handler' | 'slots' | 'mayBegin' | 'store' | 'log'> & {
  log: Log;
  store: Store;
  pauseSwitch: PauseSwitch;
  onCrash: (error: unknown) => void;
};

/** Consumes both lanes of a contract's queue. */
export function consumeType(
  connection: BrokerConnection,
  { contract, handler }: Work<TaskContract>,
  { pauseSwitch, onCrash, ...shared }: Shared,
): ConsumedType {
  const { log, store } = shared;
  const deps: WorkDeps = {
    ...shared,
    contract,
    handler: typeof handler === 'function' ? handler : handler.of(store),
    slots: createSlots(contract.concurrency, bulkShare(contract.concurrency)),
    mayBegin: (delivery) => pauseSwitch.mayBegin(delivery),
  };
  const inHand = new Set<Promise<void>>();
  const consumers = queuesOf(contract).map((queue, index) =>
    consume(connection, {
      queue,
      prefetch: queue.endsWith('.bulk') ? bulkShare(contract.prefetch) : contract.prefetch,
      log,
      paused: pauseSwitch.paused,
      declare: (channel) => declareTopology(channel, [contract]),
      onDelivery(delivery) {
        const through = pauseSwitch.arrived(delivery, index);
        const work = workDelivery(deps, delivery).catch(onCrash);
        inHand.add(work);
        void work.finally(() => {
          through();
          inHand.delete(work);
        });
      },
    }),
  );
  pauseSwitch.follow(consumers);
  return {
    consumers,
    async stop() {
      await pauseSwitch.stop();
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
    done: async () => void (await Promise.all(inHand)),
  };
}

/**
 * The bulk lane gets a part of what a worker can do at once: its groups of claims and outcomes are smaller then, and an
 * interactive task waits less for the one that is under way (docs/performance.md).
 */
const bulkShare = (whole: number): number => Math.max(1, Math.floor(whole / BULK_PART));
const BULK_PART = 20;
