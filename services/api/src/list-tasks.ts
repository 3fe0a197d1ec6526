import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { contracts } from '@offload/contracts/registry';
import { taskState } from '@offload/contracts/task';
import type { Store } from '@offload/store/open-store';
import { listTasks } from '@offload/store/task-list';
import { detailOf } from './faults.js';
import { ownerOf } from './owner.js';
import { Problem } from './problem.js';
import { inTime } from './store-deadline.js';
import { summaryOf } from './task-resource.js';

/** Opaque: the last id of the page before. */
const cursor = z
  .string()
  .transform((text) => Buffer.from(text, 'base64url').toString('latin1'))
  .pipe(z.uuid('is not a cursor that this API gave out'));

export const encodeCursor = (id: string): string => Buffer.from(id, 'latin1').toString('base64url');

export const LONGEST_PAGE = 200;

/** Values as they stand in a query. */
export const listQuery = z.strictObject({
  type: z.enum(contracts.map((contract) => contract.type)).optional(),
  state: taskState.optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(LONGEST_PAGE))
    .default(50),
  cursor: cursor.optional(),
});

/** GET /v1/tasks: newest first. */
export function listHandler({ store }: { store: Pick<Store, 'connection'> }): RequestHandler {
  return async (request, response) => {
    const { type, state, limit, cursor: before } = parseQuery(request.query);
    const filter = { owner: ownerOf(request), ...(type && { type }), ...(state && { state }) };
    // One more than asked for tells whether there is a next page.
    const found = await inTime(
      listTasks(store.connection, filter, { ...(before && { before }), limit: limit + 1 }),
    );
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = found.length > limit && last ? nextPage(request, last._id) : null;
    if (next) response.links({ next });
    response.set('Cache-Control', 'private, no-cache').json({ items: page.map(summaryOf), next });
  };
}

function nextPage(request: Request, lastId: string): string {
  const query = new URLSearchParams(request.query as Record<string, string>);
  query.set('cursor', encodeCursor(lastId));
  return `/v1/tasks?${query.toString()}`;
}

function parseQuery(query: unknown): z.output<typeof listQuery> {
  const parsed = listQuery.safeParse(query);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((parameter) => ({ parameter, detail: 'is not a known parameter' }))
      : [
          {
            parameter: String(issue.path[0]),
            detail: detailOf(issue),
          },
        ],
  );
  const all = errors.map(({ parameter, detail }) => `${parameter} ${detail}`).join('; ');
  throw new Problem('invalid-query', `${all.slice(0, 500)}.`, { errors });
}
