import type { RequestHandler } from 'express';

/**
 * `Cache-Control: no-cache` in a request speaks to caches (RFC 9111, section 5.2.1.4); the origin compares
 * If-None-Match all the same (RFC 9110, section 13.1.2). Express would answer in full, and Node's fetch sends the
 * one with the other.
 */
export const compareTags: RequestHandler = (request, _response, next) => {
  if (request.headers['if-none-match'] !== undefined) delete request.headers['cache-control'];
  next();
};
