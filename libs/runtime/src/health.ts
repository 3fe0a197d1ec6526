import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Name of a thing that this process needs → whether it is there now. */
export type Checks = Record<string, () => boolean | Promise<boolean>>;

export interface Readiness {
  ready: boolean;
  checks: Record<string, boolean>;
}

/** Asks every check; one that throws counts as false. */
export async function readiness(checks: Checks): Promise<Readiness> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const good = await Promise.resolve()
        .then(check)
        .catch(() => false);
      return [name, good] as const;
    }),
  );
  return { ready: entries.every(([, good]) => good), checks: Object.fromEntries(entries) };
}

/**
 * `/healthz` (this event loop turns: 200) and `/readyz` (it can do its work: 200, else 503 with the checks) for
 * processes without an HTTP server of their own. Port 0 takes a free one.
 */
export async function serveHealth(options: { host: string; port: number; checks: Checks }): Promise<{
  port: number;
  close(): Promise<void>;
}> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/healthz') answer(200, { alive: true });
    else if (request.url === '/readyz')
      void readiness(options.checks).then((state) => answer(state.ready ? 200 : 503, state));
    else answer(404, { error: 'only /healthz and /readyz' });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
