import { systemEcho } from '@offload/contracts/system-echo';
import { readEnv } from '@offload/runtime/env';
import { runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';
import { echo } from './handler.js';

const config = readEnv(process.env, workerEnv);

await runWorker({ contract: systemEcho, handler: echo, config, process: 'echo' });
