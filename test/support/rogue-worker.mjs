// A worker for system.echo whose handler does what its message says: the ways in which handlers go wrong.

import { setTimeout as sleep } from 'node:timers/promises';
import { systemEcho } from '@offload/contracts/system-echo';
import { readEnv } from '@offload/runtime/env';
import { runWorker } from '@offload/worker/run-worker';
import { workerEnv } from '@offload/worker/worker-env';

const leaked = [];

const misdeeds = {
  /** Outlives its time limit and does not listen to its signal. */
  deaf: () => sleep(60_000),
  /** Never yields the event loop: the watchdog ends the process. */
  spin() {
    for (;;);
  },
  exit: () => process.exit(3),
  /** Until V8 ends the process: see --max-old-space-size where it is started. */
  leak() {
    for (;;) leaked.push(Array.from({ length: 10_000 }, (_, n) => ({ n })));
  },
};

await runWorker({
  contract: systemEcho,
  config: readEnv(process.env, workerEnv),
  async handler({ message, delayMs }, { attempt, signal }) {
    await misdeeds[message]?.();
    await sleep(delayMs, undefined, { signal });
    return { message, attempt };
  },
});
