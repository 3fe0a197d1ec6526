import express, { type RequestHandler } from 'express';
import { LIMITS } from '@offload/contracts/task';
import { Problem } from './problem.js';

/** Milliseconds for a whole body of at most 64 KiB. */
const BODY_MS = 15_000;
/** Levels of objects and arrays in a body; MongoDB takes 100, and a task adds some of its own. */
const DEEPEST = 64;

/** The same for a request that needs none: without one, `request.body` stays undefined. */
export function readOptionalJson(): RequestHandler {
  const read = readJson();
  return (request, response, next) => {
    const { 'transfer-encoding': chunked, 'content-length': length = '0' } = request.headers;
    if (chunked === undefined && length === '0') next();
    else void read(request, response, next);
  };
}

/**
 * Reads a JSON body into `request.body`.
 * @param bodyMs milliseconds for the whole of it
 * @param limit bytes
 */
export function readJson(bodyMs = BODY_MS, limit: number = LIMITS.input): RequestHandler {
  const json = express.json({ limit, strict: true, type: 'application/json' });
  return (request, response, next) => {
    const form = request.is('application/json');
    if (form === null || request.headers['content-length'] === '0')
      throw new Problem('malformed-json', 'There is no body; send a JSON object.');
    if (form === false)
      throw new Problem('wrong-content-type', 'Send the body as application/json.', {
        headers: { Accept: 'application/json' },
      });
    let answered = false;
    const done = (error?: unknown): void => {
      if (answered) return;
      answered = true;
      clearTimeout(late);
      next(error);
    };
    const late = setTimeout(
      () => done(new Problem('request-timeout', `A body must arrive within ${bodyMs / 1_000} seconds.`)),
      bodyMs,
    );
    json(request, response, (error?: unknown) => done(error ?? tooDeep(request.body)));
  };
}

/** The Problem of a body that is nested too deep; undefined for all others. Needs no stack of its own. */
function tooDeep(body: unknown): Problem | undefined {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST)
      return new Problem('malformed-request', `The body is nested more than ${DEEPEST} levels deep.`);
    level = level.filter(isNested).flatMap(Object.values);
  }
  return undefined;
}

const isNested = (value: unknown): value is object => value !== null && typeof value === 'object';
