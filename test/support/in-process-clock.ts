import type { BrokerConnection } from '@offload/broker/connect';
import { createPublisher } from '@offload/broker/publish';
import type { TaskContract } from '@offload/contracts/define-task';
import { queueNow } from '@offload/contracts/queues';
import type { Log } from '@offload/runtime/logger';
import type { Store } from '@offload/store/open-store';
import { startLoop } from '../../services/clock/src/loop.js';
import { relayDueTasks } from '../../services/clock/src/relay.js';

/**
 * The clock's relay in the test's own process, with contracts of the test.
 * @param options.before runs before each turn, e.g. to let time pass in the store
 */
export function startInProcessRelay(options: {
  contracts: readonly TaskContract[];
  store: Store;
  connection: BrokerConnection;
  log: Log;
  before?: () => Promise<void>;
}): { stop(): Promise<void> } {
  const { contracts, store, connection, log, before } = options;
  const publisher = createPublisher(connection, { log, contracts });
  const queueOf = (task: Parameters<typeof queueNow>[1]) => queueNow(contracts, task);
  const loop = startLoop({
    name: 'relay',
    everyMs: 100,
    log,
    turn: async () => {
      await before?.();
      return (await relayDueTasks({ store, publisher, log, queueOf })).full;
    },
  });
  return {
    async stop() {
      await loop.stop();
      await publisher.close();
    },
  };
}
