import { setTimeout as sleep } from 'node:timers/promises';
import { createBrotliCompress, createDeflate, createGzip, constants } from 'node:zlib';
import type { Answer } from './origin.js';

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

/** A coder for each link of a bomb; zeros shrink to a thousandth and less. */
const CODERS = {
  gzip: () => createGzip(),
  deflate: () => createDeflate(),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

/** `decodedBytes` of zeros, gzipped on the way: about a thousandth of that goes over the wire. */
export const gzipBomb = (decodedBytes: number, headers: Record<string, string> = {}): Answer =>
  bomb('gzip', decodedBytes, headers);

/** `decodedBytes` of zeros in this coding, made on the way. */
export function bomb(
  coding: keyof typeof CODERS | 'zstd',
  decodedBytes: number,
  headers: Record<string, string> = {},
): Answer {
  if (coding === 'zstd') return zstdBomb(decodedBytes, headers);
  const chunk = Buffer.alloc(1024 * 1024);
  return async (_request, response, _n, left) => {
    response.writeHead(200, { 'content-encoding': coding, ...headers });
    const coder = CODERS[coding]();
    coder.pipe(response);
    left.addEventListener('abort', () => coder.destroy());
    for (let sent = 0; sent < decodedBytes && !left.aborted; sent += chunk.length) {
      if (!coder.write(chunk)) await drained(coder, left);
    }
    coder.end();
  };
}

const ZSTD_BLOCK = 128 * 1024;

/**
 * Made by hand, since not every Node has zstd: RFC 8878, section 3.1.1: a frame with a window of 1 MiB whose blocks are
 * one byte repeated (RLE), four bytes for 128 KiB each.
 */
function zstdBomb(decodedBytes: number, headers: Record<string, string>): Answer {
  const blocks = Math.ceil(decodedBytes / ZSTD_BLOCK);
  const wire = Buffer.alloc(6 + blocks * 4);
  wire.set([0x28, 0xb5, 0x2f, 0xfd, 0x00, 10 << 3]);
  for (let n = 0; n < blocks; n++) {
    const isLast = n === blocks - 1 ? 1 : 0;
    wire.writeUIntLE((ZSTD_BLOCK << 3) | (1 << 1) | isLast, 6 + n * 4, 3);
  }
  return (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'zstd', 'content-length': wire.length, ...headers });
    response.end(wire);
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

/** More bytes than Content-Length says. */
export const tooLong = (body: string, declared: number): Answer =>
  raw(`HTTP/1.1 200 OK\r\nContent-Length: ${declared}\r\nConnection: close\r\n\r\n${body}`);

/** Headers and `body` arrive, then the connection is reset (RST). */
export function resetInBody(body: Buffer | string, headers: Record<string, string> = {}): Answer {
  return (request, response) => {
    response.writeHead(200, { 'content-length': String(Buffer.byteLength(body) + 1_000), ...headers });
    response.write(body, () => setImmediate(() => request.socket.resetAndDestroy()));
  };
}

/** `count` headers of some 100 bytes each. */
export function headerFlood(count: number): Answer {
  return (_request, response) => {
    const lines = Array.from({ length: count }, (_, n) => `X-Flood-${n}: ${'x'.repeat(85)}\r\n`);
    response.socket?.end(`HTTP/1.1 200 OK\r\n${lines.join('')}Content-Length: 1\r\n\r\nx`);
  };
}

/** A header line every `everyMs`, for ever. */
export function slowHeaders(everyMs: number): Answer {
  return async (_request, response, _n, left) => {
    response.socket?.write('HTTP/1.1 200 OK\r\n');
    for (let n = 0; !left.aborted; n++) {
      response.socket?.write(`X-${n}: 1\r\n`);
      await sleep(everyMs, undefined, { signal: left }).catch(() => undefined);
    }
  };
}

/** Interim answers (103 Early Hints) for ever, and never a final one. */
export function interimFlood(): Answer {
  return async (_request, response, _n, left) => {
    while (!left.aborted) {
      response.socket?.write('HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n'.repeat(100));
      await sleep(1, undefined, { signal: left }).catch(() => undefined);
    }
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
