import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bytes } from './origin-answers.js';

export * from './origin-answers.js';
export * from './origin-breaks.js';
export * from './origin-files.js';

/** Answers one request. `n` counts the requests to this path from 1; `left` aborts when the client is gone. */
export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  n: number,
  left: AbortSignal,
) => void | Promise<void>;

export interface Origin {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  port: number;
  /** What was asked, in order. */
  requests: { method: string; path: string; headers: IncomingMessage['headers'] }[];
  /** Answers `path` (with its query) from now on; other paths are 404. Returns the absolute URL. */
  serve(path: string, answer: Answer): string;
  /** Resolves when `path` has been asked `times` times in all. */
  asked(path: string, times?: number): Promise<void>;
  /** Requests under way now, and the most that ever were. */
  atOnce(): { now: number; most: number };
  /** Connections open now. */
  connections(): Promise<number>;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

/** A server on loopback that behaves as the worst of the internet does: see the answers below. For tests. */
export async function startOrigin(): Promise<Origin> {
  const answers = new Map<string, Answer>();
  const requests: Origin['requests'] = [];
  const waiting = new Set<() => void>();
  const countOf = (path: string): number => requests.filter((request) => request.path === path).length;

  const atOnce = { now: 0, most: 0 };

  // Larger than any client may take: the flood is for the client to end.
  const server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
    const path = request.url ?? '/';
    requests.push({ method: request.method ?? 'GET', path, headers: request.headers });
    waiting.forEach((look) => look());
    const left = new AbortController();
    atOnce.most = Math.max(atOnce.most, ++atOnce.now);
    response.once('close', () => {
      atOnce.now--;
      left.abort();
    });
    response.on('error', () => left.abort());
    const answer = answers.get(path) ?? bytes('not here', { 'content-type': 'text/plain' }, 404);
    void Promise.resolve(answer(request, response, countOf(path), left.signal)).catch((error: unknown) => {
      if (!left.signal.aborted) response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    port,
    requests,
    serve(path, answer) {
      answers.set(path, answer);
      return url + path;
    },
    asked: (path, times = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (countOf(path) < times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    atOnce: () => ({ ...atOnce }),
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
