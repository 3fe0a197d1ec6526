import { httpFetch } from '@offload/contracts/http-fetch';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { readEnv } from '@offload/runtime/env';
import { runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';
import { workerOutbound } from '@offload/worker/worker-outbound';
import { createHttpHandler } from './handler.js';
import { httpEnv } from './http-env.js';
import { JsonThreads } from './json-threads.js';

const config = readEnv(process.env, { ...workerEnv, ...outboundEnv, ...httpEnv });
const outbound = workerOutbound(config);
const threads = new JsonThreads({ worker: new URL('./json-worker.js', import.meta.url) });

await runWorker({
  contract: httpFetch,
  handler: createHttpHandler({ outbound, secrets: config.HTTP_SECRETS_FILE, threads }),
  outbound,
  config,
  process: 'http-fetcher',
});
