import { integer, processEnv, serverEnv, type EnvShape } from '@offload/runtime/env';

/** What every consumer reads; a service adds its own variables. */
export const workerEnv = {
  ...processEnv,
  ...serverEnv,
  /** Milliseconds that running handlers get at SIGTERM before their work is handed back. */
  DRAIN_MS: integer(0, 600_000).default(10_000),
  /** Milliseconds that the event loop may stand still before the process ends itself. */
  WATCHDOG_MS: integer(1_000, 600_000).default(15_000),
} satisfies EnvShape;
