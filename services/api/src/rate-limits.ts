import type { ErrorRequestHandler, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { authOf } from './authenticate.js';
import { Problem } from './problem.js';

const WINDOW_MS = 60_000;

export interface RateLimits {
  /** Requests a minute with one key; 0: no limit. */
  perKey: number;
  /** Requests that are refused for their key or for having none, a minute and address; 0: no limit. */
  perAddress: number;
}

/**
 * Counts each in this process alone: n processes behind a load balancer let n times as many through. Headers as in
 * draft-ietf-httpapi-ratelimit-headers-08.
 */
const limiter = (name: string, limit: number, keyOf: (request: Parameters<RequestHandler>[0]) => string) =>
  rateLimit({
    windowMs: WINDOW_MS,
    limit,
    identifier: name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: keyOf,
    // Addresses behind a proxy are Express's matter (trust proxy), not this library's to warn about.
    validate: false,
    // Retry-After is set already.
    handler: () => {
      throw new Problem('too-many-requests', `At most ${limit} requests a minute are taken (${name}).`);
    },
  });

/** Whoever has an IPv6 address has all of its /64 (RFC 6177 section 2), so that counts as one. */
export const networkOf = (ip: string | undefined): string => ipKeyGenerator(ip ?? '', 64);

const pass: RequestHandler = (_request, _response, next) => next();

/** After authentication: so many requests a minute for each key. */
export function limitKeys({ perKey }: RateLimits): RequestHandler {
  if (perKey === 0) return pass;
  const limit = limiter('per key', perKey, (request) => authOf(request).key ?? '');
  return (request, response, next) => {
    // Links to files and local requests without a key are not counted here.
    if (authOf(request).key === null) next();
    else void limit(request, response, next);
  };
}

/**
 * After authentication, for what it refused: one address gets so many answers of 401 or 403 a minute, then 429.
 * Valid keys from the same address are served on, since many may share it.
 */
export function limitRefusals({ perAddress }: RateLimits): ErrorRequestHandler {
  if (perAddress === 0) return (error, _request, _response, next) => next(error);
  const limit = limiter('refused per address', perAddress, ({ ip }) => networkOf(ip));
  return (error: unknown, request, response, next) => {
    if (error instanceof Problem && (error.status === 401 || error.status === 403))
      void limit(request, response, (late: unknown) => next(late ?? error));
    else next(error);
  };
}
