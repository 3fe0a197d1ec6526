import type { TaskContract } from '@offload/contracts/define-task';
import { Snooze, TaskError } from '@offload/contracts/errors';
import { z } from 'zod';
import type { Handler, HandlerContext } from './handler.js';
import type { Outcome } from './run-task.js';

/** Why a handler's signal fired. */
export type AbortReason = 'time-limit' | 'lease-lost' | 'cancelled' | 'stopping';

/** `signal.reason` of a handler's signal. */
export class AttemptAborted extends Error {
  override readonly name = 'AttemptAborted';
  constructor(readonly reason: AbortReason) {
    super(`The attempt was ended: ${reason}.`);
  }
}

/** How long a handler may still take to settle after its signal fired, in milliseconds; then it ends without it. */
export const ABORT_GRACE_MS = 1_000;

export interface Attempt {
  /** How it ended; `lost`: the lease is not ours any more (or the task was cancelled), there is nothing to store. */
  outcome: Promise<Outcome | { kind: 'lost' }>;
  /** Resolves when the handler itself has settled, which may be later, or never. */
  settled: Promise<void>;
  abort(reason: AbortReason): void;
}

/**
 * Calls the handler once, under the contract's time limit or a shorter one (milliseconds). A handler that ignores its
 * signal is ended for the user all the same: the outcome does not wait for it.
 * @param input may be a promise; what it rejects with counts as thrown by the handler
 */
export function runAttempt<C extends TaskContract>(
  contract: C,
  handler: Handler<C>,
  input: unknown,
  context: Omit<HandlerContext, 'signal'>,
  timeoutMs: number = contract.timeoutMs,
): Attempt {
  const controller = new AbortController();
  const abort = (reason: AbortReason): void => controller.abort(new AttemptAborted(reason));
  const limit = setTimeout(() => abort('time-limit'), timeoutMs);

  const run = async (): Promise<Outcome> => {
    let given = input;
    try {
      if (input instanceof Promise) given = await input;
      controller.signal.throwIfAborted();
    } catch (error) {
      return { kind: 'threw', error };
    }
    const parsed = contract.input.safeParse(given);
    if (!parsed.success) {
      const message = `The input does not fit the contract: ${z.prettifyError(parsed.error)}`;
      return { kind: 'threw', error: new TaskError('input-invalid', message, { retry: 'no' }) };
    }
    try {
      const result = await handler(parsed.data as never, { ...context, signal: controller.signal });
      return { kind: 'returned', result };
    } catch (error) {
      return { kind: 'threw', error };
    }
  };

  const work = run();
  const overdue = new Promise<undefined>((resolve) => {
    controller.signal.addEventListener('abort', () => {
      const grace = setTimeout(() => resolve(undefined), ABORT_GRACE_MS);
      void work.then(() => clearTimeout(grace)).then(() => resolve(undefined));
    });
  });

  const outcome = Promise.race([work, overdue]).then((own): Outcome | { kind: 'lost' } => {
    clearTimeout(limit);
    if (!controller.signal.aborted || own?.kind === 'returned') return own as Outcome;
    const { reason } = controller.signal.reason as AttemptAborted;
    if (reason === 'lease-lost' || reason === 'cancelled') return { kind: 'lost' };
    // Nothing was begun, and the next attempt has to know that: a hand-back would not say it.
    if (reason === 'stopping' && own?.kind === 'threw' && own.error instanceof Snooze) return own;
    // What a handler throws because it was told to stop says nothing about the task.
    return reason === 'time-limit' ? { kind: 'timed-out' } : { kind: 'stopped' };
  });
  return { outcome, settled: work.then(() => undefined), abort };
}
