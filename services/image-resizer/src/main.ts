import { availableParallelism } from 'node:os';
import { imageResize } from '@offload/contracts/image-resize';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { readEnv } from '@offload/runtime/env';
import { runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';
import { workerOutbound } from '@offload/worker/worker-outbound';
import { createImageHandler } from './handler.js';
import { imageEnv } from './image-env.js';
import { ImageProcesses } from './image-processes.js';

const config = readEnv(process.env, { ...workerEnv, ...outboundEnv, ...imageEnv });
const outbound = workerOutbound(config);
const svg = config.IMAGE_SVG === 'on';
const cores = availableParallelism();
// Both lanes' handlers, of which bulk has one. One thread for each image is the fastest for many (docs/performance.md).
const size = config.IMAGE_PROCESSES ?? Math.min(cores, imageResize.concurrency + 1);
const processes = new ImageProcesses({
  entry: new URL('./image-child.js', import.meta.url),
  size,
  threads: Math.max(1, Math.floor(cores / size)),
  svg,
  memoryBytes: config.IMAGE_MEMORY_BYTES,
  timeMs: config.IMAGE_TIME_MS,
});
const handler = createImageHandler({
  outbound,
  render: (job, signal) => processes.render(job, signal),
  presets: config.IMAGE_PRESETS,
  svg,
});

await runWorker({
  contract: imageResize,
  handler,
  config,
  process: 'image-resizer',
  outbound,
  onStop: async () => processes.close(),
});
