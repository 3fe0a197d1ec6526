import { readiness } from '@offload/runtime/health';
import type { Store } from '@offload/store/open-store';
import type { Routes } from './routes.js';

export interface HealthRoutesOptions {
  store: { connection: Pick<Store['connection'], 'connected' | 'ping'> };
  broker: { readonly connected: boolean };
  stopping: AbortSignal;
}

/** Milliseconds that the database may take to answer a ping. */
const PING_MS = 2_000;

/**
 * `/healthz`: the event loop turns. `/readyz`: requests can be served. That takes the database only: without the
 * broker tasks are still accepted, and published when it is back, so it is shown but decides nothing; a load
 * balancer that took every API process out with the broker would turn a delay into an outage.
 */
export function healthRoutes({ store, broker, stopping }: HealthRoutesOptions): Routes {
  const database = async (): Promise<boolean> => {
    if (!store.connection.connected) return false;
    let late: NodeJS.Timeout | undefined;
    const tooLate = new Promise<false>((resolve) => {
      late = setTimeout(resolve, PING_MS, false);
    });
    const answered = store.connection.ping().then(
      () => true,
      () => false,
    );
    return Promise.race([answered, tooLate]).finally(() => clearTimeout(late));
  };

  return {
    '/healthz': {
      get: [(_request, response) => void response.set('Cache-Control', 'no-store').json({ alive: true })],
    },
    '/readyz': {
      get: [
        async (_request, response) => {
          const { checks } = await readiness({ database, broker: () => broker.connected });
          const ready = checks.database === true && !stopping.aborted;
          response
            .status(ready ? 200 : 503)
            .set('Cache-Control', 'no-store')
            .json({ ready, checks });
        },
      ],
    },
  };
}
