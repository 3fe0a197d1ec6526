import { fileURLToPath } from 'node:url';
import { connectBroker } from '@offload/broker/connect';
import { createControlSender } from '@offload/broker/control';
import { createEventPublisher, subscribeBatchEvents, subscribeEvents } from '@offload/broker/events';
import { createPublisher } from '@offload/broker/publish';
import { contracts } from '@offload/contracts/registry';
import { terminalStates } from '@offload/contracts/task';
import { integer, processEnv, readEnv, serverEnv } from '@offload/runtime/env';
import { createLifecycle } from '@offload/runtime/lifecycle';
import { createLogger } from '@offload/runtime/logger';
import { startWatchdog } from '@offload/runtime/watchdog';
import { countOpenTasks } from '@offload/store/open-tasks';
import { completedEvent } from '@offload/store/batch-record';
import { openStore } from '@offload/store/open-store';
import { z } from 'zod';
import { createAnnouncer } from './announcer.js';
import { createApp } from './app.js';
import { isLoopback } from './local-only.js';
import { createQuota } from './quota.js';
import { serve } from './serve.js';
import { inTime } from './store-deadline.js';
import { createSubmitter } from './submit-task.js';
import { createTaskWaits, createWaits } from './task-waits.js';

const MIB = 1024 * 1024;

const config = readEnv(process.env, {
  ...processEnv,
  ...serverEnv,
  PORT: integer(0, 65535).default(3000),
  FILE_MAX_BYTES: integer(1, 10 * 1024 * MIB).default(100 * MIB),
  OWNER_OPEN_TASKS: integer(1, 1_000_000_000).default(1_000_000),
  PAGES_FOLDER: z.string().default(fileURLToPath(new URL('../../pages/public', import.meta.url))),
});

const log = createLogger({
  service: 'api',
  level: config.LOG_LEVEL,
  format: config.NODE_ENV === 'production' ? 'json' : 'text',
});
const lifecycle = createLifecycle({ log, graceMs: 30_000 });
const watchdog = startWatchdog({ limitMs: config.WATCHDOG_MS });
lifecycle.onStop('watchdog', () => watchdog.stop());

// Stopped from the last to the first: no more requests, then what they have published, then the database.
const store = openStore({ uri: config.MONGODB_URI, name: 'api', log });
lifecycle.onStop('database', () => store.connection.close());

// Two connections: RabbitMQ stops reading from one that publishes while it is short of memory or disk.
const events = await connectBroker({ url: config.AMQP_URL, name: 'api events', log });
lifecycle.onStop('broker, events', () => events.close());
const waits = createTaskWaits((id) => inTime(store.tasks.get(id)));
for (const state of terminalStates)
  subscribeEvents(events, { pattern: `#.${state}`, onEvent: ({ task }) => waits.hint(task), log });

const batchWaits = createWaits(
  (id) => inTime(store.batches.get(id)),
  (batch) => batch.completedAt !== null,
);
subscribeBatchEvents(events, { onEvent: ({ batch }) => batchWaits.hint(batch), log });

const broker = await connectBroker({ url: config.AMQP_URL, name: 'api', log });
lifecycle.onStop('broker', () => broker.close());
const publisher = createPublisher(broker, { contracts, log });
const submitter = createSubmitter({ publisher, tasks: store.tasks, log });
lifecycle.onStop('publisher', async () => {
  await publisher.close();
  await submitter.settled();
});

const changes = createEventPublisher(broker);
store.batches.onCompleted((batch) => changes.publishBatchEvent(completedEvent(batch)));
const control = createControlSender(broker);
lifecycle.onStop('hints', async () => {
  await changes.close();
  await control.close();
});

const app = createApp({
  store,
  submitter,
  waits,
  batchWaits,
  quota: createQuota({
    limit: config.OWNER_OPEN_TASKS,
    countOpen: (owner, most) => countOpenTasks(store.connection, owner, most),
  }),
  broker,
  announcer: createAnnouncer({ control, events: changes, now: () => store.tasks.now() }),
  log,
  stopping: lifecycle.stopping,
  local: isLoopback(config.HOST),
  fileMaxBytes: config.FILE_MAX_BYTES,
  pagesFolder: config.PAGES_FOLDER,
});
const server = await serve(app, { host: config.HOST, port: config.PORT });
lifecycle.onStop('requests', () => server.close());
log.info('the API is ready', { url: server.url });
