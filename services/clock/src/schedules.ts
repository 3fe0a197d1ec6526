import { contractOf } from '@offload/contracts/registry';
import type { TaskFailure } from '@offload/contracts/task';
import type { Log } from '@offload/runtime/logger';
import { BadRecurrence, dueTicks } from '@offload/store/cron';
import type { Store } from '@offload/store/open-store';
import { QuotaExceeded, type Quota } from '@offload/store/quota';
import { ScheduleOutdated, taskOf, workOf } from '@offload/store/schedule-task';
import type { DueSchedule } from '@offload/store/schedules';
import type { TaskRecord } from '@offload/store/task-record';

export interface ScheduleDeps {
  store: Pick<Store, 'schedules' | 'tasks'>;
  quota: Quota;
  log: Log;
}

/** Schedules in one turn, and those of them that are worked on at once. */
const TURN = 100;
const AT_ONCE = 10;
/** Tasks of a schedule that are made and stored at once: a catch-up may have a thousand with large inputs. */
const PORTION = 100;

/** Milliseconds after which a schedule is looked at again whose tasks could not be made. */
const PUT_OFF_MS = 10_000;

/**
 * Makes the tasks of every tick that has come; the relay publishes them. Any number of clocks may do it at once: a
 * tick's task has the same id whoever makes it, and only then the schedule goes on to its next tick. A clock that
 * dies in between leaves the tick to the others, which find its task there (docs/decisions/0026).
 * @returns how many schedules had a tick, and whether there may be more
 */
export async function makeDueTasks(deps: ScheduleDeps): Promise<{ schedules: number; full: boolean }> {
  const due = await deps.store.schedules.due(TURN);
  const outcomes: PromiseSettledResult<void>[] = [];
  for (let from = 0; from < due.length; from += AT_ONCE) {
    const ticking = due.slice(from, from + AT_ONCE).map((schedule) => tick(schedule, deps));
    // One that fails holds up no other.
    outcomes.push(...(await Promise.allSettled(ticking)));
  }
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return { schedules: due.length, full: due.length === TURN };
}

async function tick(schedule: DueSchedule, deps: ScheduleDeps): Promise<void> {
  const { store, quota, log } = deps;
  const { _id: id, name, owner } = schedule;
  const plan = planOf(schedule, store.tasks.now());
  if ('error' in plan) return putOff(schedule, plan.error, deps);
  const { ticks, taskAt, next } = plan;
  let overlapping = 0;
  for (let from = 0; from < ticks.length; from += PORTION) {
    const portion = ticks.slice(from, from + PORTION);
    const { room, error } = await roomFor(portion.length, owner, quota);
    const tasks = portion.slice(0, room).map(taskAt);
    const outcomes = await Promise.all(tasks.map((task) => store.tasks.create(task)));
    const last = tasks.findLast((_task, index) => outcomes[index]?.kind === 'created');
    if (last?.schedule) await store.schedules.made(id, { task: last._id, at: last.schedule.tick });
    overlapping += outcomes.filter(({ kind }) => kind === 'duplicate').length;
    const left = error && portion[room];
    if (left) return leave(schedule, left, error, deps);
  }
  if (await store.schedules.advance(schedule, next))
    log.debug('ticked', { schedule: id, name, ticks: ticks.length, overlapping, next });
}

/** Of so many tasks, those that the owner's quota lets in, and why not the next one. */
async function roomFor(
  wanted: number,
  owner: string,
  quota: Quota,
): Promise<{ room: number; error?: TaskFailure }> {
  for (let room = 0; room < wanted; room++)
    try {
      await quota.admit(owner, 1);
    } catch (error) {
      if (!(error instanceof QuotaExceeded)) throw error;
      return { room, error: { code: error.code, message: error.message } };
    }
  return { room: wanted };
}

/** The ticks from this one on have to wait; those before it are done with, and are not looked at again. */
async function leave(
  schedule: DueSchedule,
  from: Date,
  error: TaskFailure,
  deps: ScheduleDeps,
): Promise<void> {
  const goesOn = from > schedule.nextAt;
  if (!goesOn || (await deps.store.schedules.advance(schedule, from)))
    await putOff({ ...schedule, nextAt: from }, error, deps);
}

async function putOff(
  schedule: DueSchedule,
  error: TaskFailure,
  { store, log }: Pick<ScheduleDeps, 'store' | 'log'>,
): Promise<void> {
  const { _id: id, name } = schedule;
  // Said once; it is shown with the schedule.
  if (schedule.error?.code !== error.code)
    log.error('the tasks of a schedule cannot be made', { schedule: id, name, ...error });
  await store.schedules.putOff(schedule, error, PUT_OFF_MS);
}

type Plan =
  | { ticks: Date[]; taskAt: (tick: Date) => TaskRecord; next: Date | undefined }
  /** Nothing can be made until a person changes the schedule, or a clock knows its type. */
  | { error: TaskFailure };

function planOf(schedule: DueSchedule, now: Date): Plan {
  try {
    const { due, next } = dueTicks(schedule, now);
    const work = workOf(schedule, contractOf(schedule.type));
    return {
      // Of ticks that are all made now, no more than one could run.
      ticks: schedule.overlap === 'skip' ? due.slice(-1) : due,
      taskAt: (tick) => taskOf(schedule, work, { tick, now }),
      next,
    };
  } catch (error) {
    if (error instanceof ScheduleOutdated) return { error: { code: error.code, message: error.message } };
    if (error instanceof BadRecurrence)
      return { error: { code: 'invalid-cron', message: `${error.field} ${error.message}.` } };
    throw error;
  }
}
