import { feedFetch } from '@offload/contracts/feed-fetch';
import { feedRefresh } from '@offload/contracts/feed-refresh';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { readEnv } from '@offload/runtime/env';
import { alsoWork, runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';
import { workerOutbound } from '@offload/worker/worker-outbound';
import { createFeedHandler } from './handler.js';
import { ParseThreads } from './parse-threads.js';
import { createRefreshHandler } from './refresh-handler.js';

const config = readEnv(process.env, { ...workerEnv, ...outboundEnv });
const outbound = workerOutbound(config);
const threads = new ParseThreads({ worker: new URL('./parse-worker.js', import.meta.url) });

await runWorker({
  contract: feedFetch,
  handler: createFeedHandler({ outbound, threads }),
  also: [
    alsoWork({
      contract: feedRefresh,
      handler: { of: (store) => createRefreshHandler({ outbound, threads, store }) },
    }),
  ],
  outbound,
  config,
  process: 'feed-fetcher',
});
