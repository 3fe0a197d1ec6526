import type { RequestHandler } from 'express';
import { Problem } from './problem.js';

/** `type/subtype` or a range of them, and its weight; other parameters tell nothing that this API could obey. */
const RANGE = /^\s*([\w!#$&^.+-]+|\*)\/([\w!#$&^.+-]+|\*)\s*(?:;|$)/;
const WEIGHT = /;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)/i;

/**
 * How much an `Accept` header wants a media type (RFC 9110 section 12.5.1): 0 is not at all. The range that is closest
 * to the type counts. Without the header, or with one that has no range at all, everything is wanted.
 */
function weightOf(type: string, accept: string | undefined): number {
  const [main = '', sub = ''] = type.toLowerCase().split('/');
  const ranges = (accept ?? '').split(',').flatMap((text) => {
    const [, of, what] = RANGE.exec(text.toLowerCase()) ?? [];
    return of === undefined || what === undefined
      ? []
      : [{ of, what, q: Number(WEIGHT.exec(text)?.[1] ?? 1) }];
  });
  if (ranges.length === 0) return 1;
  const closest =
    ranges.find(({ of, what }) => of === main && what === sub) ??
    ranges.find(({ of, what }) => of === main && what === '*') ??
    ranges.find(({ of, what }) => of === '*' && what === '*');
  return closest?.q ?? 0;
}

/**
 * Refuses a request whose `Accept` none of the types meets, before anything is done: a Problem `not-acceptable`. The
 * bytes of files are sent as what they are, whatever is asked for.
 */
export function negotiate(types: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const { accept } = request.headers;
    if (types.length === 0 || types.includes('*/*') || types.some((type) => weightOf(type, accept) > 0))
      next();
    else
      throw new Problem(
        'not-acceptable',
        `This address answers ${types.join(' or ')}; Accept has none of it.`,
      );
  };
}
