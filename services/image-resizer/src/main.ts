import { availableParallelism } from 'node:os';
import { imageResize } from '@offload/contracts/image-resize';
import { createOutbound } from '@offload/outbound/create-outbound';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { readEnv } from '@offload/runtime/env';
import { runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';
import { createImageHandler } from './handler.js';

const config = readEnv(process.env, { ...workerEnv, ...outboundEnv });
const outbound = createOutbound({ allow: config.OUTBOUND_ALLOW });
const threads = Math.max(1, Math.floor(availableParallelism() / imageResize.concurrency));
const handler = createImageHandler({ outbound, threads });

await runWorker({ contract: imageResize, handler, config, onStop: () => outbound.close() });
