import express, { type RequestHandler } from 'express';
import { LIMITS } from '@offload/contracts/task';
import { boundBody } from './bound-body.js';
import { Problem } from './problem.js';

/** Milliseconds for a whole body of at most 64 KiB. */
const BODY_MS = 15_000;
/** Levels of objects and arrays in a body; MongoDB takes 100, and a task adds some of its own. */
const DEEPEST = 64;

const JSON_TYPES = ['application/json'];
/** What a PATCH says is a merge patch, by whichever name it comes (RFC 7396). */
const PATCH_TYPES = [...JSON_TYPES, 'application/merge-patch+json'];

/**
 * A 415 that says what is taken, in the header of all methods (RFC 9110 section 15.5.16) and in that of its own
 * (Accept-Patch: RFC 5789 section 2.2; Accept-Post: Linked Data Platform, section 7.1).
 */
export function wrongContentType(method: string, types: readonly string[]): Problem {
  const taken = types.join(', ');
  const own = method === 'PATCH' ? 'Accept-Patch' : 'Accept-Post';
  return new Problem('wrong-content-type', `Send the body as ${types.join(' or ')}.`, {
    headers: { Accept: taken, [own]: taken },
  });
}

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
  const json = express.json({ limit, strict: true, type: PATCH_TYPES });
  const read = boundBody(json, { limit, ms: bodyMs });
  return (request, response, next) => {
    const types = request.method === 'PATCH' ? PATCH_TYPES : JSON_TYPES;
    const form = request.is(types);
    if (form === null || request.headers['content-length'] === '0')
      throw new Problem('malformed-json', 'There is no body; send a JSON object.');
    if (form === false) throw wrongContentType(request.method, types);
    void read(request, response, (error?: unknown) => next(error ?? tooDeep(request.body)));
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
