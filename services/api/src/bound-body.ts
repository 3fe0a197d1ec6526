import type { RequestHandler } from 'express';
import { Problem } from './problem.js';
import { bodyTooLarge } from './problem-of-error.js';

export interface BodyBounds {
  /** Bytes, as they are sent. The parser has its own limit for what comes out of a compressed body. */
  limit: number;
  /** Milliseconds for the whole body. */
  ms: number;
}

/**
 * A parser of bodies (body-parser) that answers in time: by itself it waits for ever, and reads all of a body that is
 * too large before it says so. Calls `next` with the Problems `request-timeout` and `too-large`.
 */
export function boundBody(parse: RequestHandler, { limit, ms }: BodyBounds): RequestHandler {
  return (request, response, next) => {
    // Not a byte of it is read, nor asked for where the client waits for `100 Continue`.
    if (Number(request.headers['content-length']) > limit) throw bodyTooLarge();
    let answered = false;
    let bytes = 0;
    const done = (error?: unknown): void => {
      if (answered) return;
      answered = true;
      clearTimeout(late);
      request.off('data', count);
      next(error);
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > limit) done(bodyTooLarge());
    };
    const late = setTimeout(
      () => done(new Problem('request-timeout', `A body must arrive within ${ms / 1_000} seconds.`)),
      ms,
    );
    void parse(request, response, done);
    // After the parser: the first listener is what starts the body.
    if (!answered) request.on('data', count);
  };
}
