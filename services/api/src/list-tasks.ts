import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { contracts } from '@offload/contracts/registry';
import { taskState } from '@offload/contracts/task';
import type { Store } from '@offload/store/open-store';
import { listTasks } from '@offload/store/task-list';
import { ownerOf } from './owner.js';
import { parseQuery } from './parse-query.js';
import { inTime } from './store-deadline.js';
import { tag } from './task-options.js';
import { summaryOf } from './task-resource.js';

/** Opaque: the last id of the page before. */
const cursor = z
  .string()
  .transform((text) => Buffer.from(text, 'base64url').toString('latin1'))
  .pipe(z.uuid('is not a cursor that this API gave out'));

export const encodeCursor = (id: string): string => Buffer.from(id, 'latin1').toString('base64url');

export const LONGEST_PAGE = 200;

/** Values as they stand in the query of every list. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(LONGEST_PAGE))
    .default(50),
  cursor: cursor.optional(),
};

export const listQuery = z.strictObject({
  type: z.enum(contracts.map((contract) => contract.type)).optional(),
  state: taskState.optional(),
  tag: tag.optional(),
  batch: z.uuid().optional(),
  schedule: z.uuid().optional(),
  ...pageQuery,
});

/** GET /v1/tasks: newest first. */
export function listHandler({ store }: { store: Pick<Store, 'connection'> }): RequestHandler {
  return async (request, response) => {
    const query = parseQuery(listQuery, request.query);
    const { type, state, tag: tagged, batch, schedule, limit, cursor: from } = query;
    const filter = {
      owner: ownerOf(request),
      type,
      tag: tagged,
      batch: batch?.toLowerCase(),
      schedule: schedule?.toLowerCase(),
      ...(state && { states: [state] }),
    };
    const page = { order: 'newest first', limit: limit + 1, ...(from && { from }) } as const;
    const found = await inTime(listTasks(store.connection, filter, page));
    const { items, next } = nextPage(request, response, found, limit);
    response.set('Cache-Control', 'private, no-cache').json({ items: items.map(summaryOf), next });
  };
}

/**
 * The page of what was found, and the path of the next one, which is in the Link header, too.
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
  const query = new URLSearchParams(request.query as Record<string, string>);
  query.set('cursor', encodeCursor(last._id));
  const next = `${request.path}?${query.toString()}`;
  response.links({ next });
  return { items, next };
}
