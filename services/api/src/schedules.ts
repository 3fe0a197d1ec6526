import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { contractOf } from '@offload/contracts/registry';
import { BadRecurrence, nextTicks } from '@offload/store/cron';
import type { Store } from '@offload/store/open-store';
import { ScheduleOutdated, taskOf, workOf } from '@offload/store/schedule-task';
import { MOST_SCHEDULES, type ScheduleChange, type ScheduleRecord } from '@offload/store/schedules';
import { hasEnded } from '@offload/store/tasks';
import { answerTask, preferWait } from './answer-task.js';
import { changeOf, checkPatch, checkSchedule, invalidSchedule, previewOf } from './check-schedule.js';
import { storeTask, type CreateOptions } from './create-task.js';
import { faultsOf } from './faults.js';
import { nextPage, plainQuery, storePage } from './list-page.js';
import { ownerOf } from './owner.js';
import { parseQuery } from './parse-query.js';
import { Problem } from './problem.js';
import { readJson } from './read-json.js';
import { pathId, pathUuid, type Routes } from './routes.js';
import { recurrence, scheduleOf, schedulePath, scheduleSummaryOf } from './schedule-resource.js';
import { inTime } from './store-deadline.js';
import { secretFaults } from './webhook-secrets.js';

export interface ScheduleOptions extends CreateOptions {
  store: CreateOptions['store'] & Pick<Store, 'schedules'>;
}

export const MOST_RUNS = 100;
const DEFAULT_RUNS = 10;

export const previewBody = z
  .strictObject({ ...recurrence, count: z.int().min(1).max(MOST_RUNS).default(DEFAULT_RUNS) })
  .meta({ id: 'SchedulePreview' });

const runsQuery = z.strictObject({
  count: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(MOST_RUNS))
    .default(DEFAULT_RUNS),
});

/** Recurring work: each tick of a schedule's cron makes a task, which the clock does (services/clock). */
export function scheduleRoutes(options: ScheduleOptions): Routes {
  return {
    '/v1/schedules': { get: [listHandler(options)], post: [readJson(), createHandler(options)] },
    '/v1/schedules/preview': { post: [readJson(), previewHandler(options)] },
    '/v1/schedules/:id': {
      get: [readHandler(options)],
      patch: [readJson(), patchHandler(options)],
      delete: [deleteHandler(options)],
    },
    '/v1/schedules/:id/runs': { get: [runsHandler(options)] },
    '/v1/schedules/:id/pause': { post: [switchHandler(options, true)] },
    '/v1/schedules/:id/resume': { post: [switchHandler(options, false)] },
    '/v1/schedules/:id/run': { post: [runHandler(options)] },
  };
}

/** After a 503 the same request is safe: the name is taken then, if it was stored. */
function createHandler(options: ScheduleOptions): RequestHandler {
  const { store } = options;
  return async (request, response) => {
    const schedule = checkSchedule(request.body, ownerOf(request), store.tasks.now());
    await checkCallback(schedule, options);
    const outcome = await inTime(store.schedules.create(schedule));
    if (outcome === 'name-taken') throw nameTaken(schedule.name);
    if (outcome === 'too-many')
      throw new Problem('too-many-schedules', `You may have ${MOST_SCHEDULES} schedules; delete some first.`);
    response.location(schedulePath(schedule._id));
    answer(response, schedule, 201);
  };
}

function listHandler({ store }: ScheduleOptions): RequestHandler {
  return async (request, response) => {
    const query = parseQuery(plainQuery, request.query);
    const found = await inTime(store.schedules.list(ownerOf(request), storePage(query)));
    const { items, next } = nextPage(request, response, found, query.limit);
    response.json({ items: items.map(scheduleSummaryOf), next });
  };
}

function readHandler(options: ScheduleOptions): RequestHandler {
  return async (request, response) => answer(response, await findSchedule(request, options));
}

function patchHandler(options: ScheduleOptions): RequestHandler {
  return async (request, response) => {
    const patch = checkPatch(request.body);
    if (patch.callback) await checkCallback({ owner: ownerOf(request), callback: patch.callback }, options);
    answer(response, await change(request, options, (schedule, now) => changeOf(schedule, patch, now)));
  };
}

/** POST …/pause and …/resume. One that is so already is answered as it is. */
function switchHandler(options: ScheduleOptions, paused: boolean): RequestHandler {
  return async (request, response) => {
    const found = await findSchedule(request, options);
    const switched = (schedule: ScheduleRecord, now: Date) => changeOf(schedule, { paused }, now);
    answer(response, found.paused === paused ? found : await change(request, options, switched));
  };
}

async function checkCallback(
  { owner, callback }: Pick<ScheduleRecord, 'owner' | 'callback'>,
  options: ScheduleOptions,
): Promise<void> {
  const callbacks = callback ? [{ callback, pointer: '/callback' }] : [];
  const faults = await secretFaults(callbacks, owner, options);
  if (faults.length > 0) throw invalidSchedule(faults);
}

/** Its tasks stay. */
function deleteHandler({ store }: ScheduleOptions): RequestHandler {
  return async (request, response) => {
    const id = pathId(request);
    if (!(await inTime(store.schedules.remove(ownerOf(request), id)))) throw noSchedule(id);
    response.status(204).end();
  };
}

/** The next ticks; none while it is paused. */
function runsHandler(options: ScheduleOptions): RequestHandler {
  return async (request, response) => {
    const { count } = parseQuery(runsQuery, request.query);
    const { nextAt, cron, timeZone } = await findSchedule(request, options);
    const later = (after: Date) => upToDate(() => nextTicks({ cron, timeZone }, after, count));
    const runs = nextAt ? [nextAt, ...later(nextAt)].slice(0, count) : [];
    response.json({ runs });
  };
}

function previewHandler({ store }: ScheduleOptions): RequestHandler {
  return (request, response) => {
    const parsed = previewBody.safeParse(request.body);
    if (!parsed.success) throw invalidSchedule(faultsOf(parsed.error, request.body));
    const { count, ...given } = parsed.data;
    response.json({ runs: previewOf(given, store.tasks.now(), count) });
  };
}

/** POST …/run: a task now, whatever the ticks; also of a paused one. */
function runHandler(options: ScheduleOptions): RequestHandler {
  const { store, quota, submitter } = options;
  return async (request, response) => {
    const schedule = await findSchedule(request, options);
    const work = upToDate(() => workOf(schedule, contractOf(schedule.type)));
    const task = taskOf(schedule, work, { now: store.tasks.now() });
    await inTime(quota.admit(schedule.owner, 1));
    const created = await storeTask(task, options);
    if (created.kind === 'duplicate')
      throw new Problem(
        'schedule-running',
        `Its task ${created.holder._id} has not ended, and it skips overlaps. Wait for it or cancel it.`,
      );
    submitter.submit(task);
    await store.schedules
      .made(schedule._id, { task: task._id, at: task.createdAt })
      .catch((error: unknown) => {
        options.log.warn('the last task of a schedule is not noted', { schedule: schedule._id, error });
      });
    const seen = await preferWait(request, response, task, options);
    answerTask(response, hasEnded(seen.task) ? 200 : 202, seen.task, seen.files);
  };
}

/** What a stored schedule does not allow any more is a Problem that says why. */
function upToDate<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    const code = 'schedule-outdated';
    if (error instanceof ScheduleOutdated) throw new Problem(code, error.message, { cause: error });
    if (error instanceof BadRecurrence)
      throw new Problem(code, `Its ${error.field} ${error.message}.`, { cause: error });
    throw error;
  }
}

/** A clock or another person may be at it at the same moment: read and tried again so often. */
const TRIES = 5;

async function change(
  request: Request,
  options: ScheduleOptions,
  changes: (schedule: ScheduleRecord, now: Date) => ScheduleChange,
): Promise<ScheduleRecord> {
  const { store } = options;
  for (let tries = 0; tries < TRIES; tries++) {
    const read = await findSchedule(request, options);
    const wanted = changes(read, store.tasks.now());
    const changed = await inTime(store.schedules.change(read, wanted));
    if (changed === 'name-taken') throw nameTaken(wanted.name ?? '');
    if (changed !== 'changed-meanwhile') return changed;
  }
  throw new Problem('schedule-changed', 'The schedule was changed at the same moment; look at it again.');
}

function answer(response: Response, schedule: ScheduleRecord, status = 200): void {
  response.status(status).json(scheduleOf(schedule));
}

/** The schedule that the path names. Throws a Problem when it is not there or another owner's: the same for both. */
async function findSchedule(request: Request, { store }: ScheduleOptions): Promise<ScheduleRecord> {
  const id = pathUuid(request);
  const found = id === null ? null : await inTime(store.schedules.get(ownerOf(request), id));
  if (!found) throw noSchedule(pathId(request));
  return found;
}

const noSchedule = (id: string): Problem =>
  new Problem('schedule-not-found', `You have no schedule ${id.slice(0, 100)}.`);

const nameTaken = (name: string): Problem =>
  new Problem(
    'schedule-exists',
    `You have a schedule named ${JSON.stringify(name)} already: PATCH it, or take another name.`,
  );
