import type { Connection } from 'mongoose';
import { createApiKeyStore, prepareApiKeys, type ApiKeyStore } from './api-keys.js';
import { batchModel } from './batch-model.js';
import { createBatches, type Batches } from './batches.js';
import { connectStore, type StoreConnection, type StoreLog } from './connect.js';
import { createDependencies, type Dependencies } from './dependencies.js';
import { createEntryStore, prepareEntries, type EntryStore } from './entries.js';
import { createMarkStore, prepareMarks, type MarkStore } from './entries-marks.js';
import { createFeedRemoval, type FeedRemoval } from './feed-removal.js';
import { createFeedStore, prepareFeeds, type FeedStore } from './feeds.js';
import { createFileStore, prepareFiles, type FileStore } from './files.js';
import { createHostSlots, prepareHostSlots, type HostSlots } from './host-slots.js';
import { createKeptAnswers, prepareKeptAnswers, type KeptAnswers } from './kept-answers.js';
import { createManyTasks, type ManyTasks } from './many-tasks.js';
import { createRemnantStore, prepareRemnants, type RemnantStore } from './remnants.js';
import { createScheduleStore, prepareSchedules, type ScheduleStore } from './schedules.js';
import { createSubscriptionStore, prepareSubscriptions, type SubscriptionStore } from './subscriptions.js';
import { createStatsStore, prepareStats, type StatsStore } from './stats-store.js';
import { createSweeps, type Sweeps } from './sweeps.js';
import { taskModel } from './task-model.js';
import { createTypeStore, type TypeStore } from './task-types.js';
import { createTaskStore, type TaskStore } from './tasks.js';
import { createUnreadableStore, prepareUnreadable, type UnreadableStore } from './unreadable.js';
import { createWorkerStore, prepareWorkers, type WorkerStore } from './worker-records.js';
import { createWebhookEvents } from './webhook-events.js';
import { createWebhookStore, prepareWebhooks, type WebhookStore } from './webhooks.js';

export interface Store {
  connection: StoreConnection;
  tasks: TaskStore;
  files: FileStore;
  dependencies: Dependencies;
  batches: Batches;
  sweeps: Sweeps;
  unreadable: UnreadableStore;
  schedules: ScheduleStore;
  feeds: FeedStore;
  subscriptions: SubscriptionStore;
  entries: EntryStore;
  marks: MarkStore;
  feedRemoval: FeedRemoval;
  types: TypeStore;
  hosts: HostSlots;
  remnants: RemnantStore;
  many: ManyTasks;
  keys: ApiKeyStore;
  webhooks: WebhookStore;
  keptAnswers: KeptAnswers;
  workers: WorkerStore;
  stats: StatsStore;
}

/** Everything that a process does with the database, over one connection pool. */
export function openStore(options: { uri: string; name: string; log: StoreLog }): Store {
  const connection = connectStore({ ...options, prepare });
  const files = createFileStore(connection);
  const stats = createStatsStore(connection);
  const webhookEvents = createWebhookEvents(connection, stats);
  const batches = createBatches(connection, webhookEvents);
  const subscriptions = createSubscriptionStore(connection);
  const dependencies = createDependencies(connection, batches, stats, webhookEvents);
  return {
    connection,
    files,
    tasks: createTaskStore(connection, stats),
    dependencies,
    batches,
    sweeps: createSweeps(connection, files),
    unreadable: createUnreadableStore(connection),
    schedules: createScheduleStore(connection),
    feeds: createFeedStore(connection),
    subscriptions,
    entries: createEntryStore(connection),
    marks: createMarkStore(connection),
    feedRemoval: createFeedRemoval(connection, subscriptions),
    types: createTypeStore(connection),
    hosts: createHostSlots(connection, options.log),
    remnants: createRemnantStore(connection),
    many: createManyTasks(connection, files, dependencies, stats),
    keys: createApiKeyStore(connection),
    webhooks: createWebhookStore(connection, webhookEvents),
    keptAnswers: createKeptAnswers(connection),
    workers: createWorkerStore(connection),
    stats,
  };
}

async function prepare(mongo: Connection): Promise<void> {
  await taskModel(mongo).createIndexes();
  await batchModel(mongo).createIndexes();
  await prepareFiles(mongo);
  await prepareUnreadable(mongo);
  await prepareSchedules(mongo);
  await prepareFeeds(mongo);
  await prepareSubscriptions(mongo);
  await prepareEntries(mongo);
  await prepareMarks(mongo);
  await prepareRemnants(mongo);
  await prepareHostSlots(mongo);
  await prepareApiKeys(mongo);
  await prepareWebhooks(mongo);
  await prepareKeptAnswers(mongo);
  await prepareWorkers(mongo);
  await prepareStats(mongo);
}
