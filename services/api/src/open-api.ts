import type { Express } from 'express';
import { createControlSender } from '@offload/broker/control';
import type { BrokerConnection } from '@offload/broker/connect';
import { createEventPublisher, subscribeBatchEvents, subscribeEvents } from '@offload/broker/events';
import type { HintSubscription } from '@offload/broker/broadcast';
import { createPublisher, type Publisher } from '@offload/broker/publish';
import { contracts } from '@offload/contracts/registry';
import { terminalStates } from '@offload/contracts/task';
import { completedEvent } from '@offload/store/batch-record';
import type { Store } from '@offload/store/open-store';
import { countOpenTasks } from '@offload/store/open-tasks';
import { createQuota } from '@offload/store/quota';
import { createSeal } from '@offload/store/webhook-seal';
import { createWebhookSecretStore } from '@offload/store/webhook-secrets';
import { createStorageQuota } from '@offload/store/storage-quota';
import { serverSecret } from '@offload/store/server-secrets';
import { createAnnouncer } from './announcer.js';
import { createApp, type AppOptions } from './app.js';
import type { ChangeFeed } from './change-feed.js';
import { createFileLinks } from './file-links.js';
import { createKnownKeys } from './known-keys.js';
import { openChangeFeed } from './open-change-feed.js';
import { createOverload, type ShedLimits } from './overload.js';
import { inTime } from './store-deadline.js';
import { createStreamSlots, type StreamLimits } from './stream-slots.js';
import { createSubmitter, type Submitter } from './submit-task.js';
import { createTaskWaits, createWaits, type TaskWaits } from './task-waits.js';

type Given =
  | 'log'
  | 'stopping'
  | 'draining'
  | 'local'
  | 'rateLimits'
  | 'corsOrigins'
  | 'trustProxy'
  | 'fileMaxBytes'
  | 'uploadIdleMs'
  | 'pagesFolder';

export interface ApiOptions extends Pick<AppOptions, Given> {
  store: Store;
  /** Publishes. */
  broker: BrokerConnection;
  /** Receives events: RabbitMQ stops reading from a connection that publishes while it is short of memory or disk. */
  incoming: BrokerConnection;
  /** Open tasks that an owner may have. */
  ownerOpenTasks: number;
  /** Bytes that the uploads of an owner may have together. */
  ownerFileBytes: number;
  streamLimits: StreamLimits;
  shedLimits: ShedLimits;
  /** Seals the secrets of webhooks; see docs/security.md. */
  webhookKey?: string;
  /** Milliseconds between two comments of event streams; given in tests. */
  beatMs?: number;
  /** Milliseconds after which a waiting request reads again; given in tests. */
  rereadMs?: number;
}

export interface Api {
  app: Express;
  publisher: Publisher;
  submitter: Submitter;
  waits: TaskWaits;
  feed: ChangeFeed;
  /** Of the events that end a wait. */
  subscriptions: readonly HintSubscription[];
  /** Resolves when all that was accepted is published, or left to the relay. To be called when no more requests come. */
  close(): Promise<void>;
}

/** Everything between the connections and the HTTP server, which are the caller's. */
export function openApi(options: ApiOptions): Api {
  const { store, broker, incoming, log } = options;
  const waits = createTaskWaits((id) => inTime(store.tasks.get(id)), options.rereadMs);
  const batchWaits = createWaits(
    (id) => inTime(store.batches.get(id)),
    (batch) => batch.completedAt !== null,
    options.rereadMs,
  );
  const subscriptions = [
    ...terminalStates.map((state) =>
      subscribeEvents(incoming, { pattern: `#.${state}`, onEvent: ({ task }) => waits.hint(task), log }),
    ),
    subscribeBatchEvents(incoming, { onEvent: ({ batch }) => batchWaits.hint(batch), log }),
  ];

  const publisher = createPublisher(broker, { contracts, log });
  const events = createEventPublisher(broker);
  const control = createControlSender(broker);
  const now = (): Date => store.tasks.now();
  const announcer = createAnnouncer({ control, events, now });
  store.batches.onCompleted((batch) => events.publishBatchEvent(completedEvent(batch)));
  store.dependencies.onSettled(announcer.changed);
  const submitter = createSubmitter({
    publisher,
    tasks: store.tasks,
    accepted: (task) => announcer.changed(task, task.state),
    log,
  });
  const feed = openChangeFeed({ store, broker: incoming, log, beatMs: options.beatMs });
  const slots = createStreamSlots(options.streamLimits);
  const app = createApp({
    ...options,
    submitter,
    waits,
    batchWaits,
    feed,
    quota: createQuota({
      limit: options.ownerOpenTasks,
      countOpen: (owner, most) => countOpenTasks(store.connection, owner, most),
    }),
    storage: createStorageQuota({
      limit: options.ownerFileBytes,
      count: (owner) => store.files.uploadedBytes(owner),
    }),
    overload: createOverload({
      limits: options.shedLimits,
      ping: () => store.connection.ping(),
      log,
    }),
    slots,
    announcer,
    webhookSecrets: createWebhookSecretStore(
      store.connection,
      createSeal(store.connection, options.webhookKey),
    ),
    keys: createKnownKeys(store.keys, { log, now: () => performance.now(), databaseNow: now }),
    links: createFileLinks(() => inTime(serverSecret(store.connection.mongo, 'file-links')), now),
  });
  return {
    app,
    publisher,
    submitter,
    waits,
    feed,
    subscriptions,
    async close() {
      await publisher.close();
      await submitter.settled();
      await events.close();
      await control.close();
    },
  };
}
