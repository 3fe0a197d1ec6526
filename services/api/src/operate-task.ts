import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { contractOf } from '@offload/contracts/registry';
import { tasksNamedBy } from '@offload/contracts/source';
import type { TaskContract } from '@offload/contracts/define-task';
import type { Log } from '@offload/runtime/logger';
import { isUntold } from '@offload/store/many-tasks';
import { requeue, requeueBlocked } from '@offload/store/moves';
import type { Store } from '@offload/store/open-store';
import type { Quota } from '@offload/store/quota';
import type { ListedTask } from '@offload/store/task-list';
import type { TaskRecord } from '@offload/store/task-record';
import { hasEnded } from '@offload/store/tasks';
import type { Announcer } from './announcer.js';
import { checkInput, invalidTask } from './check-task.js';
import { findTask } from './find-task.js';
import { parseBody } from './parse-query.js';
import { Problem } from './problem.js';
import { readOptionalJson } from './read-json.js';
import type { Routes } from './routes.js';
import { inTime } from './store-deadline.js';
import { LIMITS_OF_OPTIONS } from './task-options.js';
import { resourceOf, taskPath, taskTag } from './task-resource.js';

export interface OperateOptions {
  store: Pick<Store, 'connection' | 'tasks' | 'dependencies' | 'many'>;
  announcer: Announcer;
  quota: Quota;
  log: Log;
}

export const attempts = z
  .int()
  .min(1)
  .max(LIMITS_OF_OPTIONS.attempts)
  .optional()
  .describe("So many attempts more; the default is the type's own number");

export const retryBody = z
  .strictObject({
    input: z
      .unknown()
      .optional()
      .meta({ type: 'object', description: 'Replaces the input; checked as that of a new task' }),
    attempts,
  })
  .meta({ id: 'Retry' });

/** POST /v1/tasks/{id}/cancel and …/retry; the DELETE of a task stands beside its GET. */
export function operateTaskRoutes(options: OperateOptions): Routes {
  return {
    '/v1/tasks/:id/cancel': { post: [cancelHandler(options)] },
    '/v1/tasks/:id/retry': { post: [readOptionalJson(), retryHandler(options)] },
  };
}

/** Answers the cancelled task, also when it was cancelled before. */
function cancelHandler(options: OperateOptions): RequestHandler {
  return async (request, response) => {
    const found = await findTask(request, options);
    if (!hasEnded(found)) await cancelAll([found], options);
    const task = await findTask(request, options);
    if (task.state !== 'cancelled')
      throw new Problem('already-ended', `The task has ${task.state} already; its outcome stands.`);
    response.set('ETag', taskTag(task)).json(resourceOf(task, []));
  };
}

/**
 * Cancels those that have not ended, has their workers told, and ends what waits for them. Answers how many were
 * cancelled. What fails after the cancel is made up for: a worker's next beat tells it, the clock carries effects out.
 */
export async function cancelAll(tasks: ListedTask[], options: OperateOptions): Promise<number> {
  const { store, announcer, log } = options;
  const cancelled = await inTime(store.many.cancel(tasks));
  for (const task of cancelled) {
    announcer.changed(task, 'cancelled');
    // One that is claimed only now hears of it from its first beat.
    if (task.state === 'running' || tasks.length === 1) announcer.cancelled(task);
  }
  await inTime(store.dependencies.carryOut(cancelled.map((task) => task._id))).catch((error: unknown) =>
    log.warn('what waits for cancelled tasks was not ended; the clock will', { error }),
  );
  return cancelled.length;
}

/** Answers 202 with the task, which the relay publishes. Of two operators at once, one gets it and the other a 409. */
function retryHandler(options: OperateOptions): RequestHandler {
  const { store, announcer, quota, log } = options;
  return async (request, response) => {
    const { input, attempts: given } = parseBody(retryBody, request.body ?? {});
    const task = await findTask(request, options);
    const contract = retryable(task);
    if (input !== undefined && contract.internal)
      throw new Problem('not-retryable', 'The system makes such tasks itself: their input stays as it is.');
    const edit = input === undefined ? {} : await editOf(task, input, contract, options);
    await inTime(quota.admit(task.owner, 1));
    // What its last end has to tell is told first: the next end is another event.
    if (isUntold(task)) await inTime(store.dependencies.carryOut([task._id]));
    const p = {
      id: task._id,
      attempts: given ?? contract.maxAttempts,
      webhook: task.callback !== undefined,
      ...edit,
      now: store.tasks.now(),
    };
    const [parent] = task.waitsFor;
    const move = parent === undefined ? requeue(p) : requeueBlocked({ ...p, parent });
    if (!(await inTime(store.tasks.apply(move)))) {
      retryable(await findTask(request, options));
      throw new Problem('not-retryable', 'The task was changed at the same moment; look at it again.');
    }
    if (parent !== undefined)
      await inTime(store.dependencies.settleBlocked({ ...task, ...edit })).catch((error: unknown) =>
        log.warn('a blocked task was not settled; the clock will', { task: task._id, error }),
      );
    const now = await findTask(request, options);
    announcer.changed(now, now.state);
    if (now.state === 'failed' && now.error?.code === 'dependency-failed')
      throw new Problem('not-retryable', `${now.error.message} Have that one run again first.`);
    response.status(202).location(taskPath(now._id)).json(resourceOf(now, []));
  };
}

/** The contract of a task that can run again, or a Problem that says why it cannot. */
function retryable({ state, type }: TaskRecord): TaskContract {
  const contract = contractOf(type);
  if (!contract) throw new Problem('not-retryable', `There is no task type ${type} here any more.`);
  if (state !== 'failed' && state !== 'cancelled')
    throw new Problem('not-retryable', `Only a failed or cancelled task can run again; it is ${state}.`);
  return contract;
}

/**
 * An edited input: it fits the contract, and uses only files of the owner's succeeded tasks, or of those that it
 * waits for anyway. What the old input waited for and the new one does not name is not waited for any more.
 */
async function editOf(
  task: TaskRecord,
  input: unknown,
  contract: TaskContract,
  { store }: OperateOptions,
): Promise<{ input: unknown; version: number; waitsFor?: string[] }> {
  const checked = checkInput(contract, input, ['input']);
  if (checked.faults.length > 0) throw invalidTask(checked.faults);
  const named = tasksNamedBy(checked.input);
  const unknown = named.filter((id) => !task.waitsFor.includes(id));
  const parents = await Promise.all(unknown.map((id) => inTime(store.tasks.get(id))));
  const faults = unknown.flatMap((id, index) => {
    const parent = parents[index];
    if (parent?.owner !== task.owner) return [`there is no task ${id} of yours`];
    return parent.state === 'succeeded' ? [] : [`task ${id} has not succeeded`];
  });
  if (faults.length > 0) throw invalidTask(faults.map((detail) => ({ pointer: '/input', detail })));
  const edit = { input: checked.input, version: contract.version };
  if (task.waitsFor.length === 0) return edit;
  const before = new Set(tasksNamedBy(task.input));
  const waitsFor = task.waitsFor.filter((id) => named.includes(id) || !before.has(id));
  return { ...edit, waitsFor };
}

/** DELETE /v1/tasks/{id}: an ended task and its files. */
export function deleteHandler(options: Pick<OperateOptions, 'store'>): RequestHandler {
  return async (request, response) => {
    const task = await findTask(request, options);
    if (!hasEnded(task)) throw notEnded(task);
    if ((await inTime(options.store.many.remove([task._id]))) === 0) await refuseUnlessGone(request, options);
    response.status(204).end();
  };
}

async function refuseUnlessGone(request: Request, options: Pick<OperateOptions, 'store'>): Promise<void> {
  const left = await findTask(request, options).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'task-not-found') return null;
    throw error;
  });
  if (left) throw notEnded(left);
}

const notEnded = ({ state }: TaskRecord): Problem =>
  new Problem(
    'not-ended',
    `The task is ${state}, or others are just being told of its end: cancel it or try again.`,
  );
