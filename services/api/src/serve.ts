import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Log } from '@offload/runtime/logger';
import { LARGEST_HEAD, refuseUnreadable } from './refuse-unreadable.js';

/** Milliseconds for the headers of a request; what is slower is answered 408. */
const HEADERS_MS = 10_000;
/** How often slow headers are looked for, in milliseconds. */
const LOOK_MS = 2_000;
/** Milliseconds that an idle connection is kept: above the usual 60 s of load balancers, so that they close first. */
const KEEP_ALIVE_MS = 65_000;
/** Then a client connects anew, so that load spreads over API processes that were started later. */
const REQUESTS_PER_CONNECTION = 1_000;
/** After its answer a client may go on sending for so long, in milliseconds: else it could not read it. */
const UNREAD_MS = 5_000;
/** How often connections that have become idle are closed during the stop, in milliseconds. */
const CLOSE_IDLE_MS = 50;
/** During the stop, a connection without a request so far has so long to send one, in milliseconds. */
const FIRST_REQUEST_MS = 500;

export interface ServeOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Connections at a time; more are closed at once. 10,000 by default. */
  maxConnections?: number;
  /** Milliseconds that requests in flight have to end when the server stops; 20,000 by default. */
  drainMs?: number;
  log?: Pick<Log, 'warn'>;
  /** Milliseconds instead of those above; given in tests. */
  headersMs?: number;
  unreadMs?: number;
}

export interface Serving {
  /** e.g. `http://127.0.0.1:3000`. */
  url: string;
  /** Takes no more connections, waits for the requests in flight, closes the rest; in bounded time. */
  close(): Promise<void>;
}

/**
 * Listens. Rejects when it cannot; the error says why and what to set. There is no limit for a whole request: who reads
 * a body sets one (bound-body.ts, receive-upload.ts), and what nobody reads fills no more than a socket's buffer.
 */
export async function serve(listener: RequestListener, options: ServeOptions): Promise<Serving> {
  const { headersMs = HEADERS_MS, unreadMs = UNREAD_MS } = options;
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(LOOK_MS, headersMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Peers that are gone without a word are noticed by the system.
    keepAlive: true,
    maxHeaderSize: LARGEST_HEAD,
    // Answered by the app, as a problem.
    requireHostHeader: false,
  });
  // Node.js would leave out what is above its limit, silently; the app counts and refuses.
  server.maxHeadersCount = 0;
  limitConnections(server, options);
  // Browsers open connections before they need them; Node.js counts those neither as idle nor as busy.
  const unused = new Set<Socket>();
  // Not Node.js's own: it announces the end of a connection and then leaves it open.
  const requestsOn = new WeakMap<Socket, number>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const count = (requestsOn.get(request.socket) ?? 0) + 1;
    requestsOn.set(request.socket, count);
    if (count >= REQUESTS_PER_CONNECTION) response.shouldKeepAlive = false;
    unused.delete(request.socket);
    endUnread(request, response, unreadMs);
    listener(request, response);
  };
  server.on('request', answer);
  server.on('checkContinue', (request, response) => {
    continueWhenRead(request, response);
    answer(request, response);
  });
  // RFC 9110 section 10.1.1: other expectations may be ignored.
  server.on('checkExpectation', answer);
  server.on('clientError', refuseUnreadable());
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, options)));
    server.listen(options.port, options.host, resolve);
  });
  const { host, drainMs = 20_000, log } = options;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MS);
        const late = setTimeout(() => unused.forEach((socket) => socket.destroy()), FIRST_REQUEST_MS);
        const cut = setTimeout(() => {
          log?.warn('requests had not ended at the stop and were cut off', { drainMs });
          server.closeAllConnections();
        }, drainMs);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(late);
          clearTimeout(cut);
          resolve();
        });
      }),
  };
}

type HttpServer = ReturnType<typeof createServer>;

/** The first one that is closed is logged, and again when there was room for a while. */
function limitConnections(server: HttpServer, { maxConnections = 10_000, log }: ServeOptions): void {
  server.maxConnections = maxConnections;
  let droppedAt = -Infinity;
  server.on('drop', () => {
    const now = performance.now();
    if (now - droppedAt > 60_000) log?.warn('too many connections; new ones are closed', { maxConnections });
    droppedAt = now;
  });
}

/** A body that was not read by the time of the answer is dropped as it comes, but not for ever. */
function endUnread(request: IncomingMessage, response: ServerResponse, ms: number): void {
  response.once('finish', () => {
    if (request.complete) return;
    const late = setTimeout(() => request.socket.destroy(), ms);
    late.unref();
    for (const event of ['end', 'close']) request.once(event, () => clearTimeout(late));
  });
}

/**
 * `Expect: 100-continue` (RFC 9110 section 10.1.1): the body is asked for when somebody reads it. So a request that is
 * refused for its key, its length or a limit is answered without it, and the connection ends with that answer.
 */
function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read.bind(request);
  const { shouldKeepAlive } = response;
  response.shouldKeepAlive = false;
  request._read = (size) => {
    request._read = read;
    if (!response.headersSent) {
      response.shouldKeepAlive = shouldKeepAlive;
      response.writeContinue();
    }
    read(size);
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
