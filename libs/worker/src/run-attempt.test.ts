import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Snooze } from '@offload/contracts/errors';
import { systemEcho } from '@offload/contracts/system-echo';
import type { Handler, HandlerContext } from './handler.js';
import { ABORT_GRACE_MS, AttemptAborted, runAttempt } from './run-attempt.js';

type Echo = Handler<typeof systemEcho>;
const context = { taskId: 't', attempt: 1 } as Omit<HandlerContext, 'signal'>;
const input = { message: 'hi', delayMs: 0 };
const never: Echo = () => new Promise(() => undefined);
const obedient: Echo = (_input, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('an attempt', () => {
  test('ends with what the handler returns', async () => {
    const attempt = runAttempt(systemEcho, async ({ message }) => ({ message, attempt: 1 }), input, context);
    await expect(attempt.outcome).resolves.toEqual({
      kind: 'returned',
      result: { message: 'hi', attempt: 1 },
    });
  });

  test('ends with what the handler throws, also before its first await', async () => {
    const error = new Error('no');
    const attempt = runAttempt(
      systemEcho,
      () => {
        throw error;
      },
      input,
      context,
    );
    await expect(attempt.outcome).resolves.toEqual({ kind: 'threw', error });
  });

  test('does not call the handler with an input that does not fit the contract', async () => {
    const handler = jest.fn<Echo>();
    const attempt = runAttempt(systemEcho, handler, { message: 7 }, context);
    await expect(attempt.outcome).resolves.toMatchObject({
      kind: 'threw',
      error: { code: 'input-invalid', retry: 'no' },
    });
    expect(handler).not.toHaveBeenCalled();
  });

  test('waits for a promised input, and ends with what that rejects with', async () => {
    const echo: Echo = async ({ message }) => ({ message, attempt: 1 });
    const attempt = runAttempt(systemEcho, echo, Promise.resolve({ message: 'later' }), context);
    await expect(attempt.outcome).resolves.toMatchObject({ result: { message: 'later' } });
    const handler = jest.fn<Echo>();
    const error = new Error('no');
    const refused = runAttempt(systemEcho, handler, Promise.reject(error), context);
    await expect(refused.outcome).resolves.toEqual({ kind: 'threw', error });
    expect(handler).not.toHaveBeenCalled();
  });

  test('fires the signal at the time limit', async () => {
    const attempt = runAttempt(systemEcho, obedient, input, context);
    await jest.advanceTimersByTimeAsync(systemEcho.timeoutMs);
    await expect(attempt.outcome).resolves.toEqual({ kind: 'timed-out' });
  });

  test('ends for the user though the handler ignores its signal', async () => {
    const attempt = runAttempt(systemEcho, never, input, context);
    await jest.advanceTimersByTimeAsync(systemEcho.timeoutMs + ABORT_GRACE_MS);
    await expect(attempt.outcome).resolves.toEqual({ kind: 'timed-out' });
  });

  test('is stopped, not failed, when the worker stops', async () => {
    const attempt = runAttempt(systemEcho, obedient, input, context);
    attempt.abort('stopping');
    await expect(attempt.outcome).resolves.toEqual({ kind: 'stopped' });
  });

  test('is snoozed when the worker stops and the handler knows that nothing was begun', async () => {
    const error = new Snooze('not-sent', 'nothing was sent', new Date());
    const waiting: Echo = (_input, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(error));
      });
    const attempt = runAttempt(systemEcho, waiting, input, context);
    attempt.abort('stopping');
    await expect(attempt.outcome).resolves.toEqual({ kind: 'threw', error });
  });

  test.each(['lease-lost', 'cancelled'] as const)('stores nothing when it ends by %s', async (reason) => {
    const attempt = runAttempt(systemEcho, obedient, input, context);
    attempt.abort(reason);
    await expect(attempt.outcome).resolves.toEqual({ kind: 'lost' });
  });

  test('keeps a result that came within the grace', async () => {
    const late: Echo = (_input, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ message: 'just so', attempt: 1 }));
      });
    const attempt = runAttempt(systemEcho, late, input, context);
    attempt.abort('stopping');
    await expect(attempt.outcome).resolves.toMatchObject({ kind: 'returned' });
  });

  test('tells the handler why', async () => {
    const seen: unknown[] = [];
    const handler: Echo = async (_input, { signal }) => {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
      seen.push(signal.reason);
      throw new Error('ended');
    };
    const attempt = runAttempt(systemEcho, handler, input, context);
    attempt.abort('lease-lost');
    await attempt.settled;
    expect(seen).toEqual([new AttemptAborted('lease-lost')]);
  });
});
