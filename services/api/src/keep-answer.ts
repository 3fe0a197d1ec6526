import type { Request, RequestHandler, Response } from 'express';
import type { Log } from '@offload/runtime/logger';
import type { KeptAnswer, KeyedRequest } from '@offload/store/kept-answers';
import type { Store } from '@offload/store/open-store';
import { fingerprintOf, idempotencyKeyOf, keyReused } from './idempotency-key.js';
import { ownerOf } from './owner.js';
import { Problem } from './problem.js';
import { requestIdOf } from './request-id.js';
import { targetOf } from './request-target.js';
import { inTime } from './store-deadline.js';

/**
 * How a POST of a path holds to an Idempotency-Key.
 * - `document`: what it makes carries the key itself (tasks, batches), so that both are stored by one write.
 * - `answer`: its answer is kept beside what it made.
 * - `refused`: its answer has a secret that nobody keeps; it says so instead of doing it twice.
 * - `none`: it makes nothing.
 * @param path as Express or as the document writes it
 */
export function keyHome(path: string): 'document' | 'answer' | 'refused' | 'none' {
  if (path === '/v1/tasks' || path === '/v1/batches') return 'document';
  if (/^\/v1\/(keys|webhooks\/secrets)(\/|$)/.test(path)) return 'refused';
  return path === '/v1/schedules/preview' || !path.startsWith('/v1/') ? 'none' : 'answer';
}

export interface KeepAnswerOptions {
  store: Pick<Store, 'keptAnswers'>;
  log: Log;
}

/** Headers of an answer that belong to what it says. */
const KEPT_HEADERS = ['Location', 'Retry-After', 'ETag', 'Cache-Control'];
/** More would not fit into a document beside the rest of it. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Wraps the handler of a POST, so that a repeated request with the same Idempotency-Key gets the first one's answer. */
export function keepAnswer(
  path: string,
  handler: RequestHandler,
  options: KeepAnswerOptions,
): RequestHandler {
  const home = keyHome(path);
  if (home === 'document' || home === 'none') return handler;
  return async (request, response, next) => {
    const key = idempotencyKeyOf(request.get('idempotency-key'));
    if (key === undefined) return handler(request, response, next);
    if (home === 'refused') throw notTaken();
    const keyed = keyedRequest(request, key);
    const begun = await inTime(options.store.keptAnswers.begin(keyed));
    if (begun.kind === 'answered') return repeat(response, begun.answer);
    if (begun.kind === 'underway') throw stillBusy();
    if (begun.kind === 'another-body')
      throw keyReused(`names a request that was answered, until ${begun.until.toISOString()}`);
    keepWhatIsSent(response, keyed, begun.token, options);
    try {
      await handler(request, response, next);
    } catch (error) {
      // Nothing was done, or nobody knows: the client may send it again.
      await inTime(options.store.keptAnswers.free(keyed, begun.token)).catch((late: unknown) =>
        options.log.debug('an Idempotency-Key stays taken for two minutes', { error: late }),
      );
      throw error;
    }
  };
}

function keyedRequest(request: Request, key: string): KeyedRequest {
  const [path, query = ''] = targetOf(request).split(/\?(.*)/s);
  return {
    owner: ownerOf(request),
    address: `${request.method} ${path}`,
    key,
    bodyHash: fingerprintOf([query, fingerprintOf(request.body), ...unreadBody(request)]),
  };
}

/** What is known of a body that only its handler reads: an upload is not read twice to be compared. */
const unreadBody = ({ body, headers }: Request): (string | undefined)[] =>
  body === undefined ? [headers['content-length'], headers['content-type']?.split(';', 1)[0]] : [];

/** The answer is kept before it is sent. */
function keepWhatIsSent(
  response: Response,
  keyed: KeyedRequest,
  token: string,
  { store, log }: KeepAnswerOptions,
): void {
  const send = response.json.bind(response);
  response.json = (body: unknown) => {
    const answer = answerOf(response, body);
    const keeping =
      answer.body.length > MOST_BYTES
        ? Promise.reject(new Error('The answer is too large.'))
        : inTime(store.keptAnswers.keep(keyed, token, answer));
    void keeping
      // It is done, whether its answer is kept or not.
      .catch((error: unknown) =>
        log.warn('an answer was not kept', { requestId: requestIdOf(response), error }),
      )
      .then(() => send(body));
    return response;
  };
}

function answerOf(response: Response, body: unknown): KeptAnswer {
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = response.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { status: response.statusCode, headers: Object.fromEntries(headers), body: JSON.stringify(body) };
}

function repeat(response: Response, { status, headers, body }: KeptAnswer): void {
  response.status(status).set(headers).set('Idempotent-Replayed', 'true').json(JSON.parse(body));
}

const stillBusy = (): Problem =>
  new Problem(
    'idempotency-key-busy',
    'The first request with this Idempotency-Key is still being served; send it again in a second.',
    { headers: { 'Retry-After': '1' } },
  );

const notTaken = (): Problem =>
  new Problem(
    'idempotency-key-not-taken',
    'What this answers is shown once, so it cannot be repeated: leave the Idempotency-Key out, and delete the key ' +
      'or secret that you did not get to see.',
  );
