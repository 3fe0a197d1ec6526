import type { RequestHandler } from 'express';
import { z } from 'zod';
import { lane } from '@offload/contracts/task';
import type { Store } from '@offload/store/open-store';
import { listDeadLetters } from '@offload/store/task-list';
import type { TaskRecord } from '@offload/store/task-record';
import type { UnreadableMessage } from '@offload/store/unreadable';
import { attemptMade, attemptsOf } from './attempts.js';
import { nextPage, pageQuery, storePage } from './list-page.js';
import { deleteAll, retryAll } from './operate-many.js';
import { attempts, type OperateOptions } from './operate-task.js';
import { parseQuery } from './parse-query.js';
import { readJson } from './read-json.js';
import type { Routes } from './routes.js';
import { fieldsOf } from './sparse-fields.js';
import { inTime } from './store-deadline.js';
import {
  conditionsInBody,
  conditionsInQuery,
  deadLetterConditions,
  filterOf,
  idsInBody,
  idsOfQuery,
} from './task-filter.js';
import { taskPath } from './task-resource.js';
import { iso } from './times.js';

const time = z.iso.datetime();

export const deadLetter = z
  .object({
    id: z.uuid().describe("The task's"),
    type: z.string(),
    lane,
    code: z.string(),
    message: z.string(),
    stack: z.string().nullable().describe('Of the last error, as far as one was thrown'),
    attempt: z.int().describe('Attempts begun'),
    attemptLimit: z.int(),
    attempts: z.array(attemptMade).describe('As far as the history of the last moves goes, oldest first'),
    input: z.unknown(),
    tags: z.array(z.string()),
    createdAt: time,
    failedAt: time,
    keptUntil: time.nullable().describe('When it is removed'),
    links: z.object({ task: z.string(), retry: z.string() }),
  })
  .meta({ id: 'DeadLetter' });

export const unreadableMessage = z
  .object({
    id: z.uuid(),
    reason: z.string(),
    receivedAt: time,
    correlationId: z.string().nullable(),
    type: z.string().nullable(),
    queue: z.string().describe('Routing key'),
    body: z.string().describe('The first 4 KiB, as text'),
    bytes: z.int().describe('Of the whole body'),
  })
  .meta({ id: 'UnreadableMessage' });

export const requeueBody = z
  .strictObject({ ...idsInBody, ...deadLetterConditions, attempts })
  .meta({ id: 'RequeueDeadLetters', minProperties: 1 });

export const discardQuery = z.strictObject({ ...idsOfQuery, ...deadLetterConditions });

export const listQuery = z.strictObject({ ...deadLetterConditions, ...pageQuery });

const unreadableQuery = z.strictObject({ limit: pageQuery.limit });
export const discardUnreadableQuery = z.strictObject({
  ...idsOfQuery,
  until: deadLetterConditions.until.describe('Received before then'),
});

/** Dead letters are the failed tasks, with what an operator needs to see why and to have them run again. */
export function deadLetterRoutes(options: OperateOptions & { store: Pick<Store, 'unreadable'> }): Routes {
  return {
    '/v1/dead-letters': { get: [listHandler(options)], delete: [discardHandler(options)] },
    '/v1/dead-letters/requeue': { post: [readJson(), requeueHandler(options)] },
    '/v1/dead-letters/unreadable': {
      get: [unreadableHandler(options)],
      delete: [discardUnreadableHandler(options)],
    },
  };
}

/** GET /v1/dead-letters: by the time of creation. */
function listHandler({ store }: OperateOptions): RequestHandler {
  return async (request, response) => {
    const { limit, cursor, order, ...conditions } = parseQuery(listQuery, request.query);
    const fields = storedFieldsOf(fieldsOf(request));
    const page = { ...storePage({ limit, cursor, order }), fields };
    const found = await inTime(listDeadLetters(store.connection, filterOf(request, conditions), page));
    const { items, next } = nextPage(request, response, found, limit);
    response.json({ items: items.map(deadLetterOf), next });
  };
}

function requeueHandler(options: OperateOptions): RequestHandler {
  return async (request, response) => {
    const { attempts: more, ...conditions } = conditionsInBody(requeueBody, request, 'attempts');
    response.json(await retryAll(options, filterOf(request, conditions, ['failed']), more));
  };
}

function discardHandler(options: OperateOptions): RequestHandler {
  return async (request, response) => {
    const conditions = conditionsInQuery(discardQuery, request);
    response.json(await deleteAll(options, filterOf(request, conditions, ['failed'])));
  };
}

function unreadableHandler({ store }: { store: Pick<Store, 'unreadable'> }): RequestHandler {
  return async (request, response) => {
    const { limit } = parseQuery(unreadableQuery, request.query);
    const found = await inTime(store.unreadable.list(limit));
    response.json({ items: found.map(unreadableOf) });
  };
}

function discardUnreadableHandler({ store }: { store: Pick<Store, 'unreadable'> }): RequestHandler {
  return async (request, response) => {
    const { ids, until: before } = conditionsInQuery(discardUnreadableQuery, request);
    const done = await inTime(store.unreadable.remove({ ids, before }));
    response.json({ done });
  };
}

/** Members of a dead letter that a record has under another name. */
const STORED_AS: Record<string, string[]> = {
  id: [],
  links: [],
  code: ['error'],
  message: ['error'],
  attempts: ['history'],
  failedAt: ['endedAt'],
  keptUntil: ['expireAt'],
};

const storedFieldsOf = (members: ReadonlySet<string> | undefined): string[] | undefined =>
  members && ['createdAt', 'changedAt', ...[...members].flatMap((name) => STORED_AS[name] ?? [name])];

function deadLetterOf(task: TaskRecord): z.output<typeof deadLetter> {
  const path = taskPath(task._id);
  return {
    id: task._id,
    type: task.type,
    lane: task.lane,
    code: task.error?.code ?? '',
    message: task.error?.message ?? '',
    stack: task.stack ?? null,
    attempt: task.attempt,
    attemptLimit: task.attemptLimit,
    attempts: attemptsOf(task.history),
    input: task.input,
    tags: task.tags ?? [],
    createdAt: task.createdAt.toISOString(),
    failedAt: (task.endedAt ?? task.changedAt).toISOString(),
    keptUntil: iso(task.expireAt),
    links: { task: path, retry: `${path}/retry` },
  };
}

const unreadableOf = ({
  _id,
  receivedAt,
  ...message
}: UnreadableMessage): z.output<typeof unreadableMessage> => ({
  id: _id,
  ...message,
  receivedAt: receivedAt.toISOString(),
});
