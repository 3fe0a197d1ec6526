import { setMaxListeners } from 'node:events';
import type { BrokerConnection } from '@offload/broker/connect';
import { consume } from '@offload/broker/consume';
import { createPublisher } from '@offload/broker/publish';
import { declareTopology } from '@offload/broker/topology';
import type { TaskContract } from '@offload/contracts/define-task';
import { queuesOf, shareOf } from '@offload/contracts/queues';
import type { Log } from '@offload/runtime/logger';
import type { Store } from '@offload/store/open-store';
import type { Handler } from '@offload/worker/handler';
import { keepLeases } from '@offload/worker/leases';
import { createSlots } from '@offload/worker/slots';
import { workDelivery } from '@offload/worker/work-delivery';

/** What runWorker makes of a contract and a handler, in the test's own process and without its signals. */
export function startInProcessWorker<C extends TaskContract>(options: {
  contract: C;
  handler: Handler<C>;
  store: Store;
  connection: BrokerConnection;
  log: Log;
  name: string;
}): { stop(): Promise<void> } {
  const { contract, store, connection, log, name } = options;
  const leases = keepLeases({ tasks: store.tasks, log, onProgress: () => undefined });
  const publisher = createPublisher(connection, { log });
  const draining = new AbortController();
  const handBack = new AbortController();
  const until = new AbortController();
  setMaxListeners(0, handBack.signal, until.signal);
  const deps = {
    contract,
    handler: options.handler as Handler<TaskContract>,
    store,
    publisher,
    log,
    worker: name,
    leases,
    slots: createSlots(contract.concurrency, shareOf('bulk', contract.concurrency)),
    draining: draining.signal,
    mayBegin: () => true,
    handBack: handBack.signal,
    until: until.signal,
    onChanged: () => undefined,
  };
  const inHand = new Set<Promise<void>>();
  const consumers = queuesOf(contract).map((queue) =>
    consume(connection, {
      queue,
      prefetch: contract.prefetch,
      log,
      declare: (channel) => declareTopology(channel, [contract]),
      onDelivery(delivery) {
        const work = workDelivery(deps, delivery);
        inHand.add(work);
        void work.finally(() => inHand.delete(work));
      },
    }),
  );
  return {
    async stop() {
      draining.abort();
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await Promise.all(inHand);
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await leases.stop();
      await publisher.close();
    },
  };
}
