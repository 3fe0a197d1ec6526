import { readiness } from '@offload/runtime/health';
import type { Store } from '@offload/store/open-store';
import type { Routes } from './routes.js';

export interface HealthRoutesOptions {
  store: { connection: Pick<Store['connection'], 'connected' | 'ping'> };
  broker: { readonly connected: boolean };
  draining: AbortSignal;
}

/** Milliseconds that a probe waits for the database: Kubernetes gives up after a second. */
const PING_MS = 500;
/** Milliseconds. A database that takes longer to answer a ping is not there. */
const AWAY_MS = 5_000;

/**
 * `/healthz`: the event loop turns. `/readyz`: requests can be served. That takes the database only: without the
 * broker tasks are still accepted, and published when it is back, so it is shown but decides nothing; a load
 * balancer that took every API process out with the broker would turn a delay into an outage.
 */
export function healthRoutes({ store, broker, draining }: HealthRoutesOptions): Routes {
  let pinging: { outcome: Promise<boolean>; began: number } | undefined;
  /** How the last ping ended. */
  let well = true;
  const ping = () =>
    (pinging ??= {
      began: performance.now(),
      outcome: store.connection
        .ping()
        .then(
          () => (well = true),
          () => (well = false),
        )
        .finally(() => (pinging = undefined)),
    });
  /**
   * A slow one is there: whether requests are to be refused is not the load balancer's matter (overload.ts). After one
   * that did not answer, slowness is no sign of life.
   */
  const database = async (): Promise<boolean> => {
    if (!store.connection.connected) return false;
    const { outcome, began } = ping();
    let late: NodeJS.Timeout | undefined;
    const slow = new Promise<boolean>((resolve) => {
      late = setTimeout(() => resolve(well && performance.now() - began < AWAY_MS), PING_MS);
    });
    return Promise.race([outcome, slow]).finally(() => clearTimeout(late));
  };

  return {
    '/healthz': {
      get: [(_request, response) => void response.set('Cache-Control', 'no-store').json({ alive: true })],
    },
    '/readyz': {
      get: [
        async (_request, response) => {
          const { checks } = await readiness({ database, broker: () => broker.connected });
          const ready = checks.database === true && !draining.aborted;
          response
            .status(ready ? 200 : 503)
            .set('Cache-Control', 'no-store')
            .json({ ready, checks });
        },
      ],
    },
  };
}
