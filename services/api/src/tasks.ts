import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Log } from '@offload/runtime/logger';
import type { FileRecord } from '@offload/store/files';
import * as moves from '@offload/store/moves';
import { newTask } from '@offload/store/new-task';
import type { Store } from '@offload/store/open-store';
import type { TaskRecord } from '@offload/store/task-record';
import { hasEnded } from '@offload/store/tasks';
import { checkParents, checkTask } from './check-task.js';
import { listHandler } from './list-tasks.js';
import { ownerOf } from './owner.js';
import { preferredWait } from './prefer.js';
import { Problem } from './problem.js';
import { readJson } from './read-json.js';
import { requestIdOf } from './request-id.js';
import { pathPart, type Routes } from './routes.js';
import type { Submitter } from './submit-task.js';
import { inTime } from './store-deadline.js';
import { resourceOf, taskPath, taskTag } from './task-resource.js';
import type { TaskWaits } from './task-waits.js';

export interface TaskRoutesOptions {
  store: Pick<Store, 'connection' | 'tasks' | 'files' | 'dependencies'>;
  submitter: Pick<Submitter, 'submit'>;
  waits: TaskWaits;
  log: Log;
}

/** Seconds after which a first look at a new task may be worth it. */
const RETRY_AFTER = '1';

export function taskRoutes(options: TaskRoutesOptions): Routes {
  return {
    '/v1/tasks': { get: [listHandler(options)], post: [readJson(), createHandler(options)] },
    '/v1/tasks/:id': { get: [readHandler(options)] },
  };
}

/**
 * POST /v1/tasks. The 202 is sent when the task is stored; publishing is nobody's wait. With `Prefer: wait` the
 * answer is a 200 when the task ends in that time.
 */
function createHandler(options: TaskRoutesOptions): RequestHandler {
  const { store, submitter } = options;
  return async (request, response) => {
    const { contract, input, lane } = checkTask(request.body);
    const task = newTask(contract, input, { owner: ownerOf(request), lane, now: store.tasks.now() });
    if (task.waitsFor.length > 0) await checkParents(task, (id) => inTime(store.tasks.get(id)));
    await storeTask(task, options);

    const seconds = preferredWait(request.get('prefer'));
    if (seconds === 0 && task.waitsFor.length === 0) {
      answer(response, 202, task, []);
      submitter.submit(task);
      return;
    }
    submitter.submit(task);
    if (task.waitsFor.length > 0) await settle(task, options, requestIdOf(response));
    const seen = await lookAgain(task, seconds, response, options);
    answer(response, hasEnded(seen.task) ? 200 : 202, seen.task, seen.files);
  };
}

/** Stores it or throws: then it is not done, or the client could have it done twice. */
async function storeTask(task: TaskRecord, { store, log }: TaskRoutesOptions): Promise<void> {
  const creating = store.tasks.create(task);
  try {
    await inTime(creating);
  } catch (error) {
    const taken = async (): Promise<void> => {
      await creating;
      const { _id: id, keepMs } = task;
      await store.tasks.apply(moves.cancel({ id, keepMs, now: store.tasks.now() }));
    };
    taken().catch((late: unknown) => log.debug('not stored', { task: task._id, error: late }));
    throw error;
  }
}

interface Seen {
  task: TaskRecord;
  files: FileRecord[];
}

/** The new task as it is after the wait. It is stored: whatever fails now, the answer is that it was accepted. */
async function lookAgain(
  task: TaskRecord,
  seconds: number,
  response: Response,
  options: TaskRoutesOptions,
): Promise<Seen> {
  try {
    const now = (await waitFor(task._id, seconds, response, options)) ?? task;
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

/** What goes wrong here is made up for by the clock, which looks at old blocked tasks again. */
async function settle(task: TaskRecord, { store, log }: TaskRoutesOptions, requestId: string): Promise<void> {
  await inTime(store.dependencies.settleBlocked(task)).catch((error: unknown) => {
    log.warn('a blocked task was not settled; the clock will', { task: task._id, requestId, error });
  });
}

/** GET /v1/tasks/{id}. */
function readHandler(options: TaskRoutesOptions): RequestHandler {
  return async (request, response) => {
    let task = await findTask(request, options);
    const seconds = preferredWait(request.get('prefer'));
    if (seconds > 0 && !hasEnded(task))
      task = (await waitFor(task._id, seconds, response, options)) ?? noTask(task._id);
    answer(response, 200, task, await filesOf(task, options));
  };
}

/** Waits for the end, as long as the client is there, and says so. 0 seconds: only reads. */
async function waitFor(
  id: string,
  seconds: number,
  response: Response,
  { waits }: TaskRoutesOptions,
): Promise<TaskRecord | null> {
  if (seconds > 0) response.set('Preference-Applied', `wait=${seconds}`);
  const left = new AbortController();
  response.once('close', () => left.abort());
  return waits.untilEnded(id, seconds * 1_000, left.signal);
}

function answer(response: Response, status: 200 | 202, task: TaskRecord, files: FileRecord[]): void {
  if (response.req.method === 'POST') response.location(taskPath(task._id));
  if (!hasEnded(task)) response.set('Retry-After', RETRY_AFTER);
  response
    .status(status)
    .set({ ETag: taskTag(task), 'Cache-Control': 'private, no-cache', Vary: 'Prefer' })
    .json(resourceOf(task, files));
}

const filesOf = async (
  task: TaskRecord,
  { store }: Pick<TaskRoutesOptions, 'store'>,
): Promise<FileRecord[]> =>
  task.state === 'succeeded' && task.lastToken !== undefined
    ? inTime(store.files.taskFiles(task._id, task.lastToken))
    : [];

/** The task that the path names. Throws a Problem when it is not there or another owner's: the same for both. */
export async function findTask(
  request: Request,
  { store }: { store: Pick<Store, 'tasks'> },
): Promise<TaskRecord> {
  const id = pathPart(request, 'id');
  const task = z.uuid().safeParse(id).success ? await inTime(store.tasks.get(id.toLowerCase())) : null;
  return task && task.owner === ownerOf(request) ? task : noTask(id);
}

function noTask(id: string): never {
  throw new Problem(
    'task-not-found',
    `You have no task ${id.slice(0, 100)}; ended ones are removed after a while.`,
  );
}
