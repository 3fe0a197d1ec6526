import type { RequestHandler } from 'express';

/** Seconds that a browser remembers a preflight; Chromium takes no more than these. */
const PREFLIGHT_SECONDS = 7_200;
const METHODS = 'GET, HEAD, POST, PATCH, DELETE';
/** What clients may send, beyond what browsers let pass anyway. */
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'If-Range',
  'Last-Event-ID',
  'Prefer',
  'Range',
  'X-Request-Id',
].join(', ');
/** What scripts may read of an answer, beyond Content-Type, Content-Length, Cache-Control, Expires and Last-Modified. */
const ANSWER_HEADERS = [
  'Accept-Ranges',
  'Allow',
  'Content-Disposition',
  'Content-Range',
  'ETag',
  'Existing-Batch',
  'Existing-Task',
  'Idempotent-Replayed',
  'Link',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
].join(', ');

/**
 * Lets pages of these origins use the API (Fetch standard, "CORS protocol"); `*`: of all. Never with credentials: keys
 * are sent by scripts, and there are no cookies. Without origins no answer says anything of CORS.
 */
export function cors(origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return (_request, _response, next) => next();
  const any = origins.includes('*');
  const known = new Set(origins);
  return (request, response, next) => {
    if (!any) response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !(any || known.has(origin))) return next();
    response.set('Access-Control-Allow-Origin', any ? '*' : origin);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      response.set('Access-Control-Expose-Headers', ANSWER_HEADERS);
      return next();
    }
    response
      .status(204)
      .set({
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': REQUEST_HEADERS,
        'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
      })
      .end();
  };
}
