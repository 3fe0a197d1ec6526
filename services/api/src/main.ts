import { fileURLToPath } from 'node:url';
import { connectBroker } from '@offload/broker/connect';
import { integer, processEnv, quotaEnv, readEnv, serverEnv } from '@offload/runtime/env';
import { createLifecycle } from '@offload/runtime/lifecycle';
import { createLogger } from '@offload/runtime/logger';
import { pause } from '@offload/runtime/pause';
import { startWatchdog } from '@offload/runtime/watchdog';
import { openStore } from '@offload/store/open-store';
import { z } from 'zod';
import { isLoopback } from './local-only.js';
import { openApi } from './open-api.js';
import { serve } from './serve.js';

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

const incoming = await connectBroker({ url: config.AMQP_URL, name: 'api events', log });
lifecycle.onStop('broker, events', () => incoming.close());
const broker = await connectBroker({ url: config.AMQP_URL, name: 'api', log });
lifecycle.onStop('broker', () => broker.close());
const api = openApi({
  store,
  broker,
  incoming,
  ownerOpenTasks: config.OWNER_OPEN_TASKS,
  log,
  stopping: lifecycle.stopping,
  local,
  // A key that nobody has cannot be guessed on a server that needs none.
  rateLimits: local
    ? { perKey: 0, perAddress: 0 }
    : { perKey: config.RATE_PER_KEY, perAddress: config.RATE_PER_ADDRESS },
  fileMaxBytes: config.FILE_MAX_BYTES,
  pagesFolder: config.PAGES_FOLDER,
});
lifecycle.onStop('publisher', () => api.close());

// With the database away at the start, requests are answered 503 until it is there; then the keys are looked for.
const looked = local ? undefined : store.connection.ready().then(stopWithoutKeys);
await Promise.race([looked, pause(KEYS_MS)]);
const server = await serve(api.app, { host: config.HOST, port: config.PORT });
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
