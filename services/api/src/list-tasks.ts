import type { RequestHandler } from 'express';
import { z } from 'zod';
import { taskState } from '@offload/contracts/task';
import type { Store } from '@offload/store/open-store';
import { searchTasks } from '@offload/store/search-tasks';
import { listTasks } from '@offload/store/task-list';
import { linkNext, nextPage, pageQuery, storePage } from './list-page.js';
import { parseQuery } from './parse-query.js';
import { fieldsOf } from './sparse-fields.js';
import { inTime } from './store-deadline.js';
import { filterOf, taskConditions } from './task-filter.js';
import { storedFieldsOf, summaryOf } from './task-resource.js';

const q = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe(
    'Words that all stand in the id (from its beginning), type, tags, error code or error message, in any order and ' +
      'case. A page may be short or empty and still have a next one: a request looks at 5,000 tasks at most',
  );

export const listQuery = z.strictObject({
  ...taskConditions,
  state: taskState.optional(),
  q: q.optional(),
  ...pageQuery,
});

/** GET /v1/tasks: newest first, unless asked otherwise. */
export function listHandler({ store }: { store: Pick<Store, 'connection'> }): RequestHandler {
  return async (request, response) => {
    const { limit, cursor, order, q: words, ...conditions } = parseQuery(listQuery, request.query);
    const page = { ...storePage({ limit, cursor, order }), fields: storedFieldsOf(fieldsOf(request)) };
    const filter = filterOf(request, conditions);
    const { found, resume } =
      words === undefined
        ? { found: await inTime(listTasks(store.connection, filter, page)), resume: undefined }
        : await inTime(searchTasks(store.connection, filter, page, words));
    const { items, next } = nextPage(request, response, found, limit);
    const more = next ?? (resume === undefined ? null : linkNext(request, response, resume));
    response.json({ items: items.map(summaryOf), next: more });
  };
}
