import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Milliseconds for the headers of a request. */
const HEADERS_MS = 10_000;
/** Milliseconds for a whole request: the slowest upload. JSON bodies have their own, shorter limit (read-json.ts). */
const REQUEST_MS = 30 * 60_000;
/** Milliseconds that an idle connection is kept: above the usual 60 s of load balancers, so that they close first. */
const KEEP_ALIVE_MS = 65_000;
/** How often connections that have become idle are closed during the stop, in milliseconds. */
const CLOSE_IDLE_MS = 50;
/** During the stop, a connection without a request so far has so long to send one, in milliseconds. */
const FIRST_REQUEST_MS = 500;

export interface Serving {
  /** e.g. `http://127.0.0.1:3000`. */
  url: string;
  /** Takes no more connections, waits for the requests in flight, closes the rest. */
  close(): Promise<void>;
}

/** Listens. Rejects when it cannot; the error says why and what to set. */
export async function serve(listener: RequestListener, at: { host: string; port: number }): Promise<Serving> {
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    listener,
  );
  // Browsers open connections before they need them; Node.js counts those neither as idle nor as busy.
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, at)));
    server.listen(at.port, at.host, resolve);
  });
  return {
    url: `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MS);
        const late = setTimeout(() => unused.forEach((socket) => socket.destroy()), FIRST_REQUEST_MS);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(late);
          resolve();
        });
      }),
  };
}

function explain(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is taken: stop what listens there, or set PORT to another one.`,
    EACCES: `This user may not listen at port ${port}: set PORT to one above 1023.`,
    EADDRNOTAVAIL: `This machine has no address ${host}: set HOST to one that it has.`,
  };
  return new Error(reasons[error.code ?? ''] ?? `Cannot listen at ${host}:${port}: ${error.message}`, {
    cause: error,
  });
}
