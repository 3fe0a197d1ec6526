import { bytes } from './origin-answers.js';
import type { Answer } from './origin.js';

/** `body` with an ETag; 304 when the client has it. */
export function withEtag(etag: string, body: Buffer | string, headers: Record<string, string> = {}): Answer {
  return (request, response, n, left) => {
    const known = request.headers['if-none-match'] === etag;
    const answer = known ? bytes('', { etag }, 304) : bytes(body, { etag, ...headers });
    return answer(request, response, n, left);
  };
}

/** `body` under an ETag that serves one Range (RFC 9110, section 14), obeys If-Range, and answers 416 past the end. */
export function ranged(body: Buffer, etag: string, headers: Record<string, string> = {}): Answer {
  return (request, response, n, left) => {
    const own = { etag, 'accept-ranges': 'bytes', ...headers };
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const ifRange = request.headers['if-range'];
    if (!range || (ifRange !== undefined && ifRange !== etag))
      return bytes(body, own)(request, response, n, left);
    const from = Number(range[1]);
    const to = Math.min(range[2] ? Number(range[2]) : Infinity, body.length - 1);
    if (from > to) {
      const none = { 'content-range': `bytes */${body.length}` };
      return bytes('', { ...own, ...none }, 416)(request, response, n, left);
    }
    const part = { 'content-range': `bytes ${from}-${to}/${body.length}` };
    return bytes(body.subarray(from, to + 1), { ...own, ...part }, 206)(request, response, n, left);
  };
}

/**
 * What `answer` gives, cut (RST) after `after` bytes of the body, for the first `times` requests. Headers are as
 * `answer` makes them.
 */
export function breaking(times: number, after: number, answer: Answer): Answer {
  return (request, response, n, left) => {
    if (n <= times) {
      const end = response.end.bind(response);
      const cut = (body: Buffer | string): void => {
        const chunk = Buffer.from(body).subarray(0, after);
        response.write(chunk, () => setImmediate(() => request.socket.resetAndDestroy()));
      };
      response.end = ((body?: Buffer | string) => {
        if (body === undefined) return end();
        cut(body);
        return response;
      }) as typeof response.end;
    }
    return answer(request, response, n, left);
  };
}
