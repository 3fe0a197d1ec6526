import { createOutbound } from '@offload/outbound/create-outbound';
import type { HostGate } from '@offload/outbound/host-gate';
import type { Outbound } from '@offload/outbound/outbound';
import type { outboundEnv } from '@offload/outbound/outbound-env';
import type { Env } from '@offload/runtime/env';
import type { Store } from '@offload/store/open-store';

/** Outbound requests that are polite to each host together with all other workers. */
export interface WorkerOutbound extends Outbound {
  /** Where the workers agree on it. runWorker calls this before the first task. */
  over(store: Pick<Store, 'hosts'>): void;
}

/** The outbound requests of a worker, with the limits of the environment. Give it to the handler and to runWorker. */
export function workerOutbound(config: Env<typeof outboundEnv>): WorkerOutbound {
  let gate: HostGate | undefined;
  const outbound = createOutbound({
    allow: config.OUTBOUND_ALLOW,
    userAgent: config.OUTBOUND_USER_AGENT,
    contact: config.OUTBOUND_CONTACT,
    limitAllowed: config.OUTBOUND_LIMIT_ALLOWED,
    gate: () => gate,
  });
  return {
    ...outbound,
    over({ hosts }) {
      gate = hosts.gate({
        concurrency: config.OUTBOUND_HOST_CONCURRENCY,
        ratePerSecond: config.OUTBOUND_HOST_RATE_PER_SECOND,
      });
    },
  };
}
