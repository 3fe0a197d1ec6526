import type { TaskContract } from '@offload/contracts/define-task';
import { derivedId, newTask } from './new-task.js';
import type { ScheduleRecord } from './schedules.js';
import type { TaskRecord } from './task-record.js';

/**
 * The id of the task that a schedule makes at a tick: the same whichever clock computes it, so that the database
 * takes it once. UUIDv7 (RFC 9562, section 5.7) with the tick as its time and a hash in place of the random bits.
 */
export const tickId = (schedule: string, tick: Date): string =>
  derivedId(tick.getTime(), `${schedule} ${tick.getTime()}`);

/** While a task with this key is unfinished, a schedule that skips overlaps makes no other. */
export const overlapKey = (schedule: string): string => `schedule:${schedule}`;

/** What a schedule made for a contract that is another now, or none. */
export class ScheduleOutdated extends Error {
  override readonly name = 'ScheduleOutdated';

  constructor(
    readonly code: 'unknown-type' | 'invalid-input',
    message: string,
  ) {
    super(message);
  }
}

/** A schedule's work as the contract of today has it. */
export interface ScheduledWork {
  contract: TaskContract;
  input: unknown;
}

/** Checks a schedule against the contract as it is now, since schedules outlive code. Throws ScheduleOutdated. */
export function workOf(
  schedule: Pick<ScheduleRecord, 'type' | 'input'>,
  contract: TaskContract | undefined,
): ScheduledWork {
  const { type } = schedule;
  if (!contract) throw new ScheduleOutdated('unknown-type', `There is no task type ${type} here any more.`);
  const { data: input, error } = contract.input.safeParse(schedule.input);
  if (!error) return { contract, input };
  const [issue] = error.issues;
  const fault = issue ? `${issue.path.join('.')} ${issue.message}` : 'it is not valid';
  throw new ScheduleOutdated('invalid-input', `Its input does not fit ${type} any more: ${fault.trim()}.`);
}

/**
 * The task of a tick, due at once: the relay publishes it.
 * @param when.tick absent: it is made on demand, between the ticks
 */
export function taskOf(
  schedule: ScheduleRecord,
  { contract, input }: ScheduledWork,
  when: { tick?: Date; now: Date },
): TaskRecord {
  const { _id: id, owner, lane, tags, maxAttempts, timeoutMs, overlap, callback } = schedule;
  const { tick, now } = when;
  return newTask(contract, input, {
    owner,
    lane,
    now,
    ...(tick && { id: tickId(id, tick), runAt: tick }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(timeoutMs !== undefined && { timeoutMs: Math.min(timeoutMs, contract.timeoutMs) }),
    extra: {
      schedule: { id, tick: tick ?? now },
      ...(tags && { tags }),
      ...(callback && { callback }),
      ...(overlap === 'skip' && { uniqueKey: overlapKey(id) }),
    },
  });
}
