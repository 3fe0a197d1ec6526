import type { Answer } from './send-call.js';

/** Worth having in a result. Never Set-Cookie, and nothing that speaks of the connection. */
const WORTH = new Set([
  'age',
  'allow',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-range',
  'content-type',
  'date',
  'deprecation',
  'etag',
  'expires',
  'last-modified',
  'link',
  'location',
  'retry-after',
  'sunset',
  'warning',
]);
/** Identifiers of a request, totals, and limits of rate: RFC draft RateLimit headers and what came before them. */
const WORTH_TOO =
  /^(x-)?(ratelimit|rate-limit|request-id|correlation-id|total|total-count|page|per-page|next-page)(-|$)/;

const LONGEST = 2_000;

/** The headers that stand in a result; values are cut at 2,000 characters. */
export const headersWorthHaving = (headers: Answer['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => WORTH.has(name) || WORTH_TOO.test(name))
      .map(([name, value]) => [name, value.slice(0, LONGEST)]),
  );
