import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { connectBroker } from '@offload/broker/connect';
import {
  ConfigError,
  integer,
  processEnv,
  quotaEnv,
  readEnv,
  serverEnv,
  webhookEnv,
} from '@offload/runtime/env';
import { createLifecycle } from '@offload/runtime/lifecycle';
import { createLogger } from '@offload/runtime/logger';
import { pause } from '@offload/runtime/pause';
import { startWatchdog } from '@offload/runtime/watchdog';
import { openStore } from '@offload/store/open-store';
import { startReports } from '@offload/store/worker-reports';
import { z } from 'zod';
import { limitsEnv } from './limits-env.js';
import { isLoopback } from './local-only.js';
import { openApi } from './open-api.js';
import { serve } from './serve.js';

/** Milliseconds that the start waits for the database, to see whether there are keys. */
const KEYS_MS = 5_000;

const config = readEnv(process.env, {
  ...processEnv,
  ...serverEnv,
  ...quotaEnv,
  ...webhookEnv,
  PORT: integer(0, 65535).default(3000),
  ...limitsEnv,
  PAGES_FOLDER: z.string().default(fileURLToPath(new URL('../../pages/dist', import.meta.url))),
});

const log = createLogger({
  service: 'api',
  level: config.LOG_LEVEL,
  format: config.NODE_ENV === 'production' ? 'json' : 'text',
});
/** Without a key only this machine may be served, and only where nobody else relies on it. */
const local = config.NODE_ENV !== 'production' && isLoopback(config.HOST);
if (local && config.CORS_ORIGINS.includes('*'))
  throw new ConfigError(
    'CORS_ORIGINS: a server without keys would serve every web page with *; name the origins.',
  );
/** For what comes after the requests. */
const CLOSE_MS = 20_000;
const graceMs = config.SHUTDOWN_DELAY_MS + config.DRAIN_MS + CLOSE_MS;
const lifecycle = createLifecycle({ log, graceMs });
/** Aborts when waiting requests and streams are to end: when no load balancer sends requests here any more. */
const closing = new AbortController();
const watchdog = startWatchdog({ limitMs: config.WATCHDOG_MS });
lifecycle.onStop('watchdog', () => watchdog.stop());

// Stopped from the last to the first: no more requests, then what they have published, then the database.
const store = openStore({ uri: config.MONGODB_URI, name: 'api', log });
lifecycle.onStop('database', () => store.connection.close());
const reports = startReports(store, {
  id: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
  process: 'web',
  version: config.RELEASE,
  describe: () => ({ state: lifecycle.stopping.aborted ? 'draining' : 'running', lanes: [] }),
  log,
});
lifecycle.onStop('reports', () => reports.stop());

const incoming = await connectBroker({ url: config.AMQP_URL, name: 'api events', log });
lifecycle.onStop('broker, events', () => incoming.close());
const broker = await connectBroker({ url: config.AMQP_URL, name: 'api', log });
lifecycle.onStop('broker', () => broker.close());
const api = openApi({
  store,
  broker,
  incoming,
  ownerOpenTasks: config.OWNER_OPEN_TASKS,
  webhookKey: config.WEBHOOK_KEY,
  log,
  stopping: closing.signal,
  draining: lifecycle.stopping,
  local,
  // A key that nobody has cannot be guessed on a server that needs none.
  rateLimits: local
    ? { perKey: 0, perAddress: 0 }
    : { perKey: config.RATE_PER_KEY, perAddress: config.RATE_PER_ADDRESS },
  corsOrigins: config.CORS_ORIGINS,
  trustProxy: config.TRUST_PROXY,
  fileMaxBytes: config.FILE_MAX_BYTES,
  ownerFileBytes: config.OWNER_FILE_BYTES,
  streamLimits: { total: config.MAX_STREAMS, perKey: config.MAX_STREAMS_PER_KEY },
  shedLimits: { loopMs: config.SHED_LOOP_MS, storeMs: config.SHED_STORE_MS },
  pagesFolder: config.PAGES_FOLDER,
});
lifecycle.onStop('publisher', () => api.close());

// With the database away at the start, requests are answered 503 until it is there; then the keys are looked for.
const looked = local ? undefined : store.connection.ready().then(stopWithoutKeys);
await Promise.race([looked, pause(KEYS_MS)]);
const server = await serve(api.app, {
  host: config.HOST,
  port: config.PORT,
  maxConnections: config.MAX_CONNECTIONS,
  drainMs: config.DRAIN_MS,
  log,
});
lifecycle.onStop('requests', async () => {
  // Not ready any more, but serving on, until load balancers have seen it.
  await pause(config.SHUTDOWN_DELAY_MS);
  closing.abort();
  await server.close();
});
log.info('the API is ready', { url: server.url });

async function stopWithoutKeys(): Promise<void> {
  if (await store.keys.any()) return;
  log.error(
    'there is no key yet, and without one nobody may be served here: make one with `npm run key -- create`, ' +
      'in a container with `node services/api/dist/key.js create` (docs/operating.md, "Keys")',
  );
  await lifecycle.stop('there is no key', 1);
}
