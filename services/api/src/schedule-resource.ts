import { z } from 'zod';
import { lane, taskFailure } from '@offload/contracts/task';
import { taskCallback } from '@offload/contracts/webhook-event';
import { catchUps } from '@offload/store/cron';
import { overlaps, type ListedSchedule, type ScheduleRecord } from '@offload/store/schedules';
import { taskOptions } from './task-options.js';
import { iso } from './times.js';

const time = z.iso.datetime().describe('RFC 3339, UTC');

const { timeoutMs, maxAttempts, tags } = taskOptions.shape;

/** When something recurs: the shape alone; whether it can be computed says libs/store/src/cron.ts. */
export const recurrence = {
  cron: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe(
      '5 fields (minute, hour, day of month, month, weekday), or 6 with seconds first; also @hourly, @daily, …',
    )
    .meta({ examples: ['30 2 * * 1-5'] }),
  timeZone: z
    .string()
    .min(1)
    .max(100)
    .default('UTC')
    .describe('IANA name; the fields of cron are local times there')
    .meta({ examples: ['Europe/Berlin'] }),
};

const catchUp = z
  .enum(catchUps)
  .describe(
    'What becomes of ticks that were missed (no clock ran for more than 30 s): nothing, one task for the last ' +
      'of them, or one for each, at most the last 1,000',
  );
const overlap = z
  .enum(overlaps)
  .describe('skip: no task is made at a tick while an earlier one of this schedule has not ended');

/** What a new schedule says besides `type` and `input`. */
export const newScheduleFields = {
  name: z.string().trim().min(1).max(200).describe('Unique among your schedules'),
  ...recurrence,
  lane: lane.default('interactive').describe('Of its tasks'),
  timeoutMs,
  maxAttempts,
  tags,
  callback: taskCallback.optional().describe('Who is told of the end of each of its tasks'),
  catchUp: catchUp.default('latest'),
  overlap: overlap.default('allow'),
  paused: z.boolean().default(false),
};

/** What a PATCH may say: a field that is absent stays, and null takes an optional one away (RFC 7396). */
export const schedulePatch = z
  .strictObject({
    name: newScheduleFields.name.optional(),
    // Of any type of task: each says what is in it.
    input: z
      .unknown()
      .optional()
      .meta({ type: 'object', description: 'As a whole; checked as that of a new task' }),
    cron: recurrence.cron.optional(),
    timeZone: z.string().min(1).max(100).optional(),
    lane: lane.optional(),
    timeoutMs: timeoutMs.nullable(),
    maxAttempts: maxAttempts.nullable(),
    tags: tags.nullable(),
    callback: taskCallback.nullable().optional(),
    catchUp: catchUp.optional(),
    overlap: overlap.optional(),
    paused: z.boolean().optional(),
  })
  .meta({ id: 'SchedulePatch' });

/** A schedule in a list: without its input. */
export const scheduleSummary = z
  .object({
    id: z.uuid(),
    name: z.string(),
    type: z.string(),
    cron: z.string(),
    timeZone: z.string(),
    lane,
    timeoutMs: z.int().nullable().describe("null: the type's own"),
    maxAttempts: z.int().nullable().describe("null: the type's own"),
    tags: z.array(z.string()),
    callback: taskCallback.nullable(),
    catchUp,
    overlap,
    paused: z.boolean(),
    nextAt: time.nullable().describe('The next tick; null while paused'),
    lastAt: time.nullable().describe('The last tick that made a task, or when one was made by hand'),
    lastTask: z.uuid().nullable().describe('That task'),
    error: taskFailure.nullable().describe('Why its tasks cannot be made at present'),
    createdAt: time,
    changedAt: time.describe('By people'),
    links: z.object({ self: z.string(), runs: z.string() }),
  })
  .meta({ id: 'ScheduleSummary' });

export type ScheduleSummary = z.output<typeof scheduleSummary>;

export const runs = z
  .object({ runs: z.array(time).describe('The next ticks, in their order') })
  .meta({ id: 'ScheduleRuns' });

export const schedulePath = (id: string): string => `/v1/schedules/${id}`;

export function scheduleSummaryOf(schedule: ListedSchedule): ScheduleSummary {
  const { _id: id, name, type, cron, timeZone, catchUp, overlap, paused } = schedule;
  return {
    id,
    name,
    type,
    cron,
    timeZone,
    lane: schedule.lane,
    timeoutMs: schedule.timeoutMs ?? null,
    maxAttempts: schedule.maxAttempts ?? null,
    tags: schedule.tags ?? [],
    callback: (schedule.callback as ScheduleSummary['callback'] | undefined) ?? null,
    catchUp,
    overlap,
    paused,
    nextAt: iso(schedule.nextAt),
    lastAt: iso(schedule.lastAt),
    lastTask: schedule.lastTask ?? null,
    error: schedule.error ?? null,
    createdAt: schedule.createdAt.toISOString(),
    changedAt: schedule.changedAt.toISOString(),
    links: { self: schedulePath(id), runs: `${schedulePath(id)}/runs` },
  };
}

export const scheduleOf = (schedule: ScheduleRecord): ScheduleSummary & { input: unknown } => ({
  ...scheduleSummaryOf(schedule),
  input: schedule.input,
});
