import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Log } from '@offload/runtime/logger';
import { problemBody, type Problem } from './problem.js';
import { problemOf } from './problem-of-error.js';
import { requestIdOf } from './request-id.js';
import { targetOf } from './request-target.js';

/** Milliseconds for what a client still sends after it was refused; then the connection is cut. */
const DRAIN_MS = 5_000;

/** The last handler: every error becomes a problem; our own faults are logged with the request's id. */
export const answerErrors =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    const problem = problemOf(error);
    const fields = { requestId: requestIdOf(response), method: request.method, path: request.path };
    if (problem.code === 'internal') log.error('a request failed', { ...fields, error });
    else if (problem.status >= 500)
      log.warn('a request could not be served', { ...fields, code: problem.code, reason: reasonOf(problem) });
    else log.debug('a request was refused', { ...fields, code: problem.code });
    if (response.headersSent) {
      // Half an answer must not look like a whole one.
      response.destroy();
      return;
    }
    sendProblem(request, response, problem);
    drain(request);
  };

const reasonOf = ({ cause }: Problem): string | undefined =>
  cause instanceof Error ? cause.message : undefined;

function sendProblem(request: Request, response: Response, problem: Problem): void {
  const path = targetOf(request).split('?', 1)[0] ?? '/';
  const body = problemBody(problem, { path, id: requestIdOf(response) });
  for (const name of ['ETag', 'Content-Disposition', 'Accept-Ranges', 'Location', 'Preference-Applied'])
    response.removeHeader(name);
  response
    .status(problem.status)
    // Without it a cache may keep a 404 or 405 for as long as it likes (RFC 9111 section 4.2.2).
    .set('Cache-Control', 'no-store')
    .set(problem.headers)
    .set('Content-Type', 'application/problem+json; charset=utf-8')
    .end(JSON.stringify(body));
}

/** Reads on for a while, so that a client that is still sending gets to read its answer. */
function drain(request: Request): void {
  if (request.readableEnded || request.destroyed) return;
  request.resume();
  const late = setTimeout(() => request.destroy(), DRAIN_MS);
  late.unref();
  request.once('close', () => clearTimeout(late));
}
