import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';

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

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push({ method: request.method ?? 'GET', path, headers: request.headers });
    waiting.forEach((look) => look());
    const left = new AbortController();
    response.once('close', () => left.abort());
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

/** Given bytes with given headers; Content-Length is right unless a header says otherwise. */
export function bytes(body: Buffer | string, headers: Record<string, string> = {}, status = 200): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
    response.end(body);
  };
}

/** Takes the request and never says a word. */
export const hang = (): Answer => () => {};

/** Headers at once, then `byte` every `everyMs`, for ever. */
export function drip(everyMs: number, byte = '.', headers: Record<string, string> = {}): Answer {
  return async (_request, response, _n, left) => {
    response.writeHead(200, headers);
    response.flushHeaders();
    while (!left.aborted) {
      response.write(byte);
      await sleep(everyMs, undefined, { signal: left }).catch(() => undefined);
    }
  };
}

/** A body without end, as fast as the client takes it. */
export function endless(headers: Record<string, string> = {}, status = 200): Answer {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  return async (_request, response, _n, left) => {
    response.writeHead(status, headers);
    while (!left.aborted) {
      if (response.write(chunk)) await sleep(0);
      else await drained(response, left);
    }
  };
}

/** `decodedBytes` of zeros, gzipped on the way: about a thousandth of that goes over the wire. */
export function gzipBomb(decodedBytes: number, headers: Record<string, string> = {}): Answer {
  const chunk = Buffer.alloc(1024 * 1024);
  return async (_request, response, _n, left) => {
    response.writeHead(200, { 'content-encoding': 'gzip', ...headers });
    const gzip = createGzip();
    gzip.pipe(response);
    left.addEventListener('abort', () => gzip.destroy());
    for (let sent = 0; sent < decodedBytes && !left.aborted; sent += chunk.length) {
      if (!gzip.write(chunk)) await drained(gzip, left);
    }
    gzip.end();
  };
}

/** `body` under gzip, well-formed. */
export function gzipped(body: Buffer | string, headers: Record<string, string> = {}): Answer {
  return bytes(gzipSync(body), { 'content-encoding': 'gzip', ...headers });
}

/** To `location` as it is given: absolute, relative or nonsense. */
export function redirect(location: string, status = 302): Answer {
  return (_request, response) => {
    response.writeHead(status, { location: Buffer.from(location).toString('latin1') });
    response.end(`see ${encodeURI(location)}`);
  };
}

/** Promises `declared` bytes, sends `body`, and hangs up. */
export function wrongLength(body: Buffer | string, declared: number): Answer {
  return raw(`HTTP/1.1 200 OK\r\nContent-Length: ${declared}\r\n\r\n${body.toString()}`);
}

/** A chunked body whose last chunk never comes. */
export const cutChunks = (body: string): Answer =>
  raw(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`);

/** These bytes and nothing else on the wire, then the connection is closed. */
export function raw(wire: Buffer | string): Answer {
  return (_request, response) => void response.socket?.end(wire);
}

/** Resets the connection (RST) without an answer. */
export const reset = (): Answer => (request) => void request.socket.resetAndDestroy();

/** `status` for the first `times` requests, then `answer`. */
export function failing(times: number, status: number, answer: Answer): Answer {
  const bad = bytes('bad luck', {}, status);
  return (request, response, n, left) => (n <= times ? bad : answer)(request, response, n, left);
}

/** 429 with Retry-After: seconds or an HTTP date. */
export const tooMany = (retryAfter: string): Answer => bytes('slow down', { 'retry-after': retryAfter }, 429);

/** `body` with an ETag; 304 when the client has it. */
export function withEtag(etag: string, body: Buffer | string, headers: Record<string, string> = {}): Answer {
  return (request, response, n, left) => {
    const known = request.headers['if-none-match'] === etag;
    const answer = known ? bytes('', { etag }, 304) : bytes(body, { etag, ...headers });
    return answer(request, response, n, left);
  };
}

function drained(stream: NodeJS.EventEmitter, left: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (left.aborted) return resolve();
    const done = (): void => {
      stream.off('drain', done);
      left.removeEventListener('abort', done);
      resolve();
    };
    stream.once('drain', done);
    left.addEventListener('abort', done, { once: true });
  });
}
