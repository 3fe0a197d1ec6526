import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import {
  body,
  headers,
  json,
  jsonProblems,
  pageAnswers,
  pageParams,
  problemAnswers,
} from './openapi-answers.js';
import { byClientType, task } from './openapi-tasks.js';
import { newScheduleFields, runs, schedulePatch, scheduleSummary } from './schedule-resource.js';
import { MOST_RUNS, previewBody } from './schedules.js';

const newSchedule = byClientType(
  'NewSchedule',
  'Recurring work: at each tick a task of `type` with `input` is made.',
  (of) =>
    z
      .strictObject({ type: z.literal(of.contract.type), input: of.input, ...newScheduleFields })
      .meta({ id: `New${of.name}Schedule`, description: of.contract.summary }),
);

const schedule = byClientType('Schedule', 'A schedule with its input.', (of) =>
  scheduleSummary
    .extend({ type: z.literal(of.contract.type), input: of.input })
    .meta({ id: `${of.name}Schedule`, description: of.contract.summary }),
);

const path = z.object({ id: z.uuid() });
const SCHEDULES = { tags: ['Schedules'] };

const bodyProblems = [...jsonProblems, 'invalid-schedule'] as const;

const shown = { '200': { description: 'The schedule', content: json(schedule) } };

const TICKS =
  'Any number of clocks make at most one task for each tick. In a daylight saving change a tick at one time of day ' +
  'that falls into the gap comes right after it, and one in the repeated hour comes once; ticks at intervals ' +
  '(`*`, lists, ranges) skip the gap and come in both hours.';

const collection: ZodOpenApiPathsObject = {
  '/v1/schedules': {
    post: {
      operationId: 'createSchedule',
      ...SCHEDULES,
      summary: 'Has a task made again and again',
      description:
        `${TICKS} The input may not name tasks; an uploaded file that it names has to outlive the ticks. ` +
        'After a 503 the same request is safe: the name is taken if it was stored.',
      ...body(newSchedule),
      responses: {
        '201': {
          description: 'Made',
          headers: z.object({ Location: headers.location }),
          content: json(schedule),
        },
        ...problemAnswers(...bodyProblems, 'schedule-exists', 'too-many-schedules'),
      },
    },
    get: {
      operationId: 'listSchedules',
      ...SCHEDULES,
      summary: 'Lists schedules, newest first',
      requestParams: {
        query: z.object(pageParams),
      },
      responses: pageAnswers(scheduleSummary),
    },
  },
  '/v1/schedules/preview': {
    post: {
      operationId: 'previewSchedule',
      ...SCHEDULES,
      summary: 'Shows the ticks of a cron, and makes nothing',
      description: TICKS,
      ...body(previewBody),
      responses: {
        '200': { description: 'Fewer than asked for when there are no more', content: json(runs) },
        ...problemAnswers(...bodyProblems),
      },
    },
  },
};

const one: ZodOpenApiPathsObject = {
  '/v1/schedules/{id}': {
    get: {
      operationId: 'getSchedule',
      ...SCHEDULES,
      summary: 'Shows a schedule',
      requestParams: { path },
      responses: { ...shown, ...problemAnswers('schedule-not-found') },
    },
    patch: {
      operationId: 'changeSchedule',
      ...SCHEDULES,
      summary: 'Changes a schedule',
      description:
        'What is absent stays; null takes an optional field away. Another cron or time zone moves the next tick, ' +
        'reckoned from now. Tasks that were made already stay as they are.',
      requestParams: { path },
      ...body(schedulePatch),
      responses: {
        ...shown,
        ...problemAnswers(...bodyProblems, 'schedule-not-found', 'schedule-exists', 'schedule-changed'),
      },
    },
    delete: {
      operationId: 'deleteSchedule',
      ...SCHEDULES,
      summary: 'Deletes a schedule; its tasks stay',
      requestParams: { path },
      responses: {
        '204': { description: 'Deleted' },
        ...problemAnswers('schedule-not-found', 'cross-site'),
      },
    },
  },
  '/v1/schedules/{id}/runs': {
    get: {
      operationId: 'listScheduleRuns',
      ...SCHEDULES,
      summary: 'Lists the next ticks; none while it is paused',
      requestParams: { path, query: z.object({ count: z.int().min(1).max(MOST_RUNS).default(10) }) },
      responses: {
        '200': { description: 'The next ticks', content: json(runs) },
        ...problemAnswers('schedule-not-found', 'schedule-outdated', 'invalid-query'),
      },
    },
  },
};

const changes = ['schedule-not-found', 'schedule-changed', 'cross-site', 'invalid-schedule'] as const;

const actions: ZodOpenApiPathsObject = {
  '/v1/schedules/{id}/pause': {
    post: {
      operationId: 'pauseSchedule',
      ...SCHEDULES,
      summary: 'Pauses a schedule: no tick makes a task',
      requestParams: { path },
      responses: { ...shown, ...problemAnswers(...changes) },
    },
  },
  '/v1/schedules/{id}/resume': {
    post: {
      operationId: 'resumeSchedule',
      ...SCHEDULES,
      summary: 'Ends a pause; the ticks that fell into it stay missed',
      requestParams: { path },
      responses: { ...shown, ...problemAnswers(...changes) },
    },
  },
  '/v1/schedules/{id}/run': {
    post: {
      operationId: 'runSchedule',
      ...SCHEDULES,
      summary: 'Makes a task now, whatever the ticks; also while paused',
      description: 'After a 503 nothing was done, or the answer was lost: look at its `lastTask`.',
      requestParams: { path },
      responses: {
        '202': {
          description: 'Accepted',
          headers: z.object({ Location: headers.location }),
          content: json(task),
        },
        ...problemAnswers(
          'schedule-not-found',
          'schedule-running',
          'schedule-outdated',
          'quota-exceeded',
          'cross-site',
        ),
      },
    },
  },
};

export const schedulePaths: ZodOpenApiPathsObject = { ...collection, ...one, ...actions };
