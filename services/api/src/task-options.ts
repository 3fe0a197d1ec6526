import { z } from 'zod';
import type { TaskContract } from '@offload/contracts/define-task';
import { lane } from '@offload/contracts/task';
import { taskCallback } from '@offload/contracts/webhook-event';
import type { NewTaskOptions } from '@offload/store/new-task';
import type { Fault } from './problem.js';
import { givenTime } from './times.js';

export const LIMITS_OF_OPTIONS = { aheadMs: 366 * 24 * 3_600_000, attempts: 25, after: 1_000, tags: 20 };

const { aheadMs, attempts, after, tags } = LIMITS_OF_OPTIONS;
const SHORTEST_TIMEOUT_MS = 1_000;

const milliseconds = (min: number, max: number) => z.int().min(min).max(max);

/** A short name: of a tag, or a unique key. */
const name = (most: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9._:-]+$/, 'takes letters, digits, dot, underscore, colon and dash')
    .max(most);

export const tag = name(64);

/** What stands beside `type` and `input` in a new task. Times are the database's; see {@link taskOptionsOf}. */
export const taskOptions = z.strictObject({
  lane: lane
    .default('interactive')
    .describe('bulk: for backlogs, so that they delay nobody who waits for an answer'),
  runAt: givenTime.optional().describe('Not before then; at most a year ahead, and in the past it means now'),
  delayMs: milliseconds(0, aheadMs).optional().describe('Instead of runAt: not before so many milliseconds'),
  timeoutMs: milliseconds(SHORTEST_TIMEOUT_MS, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe("Time limit of one attempt in milliseconds; at most the type's own, which is the default"),
  expiresAt: givenTime
    .optional()
    .describe('A task not begun by then fails as `expired`; at most two years ahead'),
  expiresInMs: milliseconds(1, 2 * aheadMs)
    .optional()
    .describe('Instead of expiresAt: milliseconds from now on'),
  maxAttempts: milliseconds(1, attempts)
    .optional()
    .describe("Attempts in all; the default is the type's own"),
  after: z
    .array(z.uuid())
    .max(after)
    .optional()
    .describe('Tasks of yours that have to succeed first; if one does not, this one fails'),
  tags: z.array(tag).max(tags).optional().describe('For you to find and treat tasks together'),
  callback: taskCallback.optional().describe('Who is told of its end'),
  unique: name(200)
    .optional()
    .describe(
      'While a task of this type with this key has not ended, no other one is made: that one is answered, ' +
        'with `Existing-Task: unique`',
    ),
});

export type TaskOptions = z.output<typeof taskOptions>;

/** What a new task is made with, besides who makes it and when. */
export type CheckedOptions = Pick<
  NewTaskOptions,
  'lane' | 'runAt' | 'after' | 'timeoutMs' | 'maxAttempts'
> & {
  extra: NonNullable<NewTaskOptions['extra']>;
};

/** A fault whose pointer still lacks the place of the task in the body. */
type Place = Fault & { pointer: string };

/**
 * The options against the contract and the database's time. Durations and times become times; a time that is over
 * becomes "now".
 * @returns the faults that only this comparison shows, or none
 */
export function taskOptionsOf(
  given: TaskOptions,
  contract: TaskContract,
  now: Date,
): { options: CheckedOptions; faults: Place[] } {
  const from = (ms: number | undefined) => (ms === undefined ? undefined : new Date(now.getTime() + ms));
  const asTime = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
  const runAt = asTime(given.runAt) ?? from(given.delayMs);
  const expiresAt = asTime(given.expiresAt) ?? from(given.expiresInMs);
  const later = runAt && runAt > now ? runAt : undefined;
  const { timeoutMs, maxAttempts } = given;
  return {
    options: {
      lane: given.lane,
      ...(later && { runAt: later }),
      ...(given.after && { after: given.after.map((id) => id.toLowerCase()) }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(maxAttempts !== undefined && { maxAttempts }),
      extra: {
        ...(expiresAt && { expiresAt }),
        ...(given.tags && given.tags.length > 0 && { tags: [...new Set(given.tags)] }),
        ...(given.unique !== undefined && { uniqueKey: given.unique }),
        ...(given.callback && { callback: given.callback }),
      },
    },
    faults: [...contradictions(given, contract), ...timeFaults(given, { now, runAt: later, expiresAt })],
  };
}

function contradictions(given: TaskOptions, contract: TaskContract): Place[] {
  const faults: Place[] = [];
  const both = (one: keyof TaskOptions, other: keyof TaskOptions): void => {
    if (given[one] !== undefined && given[other] !== undefined)
      faults.push({ pointer: `/${other}`, detail: `may not be given together with ${one}` });
  };
  both('runAt', 'delayMs');
  both('expiresAt', 'expiresInMs');
  if (given.timeoutMs !== undefined && given.timeoutMs > contract.timeoutMs)
    faults.push({ pointer: '/timeoutMs', detail: `is at most ${contract.timeoutMs} for ${contract.type}` });
  return faults;
}

function timeFaults(
  given: TaskOptions,
  { now, runAt, expiresAt }: { now: Date; runAt: Date | undefined; expiresAt: Date | undefined },
): Place[] {
  const faults: Place[] = [];
  const ahead = (time: Date) => time.getTime() - now.getTime();
  if (runAt && ahead(runAt) > aheadMs)
    faults.push({ pointer: '/runAt', detail: 'is more than a year ahead' });
  if (!expiresAt) return faults;
  const pointer = given.expiresAt === undefined ? '/expiresInMs' : '/expiresAt';
  if (ahead(expiresAt) > 2 * aheadMs) faults.push({ pointer, detail: 'is more than two years ahead' });
  if (expiresAt <= now) faults.push({ pointer, detail: 'is in the past' });
  else if (runAt && expiresAt <= runAt)
    faults.push({ pointer, detail: 'is not after the time at which it may first run' });
  return faults;
}
