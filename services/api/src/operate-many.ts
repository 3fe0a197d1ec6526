import type { RequestHandler } from 'express';
import { z } from 'zod';
import { contractOf } from '@offload/contracts/registry';
import { taskStates, terminalStates } from '@offload/contracts/task';
import { QuotaExceeded } from '@offload/store/quota';
import type { Order } from '@offload/store/list-page';
import { listTasks, type ListedTask, type TaskFilter } from '@offload/store/task-list';
import { attempts, cancelAll, type OperateOptions } from './operate-task.js';
import { readJson } from './read-json.js';
import type { Routes } from './routes.js';
import { inTime } from './store-deadline.js';
import {
  conditionsInBody,
  conditionsInQuery,
  filterOf,
  idsInBody,
  idsOfQuery,
  taskConditions,
} from './task-filter.js';

const openStates = taskStates.filter((state) => !(terminalStates as readonly string[]).includes(state));

export const cancelManyBody = z
  .strictObject({ ...idsInBody, ...taskConditions, state: z.enum(openStates).optional() })
  .meta({ id: 'CancelTasks', minProperties: 1 });

export const retryManyBody = z
  .strictObject({
    ...idsInBody,
    ...taskConditions,
    state: z.enum(['failed', 'cancelled']).optional().describe('The default is failed'),
    attempts,
  })
  .meta({ id: 'RetryTasks', minProperties: 1 });

export const deleteManyQuery = z.strictObject({
  ...idsOfQuery,
  ...taskConditions,
  state: z.enum(terminalStates).optional(),
});

/** What was done to many tasks. */
export const handled = z
  .object({
    matched: z.int().describe('Tasks that fitted the conditions and were looked at'),
    done: z.int().describe('Tasks among them that it was done to; the others had moved on'),
    more: z.boolean().describe('Others that fit are left: send the same request again'),
  })
  .meta({ id: 'Handled' });

export type Handled = z.output<typeof handled>;

/** Tasks that one request treats at most, and for how long, in milliseconds; it then says that there are more. */
const MOST = 10_000;
const LONGEST_MS = 10_000;
const GROUP = 500;

/** Routes with fixed names stand before `/v1/tasks/:id`. */
export function operateManyRoutes(options: OperateOptions): Routes {
  return {
    '/v1/tasks/cancel': { post: [readJson(), cancelManyHandler(options)] },
    '/v1/tasks/retry': { post: [readJson(), retryManyHandler(options)] },
  };
}

function cancelManyHandler(options: OperateOptions): RequestHandler {
  return async (request, response) => {
    const filter = filterOf(request, conditionsInBody(cancelManyBody, request), openStates);
    // The newest first: what waits for an older one is then cancelled itself, not failed by it.
    response.json(await inGroups(options, filter, 'desc', (tasks) => cancelAll(tasks, options)));
  };
}

function retryManyHandler(options: OperateOptions): RequestHandler {
  return async (request, response) => {
    const { attempts: more, ...conditions } = conditionsInBody(retryManyBody, request, 'attempts', 'state');
    response.json(await retryAll(options, filterOf(request, conditions, ['failed']), more));
  };
}

/** @param more attempts for each; absent: those of its type */
export const retryAll = (options: OperateOptions, filter: TaskFilter, more?: number): Promise<Handled> => {
  const { store, announcer, quota } = options;
  const attemptsOf = ({ type }: ListedTask): number | undefined => {
    const contract = contractOf(type);
    return contract && (more ?? contract.maxAttempts);
  };
  // The oldest first: what failed with another then finds that one waiting again.
  return inGroups(options, filter, 'asc', async (tasks) => {
    await inTime(quota.admit(filter.owner, tasks.length));
    const done = await inTime(store.many.requeue(tasks, attemptsOf));
    for (const task of tasks) announcer.changed(task, task.waitsFor.length > 0 ? 'blocked' : 'scheduled');
    return done;
  });
};

/** DELETE /v1/tasks: ended ones with their files. */
export function deleteManyHandler(options: OperateOptions): RequestHandler {
  return async (request, response) => {
    const conditions = conditionsInQuery(deleteManyQuery, request);
    response.json(await deleteAll(options, filterOf(request, conditions, [...terminalStates])));
  };
}

export const deleteAll = (options: OperateOptions, filter: TaskFilter): Promise<Handled> =>
  inGroups(options, filter, 'desc', (tasks) =>
    inTime(options.store.many.remove(tasks.map((task) => task._id))),
  );

async function inGroups(
  { store }: Pick<OperateOptions, 'store'>,
  filter: TaskFilter,
  order: Order,
  work: (tasks: ListedTask[]) => Promise<number>,
): Promise<Handled> {
  const page = (limit: number) =>
    inTime(listTasks(store.connection, filter, { order, limit, ...(from !== undefined && { from }) }));
  const end = performance.now() + LONGEST_MS;
  let [matched, done] = [0, 0];
  let from: string | undefined;
  while (matched < MOST && performance.now() < end) {
    const tasks = await page(GROUP);
    try {
      if (tasks.length > 0) done += await work(tasks);
    } catch (error) {
      // What was done stands; the next request hears why there is no more.
      if (matched > 0 && error instanceof QuotaExceeded) return { matched, done, more: true };
      throw error;
    }
    matched += tasks.length;
    from = tasks.at(-1)?._id;
    if (tasks.length < GROUP) return { matched, done, more: false };
  }
  return { matched, done, more: (await page(1)).length > 0 };
}
