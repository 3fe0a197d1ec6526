import { fileURLToPath } from 'node:url';
import { connectBroker } from '@offload/broker/connect';
import { createControlSender } from '@offload/broker/control';
import { createEventPublisher, subscribeBatchEvents, subscribeEvents } from '@offload/broker/events';
import { createPublisher } from '@offload/broker/publish';
import { contracts } from '@offload/contracts/registry';
import { terminalStates } from '@offload/contracts/task';
import { integer, processEnv, quotaEnv, readEnv, serverEnv } from '@offload/runtime/env';
import { createLifecycle } from '@offload/runtime/lifecycle';
import { createLogger } from '@offload/runtime/logger';
import { pause } from '@offload/runtime/pause';
import { startWatchdog } from '@offload/runtime/watchdog';
import { countOpenTasks } from '@offload/store/open-tasks';
import { completedEvent } from '@offload/store/batch-record';
import { openStore } from '@offload/store/open-store';
import { createQuota } from '@offload/store/quota';
import { z } from 'zod';
import { createAnnouncer } from './announcer.js';
import { createApp } from './app.js';
import { createFileLinks } from './file-links.js';
import { createKnownKeys } from './known-keys.js';
import { isLoopback } from './local-only.js';
import { openChangeFeed } from './open-change-feed.js';
import { serve } from './serve.js';
import { inTime } from './store-deadline.js';
import { createSubmitter } from './submit-task.js';
import { createTaskWaits, createWaits } from './task-waits.js';

const MIB = 1024 * 1024;
/** Milliseconds that the start waits for the database, to see whether there are keys. */
const KEYS_MS = 5_000;

const config = readEnv(process.env, {
  ...processEnv,
  ...serverEnv,
  ...quotaEnv,
  PORT: integer(0, 65535).default(3000),
  FILE_MAX_BYTES: integer(1, 10 * 1024 * MIB).default(100 * MIB),
  RATE_PER_KEY: integer(0, 10_000_000).default(60_000),
  RATE_PER_ADDRESS: integer(0, 10_000_000).default(300),
  PAGES_FOLDER: z.string().default(fileURLToPath(new URL('../../pages/public', import.meta.url))),
});

const log = createLogger({
  service: 'api',
  level: config.LOG_LEVEL,
  format: config.NODE_ENV === 'production' ? 'json' : 'text',
});
/** Without a key only this machine may be served, and only where nobody else relies on it. */
const local = config.NODE_ENV !== 'production' && isLoopback(config.HOST);
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
const changes = createEventPublisher(broker);
store.batches.onCompleted((batch) => changes.publishBatchEvent(completedEvent(batch)));
const control = createControlSender(broker);
const announcer = createAnnouncer({ control, events: changes, now: () => store.tasks.now() });
store.dependencies.onSettled(announcer.changed);
lifecycle.onStop('hints', async () => {
  await changes.close();
  await control.close();
});

const submitter = createSubmitter({
  publisher,
  tasks: store.tasks,
  accepted: (task) => announcer.changed(task, task.state),
  log,
});
lifecycle.onStop('publisher', async () => {
  await publisher.close();
  await submitter.settled();
});

const app = createApp({
  store,
  submitter,
  waits,
  batchWaits,
  feed: openChangeFeed({ store, broker: events, log }),
  quota: createQuota({
    limit: config.OWNER_OPEN_TASKS,
    countOpen: (owner, most) => countOpenTasks(store.connection, owner, most),
  }),
  broker,
  announcer,
  log,
  stopping: lifecycle.stopping,
  keys: createKnownKeys(store.keys, {
    log,
    now: () => performance.now(),
    databaseNow: () => store.tasks.now(),
  }),
  links: createFileLinks(store.linkSecret, () => store.tasks.now()),
  local,
  // A key that nobody has cannot be guessed on a server that needs none.
  rateLimits: local
    ? { perKey: 0, perAddress: 0 }
    : { perKey: config.RATE_PER_KEY, perAddress: config.RATE_PER_ADDRESS },
  fileMaxBytes: config.FILE_MAX_BYTES,
  pagesFolder: config.PAGES_FOLDER,
});
// With the database away at the start, requests are answered 503 until it is there; then the keys are looked for.
const looked = local ? undefined : store.connection.ready().then(stopWithoutKeys);
await Promise.race([looked, pause(KEYS_MS)]);
const server = await serve(app, { host: config.HOST, port: config.PORT });
lifecycle.onStop('requests', () => server.close());
log.info('the API is ready', { url: server.url });

async function stopWithoutKeys(): Promise<void> {
  if (await store.keys.any()) return;
  log.error(
    'there is no key yet, and without one nobody may be served here: make one with `npm run key -- create`, ' +
      'in a container with `node services/api/dist/key.js create` (docs/operating.md, "Keys")',
  );
  await lifecycle.stop('there is no key', 1);
}
