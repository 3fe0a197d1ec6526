import { z } from 'zod';
import type { TaskContract } from '@offload/contracts/define-task';
import { tasksNamedBy } from '@offload/contracts/source';
import { BadRecurrence, nextTicks, type Recurrence } from '@offload/store/cron';
import { newId } from '@offload/store/new-task';
import type { ScheduleChange, ScheduleRecord } from '@offload/store/schedules';
import { contractNamed, isObject } from './check-task.js';
import { faultsOf, invalid } from './faults.js';
import type { Fault, Problem } from './problem.js';
import { newScheduleFields, schedulePatch } from './schedule-resource.js';

const newSchedule = z.strictObject({
  type: z.string(),
  input: z.unknown().optional(),
  ...newScheduleFields,
});

/** What is checked beyond the shape; what is absent has a fault already. */
type Given = Partial<Pick<ScheduleRecord, 'type' | 'input' | 'cron' | 'timeZone' | 'timeoutMs'>>;

/**
 * The schedule that the body of POST /v1/schedules describes. Throws a Problem `invalid-schedule` with every fault.
 * @param now the database's time
 */
export function checkSchedule(body: unknown, owner: string, now: Date): ScheduleRecord {
  const outer = newSchedule.safeParse(body);
  if (!outer.success) {
    const faults = faultsOf(outer.error, body);
    const known = isObject(body) ? body : {};
    const wellFormed = (field: string) => !faults.some(({ pointer }) => pointer === `/${field}`);
    const given = Object.entries({ timeZone: 'UTC', ...known }).filter(([field]) => wellFormed(field));
    throw invalidSchedule([...faults, ...inspect(Object.fromEntries(given), now).faults]);
  }
  const { tags, timeoutMs, maxAttempts, callback, ...given } = outer.data;
  const { input, next } = check({ ...given, timeoutMs }, now);
  return {
    ...given,
    ...(tags && { tags: [...new Set(tags)] }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(callback && { callback }),
    _id: newId(),
    owner,
    input,
    ...(!given.paused && { nextAt: next }),
    version: 0,
    createdAt: now,
    changedAt: now,
  };
}

/** A PATCH body. Throws a Problem `invalid-schedule`. */
export function checkPatch(body: unknown): z.output<typeof schedulePatch> {
  const parsed = schedulePatch.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidSchedule(faultsOf(parsed.error, body));
}

const CHECKED = ['input', 'cron', 'timeZone', 'timeoutMs'] as const;

/**
 * What a PATCH changes in a schedule. Another cron or time zone, a pause or its end moves the next tick; it is
 * reckoned from now, so what was missed in a pause stays missed. Throws a Problem `invalid-schedule`.
 */
export function changeOf(
  schedule: ScheduleRecord,
  patch: z.output<typeof schedulePatch>,
  now: Date,
): ScheduleChange {
  const { tags, timeoutMs, maxAttempts, callback, ...rest } = patch;
  // null takes it away.
  const change: ScheduleChange = {
    ...rest,
    ...(tags !== undefined && { tags: tags ? [...new Set(tags)] : undefined }),
    ...(timeoutMs !== undefined && { timeoutMs: timeoutMs ?? undefined }),
    ...(maxAttempts !== undefined && { maxAttempts: maxAttempts ?? undefined }),
    ...(callback !== undefined && { callback: callback ?? undefined }),
    error: undefined,
  };
  const after = { ...schedule, ...change };
  // One that does not fit its type any more can still be paused or renamed.
  const checked = CHECKED.some((field) => field in patch) || patch.paused === false;
  const { input, next } = checked ? check(after, now) : { input: schedule.input };
  if ('input' in rest) change.input = input;
  if (after.paused) return schedule.paused ? change : { ...change, nextAt: undefined };
  const sameTicks = after.cron === schedule.cron && after.timeZone === schedule.timeZone;
  if (!sameTicks || schedule.paused) return { ...change, nextAt: next };
  // Setting it has the clocks look at it at once.
  return schedule.error ? { ...change, nextAt: schedule.nextAt } : change;
}

function check(given: Given, now: Date): { input: unknown; next: Date } {
  const { input, next, faults } = inspect(given, now);
  if (faults.length > 0 || !next) throw invalidSchedule(faults);
  return { input, next };
}

function inspect(given: Given, now: Date): { input: unknown; next: Date | undefined; faults: Fault[] } {
  const { type, cron, timeZone } = given;
  const faults: Fault[] = [];
  const contract = type === undefined ? undefined : contractNamed(type, [], faults);
  const parsed = contract?.input.safeParse(given.input);
  if (parsed && !parsed.success) faults.push(...faultsOf(parsed.error, given.input, ['input']));
  if (tasksNamedBy(parsed?.data).length > 0)
    faults.push({
      pointer: '/input',
      detail: 'may not name a task: it would be gone long before the last tick',
    });
  if (contract) faults.push(...timeoutFaults(given, contract));
  const recurs = cron !== undefined && timeZone !== undefined;
  const next = recurs ? ticksOf({ cron, timeZone }, now, 1, faults)[0] : undefined;
  return { input: parsed?.data, next, faults };
}

const timeoutFaults = ({ timeoutMs }: Given, contract: TaskContract): Fault[] =>
  timeoutMs !== undefined && timeoutMs > contract.timeoutMs
    ? [{ pointer: '/timeoutMs', detail: `is at most ${contract.timeoutMs} for ${contract.type}` }]
    : [];

/** The next ticks; what is wrong with the recurrence is added to the faults. */
function ticksOf(recurrence: Recurrence, now: Date, count: number, faults: Fault[]): Date[] {
  try {
    const ticks = nextTicks(recurrence, now, count);
    if (ticks.length === 0) faults.push({ pointer: '/cron', detail: 'never comes' });
    return ticks;
  } catch (error) {
    if (!(error instanceof BadRecurrence)) throw error;
    faults.push({ pointer: `/${error.field}`, detail: error.message });
    return [];
  }
}

/** The next ticks of a recurrence that a body gives. Throws a Problem `invalid-schedule`. */
export function previewOf(recurrence: Recurrence, now: Date, count: number): Date[] {
  const faults: Fault[] = [];
  const ticks = ticksOf(recurrence, now, count, faults);
  if (faults.length > 0) throw invalidSchedule(faults);
  return ticks;
}

export const invalidSchedule = (errors: Fault[]): Problem => invalid('invalid-schedule', errors);
