import type { Request } from 'express';
import { z } from 'zod';
import { contracts } from '@offload/contracts/registry';
import type { TaskState } from '@offload/contracts/task';
import type { TaskFilter } from '@offload/store/task-list';
import { ownerOf } from './owner.js';
import { invalidBody, invalidQuery, parseBody, parseQuery } from './parse-query.js';
import { tag } from './task-options.js';
import { givenDate } from './times.js';

const MOST_IDS = 1_000;
/** An address may have 8 KiB (check-head.ts), an id has 37 bytes with its comma. */
const MOST_IDS_IN_QUERY = 200;

const ids = (most: number) =>
  z
    .array(z.uuid().transform((id) => id.toLowerCase()))
    .min(1)
    .max(most);

export const taskType = z.enum(contracts.map((contract) => contract.type));

/** In a query, ids stand in one parameter, separated by commas. */
const idsInQuery = z
  .string()
  .transform((text) => text.split(','))
  .pipe(ids(MOST_IDS_IN_QUERY));

/** The state is each address's own: only some can be cancelled, retried or deleted. */
export const taskConditions = {
  type: taskType.optional(),
  tag: tag.optional(),
  batch: z.uuid().optional(),
  schedule: z.uuid().optional().describe('Made by this schedule'),
  createdAfter: givenDate.optional().describe('From then on'),
  createdBefore: givenDate.optional().describe('Not any more then'),
};

/** Of dead letters: `since` and `until` are about the time of the failure. */
export const deadLetterConditions = {
  type: taskType.optional(),
  code: z.string().min(1).max(100).optional().describe("The error's code, e.g. timeout"),
  tag: tag.optional(),
  since: givenDate.optional().describe('Failed from then on'),
  until: givenDate.optional().describe('Failed before then'),
};

export const idsInBody = { ids: ids(MOST_IDS).optional() };
export const idsOfQuery = {
  ids: idsInQuery.optional().describe(`Separated by commas; at most ${MOST_IDS_IN_QUERY}`),
};

type Conditions = Partial<{
  ids: string[];
  type: string;
  tag: string;
  batch: string;
  schedule: string;
  code: string;
  state: TaskState;
  createdAfter: Date;
  createdBefore: Date;
  since: Date;
  until: Date;
}>;

/** The store's filter. @param states where the conditions name none */
export function filterOf(request: Request, conditions: Conditions, states?: TaskState[]): TaskFilter {
  const { state, since, until, ids, type, tag, batch, schedule, code, createdAfter, createdBefore } =
    conditions;
  return {
    owner: ownerOf(request),
    ids,
    type,
    states: state ? [state] : states,
    tag,
    batch: batch?.toLowerCase(),
    schedule: schedule?.toLowerCase(),
    code,
    createdAfter,
    createdBefore,
    endedAfter: since,
    endedBefore: until,
  };
}

const AT_LEAST_ONE = 'at least one condition is needed, so that nothing is done to all tasks by mistake';

/** A body of conditions. Throws when it has none; what is in `but` is no condition. */
export function conditionsInBody<Schema extends z.ZodObject>(
  schema: Schema,
  request: Request,
  ...but: string[]
): z.output<Schema> {
  const conditions = parseBody(schema, request.body);
  if (isEmpty(conditions, but)) throw invalidBody([{ pointer: '', detail: AT_LEAST_ONE }]);
  return conditions;
}

/** The same from the query. */
export function conditionsInQuery<Schema extends z.ZodObject>(
  schema: Schema,
  request: Request,
): z.output<Schema> {
  const conditions = parseQuery(schema, request.query);
  if (isEmpty(conditions, []))
    throw invalidQuery([{ parameter: 'ids', detail: `is missing: ${AT_LEAST_ONE}` }]);
  return conditions;
}

const isEmpty = (conditions: object, but: string[]): boolean =>
  Object.entries(conditions).every(([name, value]) => value === undefined || but.includes(name));
