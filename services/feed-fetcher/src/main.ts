import { feedFetch } from '@offload/contracts/feed-fetch';
import { createOutbound } from '@offload/outbound/create-outbound';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { readEnv } from '@offload/runtime/env';
import { runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';
import { createFeedHandler } from './handler.js';
import { ParseThreads } from './parse-threads.js';

const config = readEnv(process.env, { ...workerEnv, ...outboundEnv });
const outbound = createOutbound({ allow: config.OUTBOUND_ALLOW });
const threads = new ParseThreads({ worker: new URL('./parse-worker.js', import.meta.url) });

await runWorker({ contract: feedFetch, handler: createFeedHandler({ outbound, threads }), config });
