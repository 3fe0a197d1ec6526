import { s3Upload } from '@offload/contracts/s3-upload';
import { createOutbound } from '@offload/outbound/create-outbound';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { readEnv } from '@offload/runtime/env';
import { runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';
import { createUploadHandler } from './handler.js';
import { createS3Client, objectUrl } from './s3-client.js';
import { s3Env } from './s3-env.js';

const config = readEnv(process.env, { ...workerEnv, ...outboundEnv, ...s3Env });
const outbound = createOutbound({ allow: config.OUTBOUND_ALLOW });
const s3 = createS3Client(config);
const handler = createUploadHandler({
  s3,
  outbound,
  buckets: config.S3_BUCKETS,
  objectUrl: (bucket, key) => objectUrl(config, bucket, key),
});

await runWorker({
  contract: s3Upload,
  handler,
  config,
  onStop: async () => {
    await outbound.close();
    s3.destroy();
  },
});
