import type { BrokerConnection } from '@offload/broker/connect';
import { subscribeBatchEvents, subscribeEvents } from '@offload/broker/events';
import type { Log } from '@offload/runtime/logger';
import type { Store } from '@offload/store/open-store';
import { tasksByIds } from '@offload/store/task-list';
import { createChangeFeed, type ChangeFeed } from './change-feed.js';
import { refreshedSubscriptions } from './refreshed-feeds.js';
import { inTime } from './store-deadline.js';

/** The changes of tasks as RabbitMQ tells them and MongoDB has them. */
export const openChangeFeed = (options: {
  store: Pick<Store, 'connection' | 'tasks'>;
  broker: BrokerConnection;
  log: Log;
  beatMs?: number;
}): ChangeFeed => {
  const { store, broker, log, beatMs } = options;
  return createChangeFeed({
    subscribe: (on) => [
      subscribeEvents(broker, { onEvent: on.task, log }),
      subscribeBatchEvents(broker, { onEvent: on.batch, log }),
    ],
    read: (ids) => inTime(tasksByIds(store.connection, ids)),
    readRefreshed: (tasks, owners) => inTime(refreshedSubscriptions(store.connection, tasks, owners)),
    now: () => store.tasks.now().getTime(),
    log,
    beatMs,
  });
};
