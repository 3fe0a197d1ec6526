import type { BrokerConnection } from '@offload/broker/connect';
import { consume, type Consumer } from '@offload/broker/consume';
import { declareTopology } from '@offload/broker/topology';
import type { TaskContract } from '@offload/contracts/define-task';
import { shareOf } from '@offload/contracts/queues';
import { lanes, queueName } from '@offload/contracts/task';
import type { Log } from '@offload/runtime/logger';
import type { Store } from '@offload/store/open-store';
import { noNumbers, seriesOf } from '@offload/store/stats-record';
import type { LaneLoad } from '@offload/store/worker-records';
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
  /** What it does now, one a lane. */
  load(): LaneLoad[];
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
    slots: createSlots(contract.concurrency, shareOf('bulk', contract.concurrency)),
    mayBegin: (delivery) => pauseSwitch.mayBegin(delivery),
  };
  const inHand = lanes.map(() => new Set<Promise<void>>());
  const consumers = lanes.map((lane, index) =>
    consume(connection, {
      queue: queueName(contract.queue, lane),
      prefetch: shareOf(lane, contract.prefetch),
      log,
      paused: pauseSwitch.paused,
      declare: (channel) => declareTopology(channel, [contract]),
      onDelivery(delivery) {
        const through = pauseSwitch.arrived(delivery, index);
        const work = workDelivery(deps, delivery).catch(onCrash);
        inHand[index]?.add(work);
        void work.finally(() => {
          through();
          inHand[index]?.delete(work);
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
    done: async () => void (await Promise.all(inHand.flatMap((works) => [...works]))),
    load: () =>
      lanes.map((lane, index) => {
        const { type, queue, concurrency } = contract;
        const running = shared.leases.count({ type, lane });
        const { succeeded, failed, retried } =
          store.stats.sinceStart().get(seriesOf({ type, lane })) ?? noNumbers();
        return {
          type,
          lane,
          queue: queueName(queue, lane),
          capacity: shareOf(lane, concurrency),
          running,
          waiting: Math.max(0, (inHand[index]?.size ?? 0) - running),
          paused: pauseSwitch.paused,
          succeeded,
          failed,
          retried,
        };
      }),
  };
}
