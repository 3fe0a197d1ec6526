import type { TaskContract } from '@offload/contracts/define-task';
import { Snooze, TaskError } from '@offload/contracts/errors';
import { LIMITS, type TaskFailure } from '@offload/contracts/task';
import type { Move } from '@offload/store/move';
import { fail, finish, giveBack } from '@offload/store/moves';
import { HAND_BACKS_UNCOUNTED, STACK_CHARS, type TaskRecord } from '@offload/store/task-record';
import { z } from 'zod';

/** How an attempt ended. */
export type Outcome =
  | { kind: 'returned'; result: unknown }
  | { kind: 'threw'; error: unknown }
  | { kind: 'timed-out' }
  /** The worker stops and the handler did not get through in the grace period. */
  | { kind: 'stopped' };

/** What becomes of the task. */
export type Decision =
  | { kind: 'done'; result: unknown }
  | { kind: 'retry'; dueAt: Date; error: TaskFailure; stack?: string }
  | { kind: 'snooze'; dueAt: Date; error: TaskFailure }
  | { kind: 'dead'; error: TaskFailure; stack?: string }
  | { kind: 'handed-back'; counted: boolean };

export interface Facts {
  contract: TaskContract;
  task: Pick<TaskRecord, 'attempt' | 'attemptLimit' | 'handBacks' | 'timeoutMs'>;
  /** The database's time. */
  now: Date;
  /** In [0, 1). */
  random: number;
}

/** The decision after an attempt: pure, so that every case is a line in a table test. */
export function decide(outcome: Outcome, facts: Facts): Decision {
  switch (outcome.kind) {
    case 'returned':
      return checkResult(outcome.result, facts.contract);
    case 'timed-out': {
      const seconds = facts.task.timeoutMs / 1_000;
      return again(
        { code: 'timeout', message: `The attempt took longer than its ${seconds} s.` },
        'yes',
        facts,
      );
    }
    case 'stopped': {
      const counted = facts.task.handBacks >= HAND_BACKS_UNCOUNTED;
      if (counted && facts.task.attempt >= facts.task.attemptLimit)
        return {
          kind: 'dead',
          error: { code: 'handed-back', message: 'Workers were stopped in the middle of it too often.' },
        };
      return { kind: 'handed-back', counted };
    }
    case 'threw':
      return afterError(outcome.error, facts);
  }
}

/** A result that does not fit its own schema is a bug of ours: dead at once, loudly. */
function checkResult(result: unknown, contract: TaskContract): Decision {
  const checked = contract.result.safeParse(result);
  if (!checked.success) {
    const message = `The handler's result does not fit its contract: ${z.prettifyError(checked.error)}`;
    return { kind: 'dead', error: { code: 'result-invalid', message } };
  }
  const bytes = Buffer.byteLength(JSON.stringify(checked.data));
  if (bytes <= LIMITS.result) return { kind: 'done', result: checked.data };
  const message = `The result has ${bytes} bytes of JSON; at most ${LIMITS.result} are stored: a larger one belongs in a file.`;
  return { kind: 'dead', error: { code: 'result-too-large', message } };
}

function afterError(error: unknown, facts: Facts): Decision {
  if (error instanceof Snooze)
    return { kind: 'snooze', dueAt: error.until, error: { code: error.code, message: error.message } };
  const stack = stackOf(error);
  if (error instanceof TaskError)
    return again({ code: error.code, message: error.message }, error.retry, facts, stack);
  // What an unknown error says may be internal: the log has it, and operators see its stack.
  const message = 'The worker met an error that it does not know; its log says more under this task.';
  return again({ code: 'unexpected-error', message }, 'yes', facts, stack);
}

const stackOf = (error: unknown): string | undefined =>
  error instanceof Error ? error.stack?.slice(0, STACK_CHARS) : undefined;

function again(error: TaskFailure, retry: TaskError['retry'], facts: Facts, stack?: string): Decision {
  const { task, now } = facts;
  if (retry === 'no' || task.attempt >= task.attemptLimit) return { kind: 'dead', error, stack };
  const backoff = now.getTime() + backoffMs(facts);
  const dueAt = new Date(retry === 'yes' ? backoff : Math.max(backoff, retry.getTime()));
  return { kind: 'retry', dueAt, error, stack };
}

/** Exponential backoff with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"). */
function backoffMs({ contract, task, random }: Facts): number {
  const { baseMs, maxMs } = contract.backoff;
  return Math.round(random * Math.min(maxMs, baseMs * 2 ** (task.attempt - 1)));
}

/** The move of the guard table that carries a decision out. */
export function moveOf(
  decision: Decision,
  p: { id: string; token: string; keepMs: number; now: Date },
): Move {
  switch (decision.kind) {
    case 'done':
      return finish({ ...p, result: decision.result });
    case 'dead':
      return fail({ ...p, error: decision.error, stack: decision.stack });
    case 'retry':
    case 'snooze':
      return giveBack({ ...p, ...decision });
    case 'handed-back':
      return giveBack({ ...p, kind: 'hand-back', dueAt: p.now, counted: decision.counted });
  }
}
