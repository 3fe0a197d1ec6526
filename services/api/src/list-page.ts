import type { Request, Response } from 'express';
import { z } from 'zod';

/** Opaque: the last id of the page before. */
const cursor = z
  .string()
  .transform((text) => Buffer.from(text, 'base64url').toString('latin1'))
  .pipe(z.uuid('is not a cursor that this API gave out'));

export const encodeCursor = (id: string): string => Buffer.from(id, 'latin1').toString('base64url');

export const LONGEST_PAGE = 200;

/** By the time of creation, which ids are sorted by. */
export const orders = ['desc', 'asc'] as const;

/** Values as they stand in the query of every list. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(LONGEST_PAGE))
    .default(50),
  cursor: cursor.optional(),
  order: z.enum(orders).default('desc'),
};

/** Of a list that takes no conditions. */
export const plainQuery = z.strictObject(pageQuery);

/** What a store's list is asked for: one more than the page has, which tells whether there is another. */
export const storePage = ({
  limit,
  cursor: from,
  order,
}: {
  limit: number;
  cursor?: string | undefined;
  order: (typeof orders)[number];
}) => ({ limit: limit + 1, order, ...(from !== undefined && { from }) });

/**
 * The page of what was found, and the path of the next one, which is in the Link header, too (RFC 8288).
 * @param found one more than `limit` when there is a next page
 */
export function nextPage<T extends { _id: string }>(
  request: Request,
  response: Response,
  found: T[],
  limit: number,
): { items: T[]; next: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || !last) return { items, next: null };
  return { items, next: linkNext(request, response, last._id) };
}

/** The path of the page after the item of this id; it is put into the Link header. */
export function linkNext(request: Request, response: Response, last: string): string {
  const query = new URLSearchParams(request.query as Record<string, string>);
  query.set('cursor', encodeCursor(last));
  const next = `${request.path}?${query.toString()}`;
  response.links({ next });
  return next;
}
