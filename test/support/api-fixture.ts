import { fileURLToPath } from 'node:url';
import { connectBroker, type BrokerConnection } from '@offload/broker/connect';
import type { Publisher } from '@offload/broker/publish';
import { openStore, type Store } from '@offload/store/open-store';
import type { ChangeFeed } from '../../services/api/src/change-feed.js';
import { openApi } from '../../services/api/src/open-api.js';
import type { RateLimits } from '../../services/api/src/rate-limits.js';
import { serve } from '../../services/api/src/serve.js';
import type { ShedLimits } from '../../services/api/src/overload.js';
import type { StreamLimits } from '../../services/api/src/stream-slots.js';
import type { TrustProxy } from '../../services/api/src/trust-proxy.js';
import type { Submitter } from '../../services/api/src/submit-task.js';
import type { TaskWaits } from '../../services/api/src/task-waits.js';
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
  /** As SIGTERM does first: load balancers are told. */
  drain(): void;
  /** As SIGTERM does: waiting requests are answered, then all is closed. */
  stop(): Promise<void>;
}

/** What services/api/src/main.ts starts, over one broker connection and without environment and signals. Does not wait for its servers. */
export async function startApi(options: {
  mongodbUri: string;
  amqpUrl: string;
  fileMaxBytes?: number;
  uploadIdleMs?: number;
  local?: boolean;
  rateLimits?: RateLimits;
  corsOrigins?: string[];
  trustProxy?: TrustProxy;
  ownerFileBytes?: number;
  streamLimits?: StreamLimits;
  /** By default nothing is shed, however slow the machine. */
  shedLimits?: ShedLimits;
  /** Milliseconds between two comments of event streams. */
  beatMs?: number;
  /** Open tasks that an owner may have. */
  ownerOpenTasks?: number;
  /** So long that only an event ends a wait, or the API's own. */
  rereadMs?: number;
}): Promise<ApiFixture> {
  const log = new RecordedLog();
  const stopping = new AbortController();
  const draining = new AbortController();
  const store = openStore({ uri: options.mongodbUri, name: 'api', log });
  const broker = await connectBroker({ url: options.amqpUrl, name: 'api', log });
  const api = openApi({
    store,
    broker,
    incoming: broker,
    ownerOpenTasks: options.ownerOpenTasks ?? 1_000_000,
    log,
    stopping: stopping.signal,
    local: options.local ?? true,
    rateLimits: options.rateLimits ?? { perKey: 0, perAddress: 0 },
    corsOrigins: options.corsOrigins ?? [],
    trustProxy: options.trustProxy ?? false,
    ownerFileBytes: options.ownerFileBytes ?? 1024 ** 4,
    streamLimits: options.streamLimits ?? { total: 10_000, perKey: 1_000 },
    shedLimits: options.shedLimits ?? { loopMs: 0, storeMs: 0 },
    draining: draining.signal,
    fileMaxBytes: options.fileMaxBytes ?? 1024 * 1024,
    uploadIdleMs: options.uploadIdleMs,
    pagesFolder: fileURLToPath(new URL('../../services/pages/dist', import.meta.url)),
    ...(options.beatMs !== undefined && { beatMs: options.beatMs }),
    ...(options.rereadMs !== undefined && { rereadMs: options.rereadMs }),
  });
  const server = await serve(api.app, { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    store,
    broker,
    publisher: api.publisher,
    submitter: api.submitter,
    waits: api.waits,
    feed: api.feed,
    log,
    async subscribed() {
      for (const each of api.subscriptions) await when(each, () => each.subscribed, 'the events to come');
    },
    drain: () => draining.abort(),
    async stop() {
      draining.abort();
      stopping.abort();
      await server.close();
      await api.close();
      await broker.close();
      await store.connection.close();
    },
  };
}
