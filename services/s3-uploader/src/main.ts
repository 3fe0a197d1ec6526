import { s3Upload } from '@offload/contracts/s3-upload';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { readEnv } from '@offload/runtime/env';
import { runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';
import { workerOutbound } from '@offload/worker/worker-outbound';
import { createConnections } from './connections.js';
import { endUploads } from './end-upload.js';
import { createUploadHandler } from './handler.js';
import { connectionConfigs, s3Env } from './s3-env.js';

const config = readEnv(process.env, { ...workerEnv, ...outboundEnv, ...s3Env });
const connections = createConnections(connectionConfigs(config, process.env));
const outbound = workerOutbound(config);

await runWorker({
  contract: s3Upload,
  handler: createUploadHandler({ connections, outbound }),
  config,
  process: 's3-uploader',
  outbound,
  endRemnant: endUploads(connections),
  onStop: async () => connections.destroy(),
});
