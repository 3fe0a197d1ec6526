import { webhookSend } from '@offload/contracts/webhook-send';
import { outboundEnv } from '@offload/outbound/outbound-env';
import { readEnv, webhookEnv } from '@offload/runtime/env';
import { createSeal } from '@offload/store/webhook-seal';
import { createWebhookSecretStore } from '@offload/store/webhook-secrets';
import { runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';
import { workerOutbound } from '@offload/worker/worker-outbound';
import { createWebhookHandler } from './handler.js';

const config = readEnv(process.env, { ...workerEnv, ...outboundEnv, ...webhookEnv });
const outbound = workerOutbound(config);

await runWorker({
  contract: webhookSend,
  handler: {
    of: ({ webhooks, connection }) => {
      const secrets = createWebhookSecretStore(connection, createSeal(connection, config.WEBHOOK_KEY));
      return createWebhookHandler({ outbound, webhooks, secrets });
    },
  },
  outbound,
  config,
  process: 'webhook-sender',
});
