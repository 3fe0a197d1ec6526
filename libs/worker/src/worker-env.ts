import { integer, processEnv, serverEnv, type EnvShape } from '@offload/runtime/env';

/** What every consumer reads; a service adds its own variables. */
export const workerEnv = {
  ...processEnv,
  ...serverEnv,
  /** Milliseconds that running handlers get at SIGTERM before their work is handed back. */
  DRAIN_MS: integer(0, 600_000).default(10_000),
} satisfies EnvShape;
