import { z } from 'zod';
import type { HistoryEntry } from '@offload/store/task-record';

const time = z.iso.datetime();

export const move = z
  .object({
    move: z
      .string()
      .describe('claim, retry, snooze, hand-back, take-over, lease-sweep, finish, fail, cancel, …'),
    at: time,
    worker: z.string().nullable().describe('Who began an attempt with it'),
    code: z.string().nullable().describe('Of the error that caused it'),
  })
  .meta({ id: 'Move' });

export const attemptMade = z
  .object({
    worker: z.string(),
    startedAt: time,
    endedAt: time.nullable().describe('null while it runs'),
    outcome: z.string().nullable().describe('The move that ended it'),
    code: z.string().nullable().describe('Of the error that ended it'),
  })
  .meta({ id: 'Attempt' });

export type Move = z.output<typeof move>;
export type AttemptMade = z.output<typeof attemptMade>;

export const movesOf = (history: HistoryEntry[] = []): Move[] =>
  history.map(({ move: name, at, worker = null, code = null }) => ({
    move: name,
    at: at.toISOString(),
    worker,
    code,
  }));

/** An attempt begins with one of these; a take over also ends the one before it. */
const BEGINS = new Set(['claim', 'take-over']);
const ENDS = new Set([
  'retry',
  'snooze',
  'hand-back',
  'take-over',
  'lease-sweep',
  'finish',
  'fail',
  'cancel',
]);

/** The attempts that a task's history still has, oldest first. */
export function attemptsOf(history: HistoryEntry[] = []): AttemptMade[] {
  const attempts: AttemptMade[] = [];
  for (const { move: name, at, worker, code } of history) {
    const last = attempts.at(-1);
    if (ENDS.has(name) && last?.endedAt === null)
      Object.assign(last, { endedAt: at.toISOString(), outcome: name, code: code ?? null });
    if (BEGINS.has(name))
      attempts.push({
        worker: worker ?? '',
        startedAt: at.toISOString(),
        endedAt: null,
        outcome: null,
        code: null,
      });
  }
  return attempts;
}
