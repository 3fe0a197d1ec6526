import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { LONGEST_ADDRESS } from './check-head.js';
import { Problem, problemBody } from './problem.js';

/** Bytes of the request line and all headers. */
export const LARGEST_HEAD = 32 * 1024;

/** Milliseconds for what the client still sends, so that it gets to its answer. */
const LINGER_MS = 2_000;

interface ParserError extends NodeJS.ErrnoException {
  /** What was being read. */
  rawPacket?: Buffer;
}

/**
 * For a server's `clientError`: what its parser could not read, or did not get in time, is answered with a problem, and
 * the connection ends. Where an answer is under way, its connection is cut: half of it must not look whole.
 */
export function refuseUnreadable(): (error: ParserError, socket: Duplex) => void {
  const refused = new WeakSet<Duplex>();
  return (error, socket) => {
    // What comes after the first fault is dropped.
    if (refused.has(socket)) return;
    refused.add(socket);
    socket.on('error', () => socket.destroy());
    const { _httpMessage: current } = socket as { _httpMessage?: { headersSent: boolean } | null };
    if (error.code === 'ECONNRESET' || !socket.writable || current?.headersSent === true) {
      socket.destroy();
      return;
    }
    socket.end(answerOf(problemOf(error)));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}

function problemOf({ code, rawPacket }: ParserError): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return isOfAddress(rawPacket)
      ? new Problem('address-too-long', `An address may have ${LONGEST_ADDRESS} bytes.`)
      : new Problem('headers-too-large', `The headers may have ${LARGEST_HEAD} bytes together.`);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem('request-timeout', 'The headers of the request did not arrive in time.');
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return new Problem('too-large', 'Chunks come with more extensions than bytes are taken for them.');
  return new Problem('malformed-request', 'This is no HTTP/1.1 request that can be read.');
}

/** Whether the request line is what is too long. */
function isOfAddress(packet: Buffer | undefined): boolean {
  const end = packet?.indexOf('\n') ?? -1;
  const line = packet?.subarray(0, end === -1 ? undefined : end);
  return (
    line !== undefined && line.length > LONGEST_ADDRESS && /^[A-Z]+ /.test(line.toString('latin1', 0, 20))
  );
}

function answerOf(problem: Problem): string {
  const id = randomUUID();
  const body = JSON.stringify(problemBody(problem, { path: '/', id }));
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${id}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
