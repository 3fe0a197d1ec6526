import type { Request, RequestHandler, Response } from 'express';
import type { Log } from '@offload/runtime/logger';
import { taskOfKey } from '@offload/store/idempotency';
import type { Created } from '@offload/store/insert-tasks';
import { newTask } from '@offload/store/new-task';
import { ownedTasks } from '@offload/store/owned-tasks';
import type { Quota } from '@offload/store/quota';
import { isStoreAway } from '@offload/store/store-failure';
import type { TaskRecord } from '@offload/store/task-record';
import { hasEnded } from '@offload/store/tasks';
import { answerTask, filesOf, waitFor, type SeenTask, type TaskReads } from './answer-task.js';
import { checkParents, checkTask, invalidTask } from './check-task.js';
import { idempotencyOf, requireSameBody, type Idempotency } from './idempotency-key.js';
import { ownerOf } from './owner.js';
import { preferredWait } from './prefer.js';
import { problemOf } from './problem-of-error.js';
import { releaseTasks } from './release-tasks.js';
import { requestIdOf } from './request-id.js';
import { inTime } from './store-deadline.js';
import type { Submitter } from './submit-task.js';
import { secretFaults, type SecretOptions } from './webhook-secrets.js';
import { withdrawTask } from './withdraw-task.js';

export interface CreateOptions extends TaskReads, SecretOptions {
  submitter: Pick<Submitter, 'submit'>;
  quota: Quota;
  log: Log;
}

/**
 * POST /v1/tasks. The 202 is sent when the task is stored; publishing is nobody's wait. With `Prefer: wait` the
 * answer is a 200 when the task ends in that time. A task that is there already under the request's idempotency key
 * or unique key is answered instead of a new one, and the header `Existing-Task` says so.
 */
export function createHandler(options: CreateOptions): RequestHandler {
  return async (request, response) => {
    const idempotency = idempotencyOf(request, options.store.tasks.now());
    const { task, existing } = await newOrExisting(request, idempotency, options);
    const seconds = preferredWait(request.get('prefer'));
    if (existing) response.set('Existing-Task', existing);
    else if (seconds === 0 && task.waitsFor.length === 0) {
      answerTask(response, 202, task, []);
      options.submitter.submit(task);
      return;
    } else {
      options.submitter.submit(task);
      if (task.waitsFor.length > 0) await settle(task, options, requestIdOf(response));
    }
    const seen = await lookAgain(task, seconds, response, options);
    answerTask(response, hasEnded(seen.task) ? 200 : 202, seen.task, seen.files);
  };
}

interface NewOrExisting {
  task: TaskRecord;
  /** Why it is not new. */
  existing?: 'idempotency-key' | 'unique';
}

/** Stores the task, or finds the one that is there under its keys. */
async function newOrExisting(
  request: Request,
  idempotency: Idempotency | undefined,
  options: CreateOptions,
): Promise<NewOrExisting> {
  const owner = ownerOf(request);
  try {
    const task = await checked(request, idempotency, options);
    await inTime(options.quota.admit(owner, 1));
    const created = await storeTask(task, options);
    if (created.kind === 'created') return { task };
    if (created.of === 'unique') return { task: created.holder, existing: 'unique' };
    return sameBody(created.holder, idempotency);
  } catch (error) {
    // A repeated request is the first one's, even if it would not be taken anew: its times are over, its parents
    // gone, the quota used up by what it made.
    if (!idempotency || problemOf(error).status >= 500) throw error;
    const first = await inTime(taskOfKey(options.store.connection, owner, idempotency.idempotencyKey));
    if (!first) throw error;
    return sameBody(first, idempotency);
  }
}

function sameBody(task: TaskRecord, idempotency: Idempotency | undefined): NewOrExisting {
  requireSameBody('task', task, idempotency);
  return { task, existing: 'idempotency-key' };
}

/** The new task of a valid request, not yet stored. Throws a Problem `invalid-task`. */
async function checked(
  request: Request,
  idempotency: Idempotency | undefined,
  { store, webhookSecrets }: CreateOptions,
): Promise<TaskRecord> {
  const owner = ownerOf(request);
  const now = store.tasks.now();
  const { contract, input, options } = checkTask(request.body, now);
  const extra = { ...options.extra, ...idempotency };
  const task = newTask(contract, input, { ...options, owner, now, extra });
  const callbacks = task.callback ? [{ callback: task.callback, pointer: '/callback' }] : [];
  const faults = await secretFaults(callbacks, owner, { webhookSecrets });
  if (faults.length > 0) throw invalidTask(faults);
  if (task.waitsFor.length > 0)
    await checkParents(task, options.after ?? [], (ids) => inTime(ownedTasks(store.connection, owner, ids)));
  return task;
}

/**
 * Stores it or throws: then it is not done, or the client could have it done twice. With an idempotency key it cannot:
 * a task that was stored after the answer is what the client finds when it comes again.
 */
export async function storeTask(task: TaskRecord, options: CreateOptions): Promise<Created> {
  const { store, log, submitter } = options;
  let answered = false;
  const creating = createOrAskAgain(task, options, () => answered);
  try {
    return await inTime(creating);
  } catch (error) {
    answered = true;
    const afterwards = async (): Promise<void> => {
      const kind = await creating.then((created) => created.kind).catch(() => 'unknown');
      if (kind === 'duplicate') return;
      if (task.idempotencyKey === undefined) await withdrawTask(task, { tasks: store.tasks, log });
      else if (kind === 'created') submitter.submit(task);
    };
    afterwards().catch((late: unknown) => log.debug('not stored', { task: task._id, error: late }));
    throw error;
  }
}

/**
 * After a lost reply nobody knows whether it was stored: the same task once more says so, and stores it if not. The
 * driver waits some seconds for a server to be there; a link that was only cut is back at once.
 */
async function createOrAskAgain(
  task: TaskRecord,
  { store }: CreateOptions,
  answered: () => boolean,
): Promise<Created> {
  try {
    return await store.tasks.create(task);
  } catch (error) {
    // What was answered 503 is not stored after that.
    if (!isStoreAway(error) || answered()) throw error;
    return store.tasks.create(task);
  }
}

/** The task as it is after the wait. It is stored: whatever fails now, the answer is that it was accepted. */
async function lookAgain(
  task: TaskRecord,
  seconds: number,
  response: Response,
  options: CreateOptions,
): Promise<SeenTask> {
  try {
    const now = (await waitFor(task._id, seconds, response, options.waits)) ?? task;
    return { task: now, files: await filesOf(now, options) };
  } catch (error) {
    options.log.warn('a new task could not be looked at', {
      task: task._id,
      requestId: requestIdOf(response),
      error,
    });
    return { task, files: [] };
  }
}

async function settle(task: TaskRecord, options: CreateOptions, requestId: string): Promise<void> {
  await inTime(releaseTasks([task], options)).catch((error: unknown) => {
    options.log.warn('a blocked task was not settled; the clock will', { task: task._id, requestId, error });
  });
}
