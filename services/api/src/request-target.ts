import type { Request, RequestHandler } from 'express';

/** `http://host/path`: what a proxy is asked for, and an origin must take, too (RFC 9112 section 3.2.2). */
const ABSOLUTE = /^https?:\/\/[^/?#]*/i;

/** Path and query of a request, whichever form its target has; Express routes all of them. */
export const targetOf = ({ originalUrl }: Pick<Request, 'originalUrl'>): string => {
  const target = originalUrl.replace(ABSOLUTE, '');
  return target.startsWith('/') ? target : `/${target}`;
};

/** What a server can be asked for as a whole (RFC 9110 section 9.3.7). */
const ALLOW = 'GET, HEAD, POST, PATCH, DELETE, OPTIONS';

/** Answers `OPTIONS *`. */
export const answerServerOptions: RequestHandler = (request, response, next) => {
  if (request.url === '*') response.set('Allow', ALLOW).status(204).end();
  else next();
};
