import { fileURLToPath } from 'node:url';
import { connectBroker, type BrokerConnection } from '@offload/broker/connect';
import { createControlSender } from '@offload/broker/control';
import {
  createEventPublisher,
  subscribeBatchEvents,
  subscribeEvents,
  type EventOptions,
} from '@offload/broker/events';
import { createPublisher, type Publisher } from '@offload/broker/publish';
import { contracts } from '@offload/contracts/registry';
import { terminalStates } from '@offload/contracts/task';
import { completedEvent } from '@offload/store/batch-record';
import { openStore, type Store } from '@offload/store/open-store';
import { countOpenTasks } from '@offload/store/open-tasks';
import { createQuota } from '@offload/store/quota';
import { createAnnouncer } from '../../services/api/src/announcer.js';
import { createApp } from '../../services/api/src/app.js';
import { createFileLinks } from '../../services/api/src/file-links.js';
import { createKnownKeys } from '../../services/api/src/known-keys.js';
import type { ChangeFeed } from '../../services/api/src/change-feed.js';
import { openChangeFeed } from '../../services/api/src/open-change-feed.js';
import type { RateLimits } from '../../services/api/src/rate-limits.js';
import { serve } from '../../services/api/src/serve.js';
import { inTime } from '../../services/api/src/store-deadline.js';
import { createSubmitter, type Submitter } from '../../services/api/src/submit-task.js';
import { createTaskWaits, createWaits, type TaskWaits } from '../../services/api/src/task-waits.js';
import { RecordedLog } from './recorded-log.js';
import { when } from './signals.js';

/** The API of services/api in this process, on real servers of the caller's choice. */
export interface ApiFixture {
  /** e.g. `http://127.0.0.1:41234`. */
  url: string;
  store: Store;
  broker: BrokerConnection;
  publisher: Publisher;
  submitter: Submitter;
  waits: TaskWaits;
  feed: ChangeFeed;
  log: RecordedLog;
  /** Resolves when events reach it. */
  subscribed(): Promise<void>;
  /** As SIGTERM does: waiting requests are answered, then all is closed. */
  stop(): Promise<void>;
}

/** The same wiring as services/api/src/main.ts, without environment and signals. Does not wait for its servers. */
export async function startApi(options: {
  mongodbUri: string;
  amqpUrl: string;
  fileMaxBytes?: number;
  uploadIdleMs?: number;
  local?: boolean;
  rateLimits?: RateLimits;
  /** Milliseconds between two comments of event streams. */
  beatMs?: number;
  /** Open tasks that an owner may have. */
  ownerOpenTasks?: number;
  /** So long that only an event ends a wait, or the API's own. */
  rereadMs?: number;
}): Promise<ApiFixture> {
  const log = new RecordedLog();
  const stopping = new AbortController();
  const store = openStore({ uri: options.mongodbUri, name: 'api', log });
  const broker = await connectBroker({ url: options.amqpUrl, name: 'api', log });
  const waits = createTaskWaits((id) => inTime(store.tasks.get(id)), options.rereadMs);
  const onEvent: EventOptions['onEvent'] = ({ task }) => waits.hint(task);
  const subscriptions = terminalStates.map((state) =>
    subscribeEvents(broker, { pattern: `#.${state}`, onEvent, log }),
  );
  const batchWaits = createWaits(
    (id) => inTime(store.batches.get(id)),
    (batch) => batch.completedAt !== null,
    options.rereadMs,
  );
  subscriptions.push(subscribeBatchEvents(broker, { onEvent: ({ batch }) => batchWaits.hint(batch), log }));
  const publisher = createPublisher(broker, { contracts, log });
  const events = createEventPublisher(broker);
  store.batches.onCompleted((batch) => events.publishBatchEvent(completedEvent(batch)));
  const control = createControlSender(broker);
  const announcer = createAnnouncer({ control, events, now: () => store.tasks.now() });
  store.dependencies.onSettled(announcer.changed);
  const submitter = createSubmitter({
    publisher,
    tasks: store.tasks,
    accepted: (task) => announcer.changed(task, task.state),
    log,
  });
  const feed = openChangeFeed({ store, broker, log, beatMs: options.beatMs });
  const app = createApp({
    store,
    submitter,
    waits,
    batchWaits,
    feed,
    quota: createQuota({
      limit: options.ownerOpenTasks ?? 1_000_000,
      countOpen: (owner, most) => countOpenTasks(store.connection, owner, most),
    }),
    broker,
    announcer,
    log,
    stopping: stopping.signal,
    keys: createKnownKeys(store.keys, {
      log,
      now: () => performance.now(),
      databaseNow: () => store.tasks.now(),
    }),
    links: createFileLinks(store.linkSecret, () => store.tasks.now()),
    local: options.local ?? true,
    rateLimits: options.rateLimits ?? { perKey: 0, perAddress: 0 },
    fileMaxBytes: options.fileMaxBytes ?? 1024 * 1024,
    uploadIdleMs: options.uploadIdleMs,
    pagesFolder: fileURLToPath(new URL('../../services/pages/public', import.meta.url)),
  });
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    store,
    broker,
    publisher,
    submitter,
    waits,
    feed,
    log,
    async subscribed() {
      for (const each of subscriptions) await when(each, () => each.subscribed, 'the events to come');
    },
    async stop() {
      stopping.abort();
      await server.close();
      await publisher.close();
      await submitter.settled();
      await events.close();
      await control.close();
      await broker.close();
      await store.connection.close();
    },
  };
}
