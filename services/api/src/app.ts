import express, { type Express, type RequestHandler } from 'express';
import type { oas31 } from 'zod-openapi';
import type { BrokerConnection } from '@offload/broker/connect';
import type { Log } from '@offload/runtime/logger';
import type { Store } from '@offload/store/open-store';
import type { Announcer } from './announcer.js';
import type { BatchRecord } from '@offload/store/batch-record';
import type { Quota } from '@offload/store/quota';
import type { StorageQuota } from '@offload/store/storage-quota';
import { answerErrors } from './answer-error.js';
import { authenticate } from './authenticate.js';
import { batchRoutes } from './batches.js';
import type { ChangeFeed } from './change-feed.js';
import { checkHead } from './check-head.js';
import { compareTags } from './compare-tags.js';
import { cors } from './cors.js';
import { deadLetterRoutes } from './dead-letters.js';
import { documentRoutes } from './documents.js';
import type { FileLinks } from './file-links.js';
import { entryRoutes } from './feed-entries.js';
import { imageRoutes } from './feed-images.js';
import { opmlRoutes } from './feed-opml.js';
import { feedRoutes } from './feeds.js';
import { fileRoutes } from './files.js';
import { healthRoutes } from './health.js';
import { keepAnswer } from './keep-answer.js';
import { keyRoutes } from './keys.js';
import type { KnownKeys } from './known-keys.js';
import { localOnly } from './local-only.js';
import { operateManyRoutes } from './operate-many.js';
import { operateTaskRoutes } from './operate-task.js';
import { shed, type Overload } from './overload.js';
import { Problem } from './problem.js';
import { servePages } from './pages.js';
import { storeUnavailable } from './problem-of-error.js';
import { queueRoutes } from './queues.js';
import { limitKeys, limitRefusals, type RateLimits } from './rate-limits.js';
import { requestId, requestIdOf } from './request-id.js';
import { openApiDocument } from './openapi.js';
import { answerServerOptions } from './request-target.js';
import { routeFacts } from './route-facts.js';
import { mount, type Routes } from './routes.js';
import { scheduleRoutes } from './schedules.js';
import { securityHeaders } from './security-headers.js';
import { statsRoutes } from './stats.js';
import type { StreamSlots } from './stream-slots.js';
import { streamRoutes } from './streams.js';
import type { Submitter } from './submit-task.js';
import type { TrustProxy } from './trust-proxy.js';
import type { TaskWaits, Waits } from './task-waits.js';
import { taskRoutes } from './tasks.js';
import { webhookRoutes } from './webhook-deliveries.js';
import { webhookSecretRoutes, type SecretOptions } from './webhook-secrets.js';
import { workerRoutes } from './workers.js';

export interface AppOptions extends SecretOptions {
  store: Pick<
    Store,
    | 'connection'
    | 'tasks'
    | 'files'
    | 'dependencies'
    | 'batches'
    | 'many'
    | 'types'
    | 'unreadable'
    | 'schedules'
    | 'feeds'
    | 'subscriptions'
    | 'entries'
    | 'marks'
    | 'keys'
    | 'webhooks'
    | 'workers'
    | 'stats'
    | 'keptAnswers'
  >;
  submitter: Pick<Submitter, 'submit'>;
  waits: TaskWaits;
  batchWaits: Waits<BatchRecord>;
  feed: ChangeFeed;
  quota: Quota;
  storage: StorageQuota;
  overload: Overload;
  slots: StreamSlots;
  broker: Pick<BrokerConnection, 'connected' | 'withChannel'>;
  announcer: Announcer;
  log: Log;
  /** Aborts when waiting requests and streams are to end. */
  stopping: AbortSignal;
  /** Aborts when load balancers are to send no more requests: at the beginning of the stop, or before. */
  draining: AbortSignal;
  /** Origins whose pages may use the API; `*`: all. */
  corsOrigins: readonly string[];
  /** Express's `trust proxy`: whose X-Forwarded-For is believed. */
  trustProxy: TrustProxy;
  keys: KnownKeys;
  links: FileLinks;
  /** Only this machine can reach the server, and no key is needed: then only its own pages may use it. */
  local: boolean;
  rateLimits: RateLimits;
  /** Bytes of one upload. */
  fileMaxBytes: number;
  /** Milliseconds without a byte after which an upload counts as given up; given in tests. */
  uploadIdleMs?: number;
  /** Folder of the web app's files. */
  pagesFolder: string;
}

/** Every route of the API, for the server and for the test that compares them with the OpenAPI document. */
export const routesOf = (options: AppOptions, openApi: oas31.OpenAPIObject): Routes => ({
  // Fixed names before those with a part that takes any.
  ...operateManyRoutes(options),
  ...taskRoutes(options),
  ...operateTaskRoutes(options),
  ...batchRoutes(options),
  ...deadLetterRoutes(options),
  ...queueRoutes(options),
  ...scheduleRoutes(options),
  ...opmlRoutes(options),
  ...feedRoutes(options),
  ...entryRoutes(options),
  ...imageRoutes(options),
  ...streamRoutes(options),
  ...fileRoutes(options),
  ...keyRoutes(options),
  ...webhookRoutes(options),
  ...webhookSecretRoutes(options),
  ...workerRoutes(options),
  ...statsRoutes(options),
  ...healthRoutes(options),
  ...documentRoutes(openApi),
});

export function createApp(options: AppOptions): Express {
  const { log, store, waits, batchWaits, feed, stopping, draining, overload } = options;
  // Requests that wait are answered with what there is.
  stopping.addEventListener('abort', () => {
    waits.endAll();
    batchWaits.endAll();
    overload.stop();
    feed.close().catch((error: unknown) => log.warn('the events were not left', { error }));
  });
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', options.trustProxy);
  // One address for each thing, in one spelling.
  app.enable('strict routing').enable('case sensitive routing');
  app.use(requestId, logRequests(log), securityHeaders, checkHead, answerServerOptions, compareTags);
  app.use(cors(options.corsOrigins));
  if (options.local) app.use(localOnly(options.corsOrigins));
  app.use((_request, response, next) => {
    // A stopping server must not be sent another request on this connection.
    if (draining.aborted) response.set('Connection', 'close');
    next();
  });
  app.use('/v1', shed(overload), (_request, response, next) => {
    // What may be kept longer says so itself.
    response.set('Cache-Control', 'private, no-cache');
    // At once, where the driver would first look for a server for some seconds.
    if (!store.connection.connected) throw storeUnavailable();
    next();
  });
  const { keys, links, local, rateLimits } = options;
  app.use(authenticate({ keys, links, required: !local, log }), limitRefusals(rateLimits));
  app.use('/v1', limitKeys(rateLimits));
  // Making it takes a tenth of a second.
  const openApi = openApiDocument();
  const factsOf = routeFacts(openApi);
  mount(app, routesOf(options, openApi), {
    factsOf: (method, path) => (path.startsWith('/v1/') ? factsOf(method, path) : undefined),
    last: (method, path, handler) => (method === 'post' ? keepAnswer(path, handler, options) : handler),
  });
  app.use(servePages(options.pagesFolder));
  app.use(() => {
    throw new Problem('not-found', 'See /docs for what there is.');
  });
  app.use(answerErrors(log));
  return app;
}

const logRequests =
  (log: Log): RequestHandler =>
  (request, response, next) => {
    const began = performance.now();
    response.once('close', () => {
      const ms = Math.round(performance.now() - began);
      const { method, path } = request;
      log.debug('request', {
        requestId: requestIdOf(response),
        method,
        path,
        status: response.statusCode,
        ms,
      });
    });
    next();
  };
