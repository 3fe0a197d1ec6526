import type { Answer } from './origin.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** Given bytes with given headers; Content-Length is right unless a header says otherwise. */
export function bytes(body: Buffer | string, headers: Record<string, string> = {}, status = 200): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
    response.end(body);
  };
}

/** Takes the request and never says a word. */
export const hang = (): Answer => () => {};

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

/** 302 to itself with a number that rises, for ever. */
export const redirectMaze = (): Answer => (request, response) => {
  const [path = '', n = '0'] = (request.url ?? '').split('?');
  response.writeHead(302, { location: `${path}?${Number(n) + 1}` }).end();
};

/** Several Location headers in one answer. */
export function redirects(locations: string[], status = 302): Answer {
  return (_request, response) => {
    response.statusCode = status;
    response.setHeader('location', locations).end();
  };
}

/** `early` for the first `times` requests, then `answer`. */
const atFirst =
  (times: number, early: Answer, answer: Answer): Answer =>
  (request, response, n, left) =>
    (n <= times ? early : answer)(request, response, n, left);

/** `status` for the first `times` requests, then `answer`. */
export const failing = (times: number, status: number, answer: Answer): Answer =>
  atFirst(times, bytes('bad luck', {}, status), answer);

/** 429 with Retry-After: seconds or an HTTP date. */
export const tooMany = (retryAfter: string): Answer => bytes('slow down', { 'retry-after': retryAfter }, 429);

/** `status` (429, 503) with Retry-After, for the first `times` requests; then `answer`. */
export const busy = (times: number, retryAfter: string, answer: Answer, status = 503): Answer =>
  atFirst(times, bytes('busy', { 'retry-after': retryAfter }, status), answer);

/** Says nothing for `ms` milliseconds, then answers. */
export function slowly(ms: number, answer: Answer): Answer {
  return async (request, response, n, left) => {
    await sleep(ms, undefined, { signal: left });
    await answer(request, response, n, left);
  };
}

/** What was asked, as JSON: method, path, headers, and the body as text. */
export function mirror(): Answer {
  return async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url: path, headers } = request;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ method, path, headers, body: Buffer.concat(chunks).toString() }));
  };
}
