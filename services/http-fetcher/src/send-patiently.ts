import { Snooze, TaskError } from '@offload/contracts/errors';
import { pause } from '@offload/runtime/pause';
import type { Answer } from './send-call.js';

/** A pause that an origin or the politeness limits ask for is waited out in place when it is no longer, milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Sends the request of a later page: to begin the task anew would ask for all the pages before it again. A short pause
 * that is asked for (Retry-After, host-busy) is waited out, once; a longer one counts as an attempt, so that a task whose
 * pages never get through in one go ends.
 * @param send takes how long it may wait for its turn at the host, in milliseconds
 * @param mayRepeat whether it may be sent again after an answer
 */
export async function sendPatiently(
  send: (patienceMs: number) => Promise<Answer>,
  mayRepeat: boolean,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await send(PATIENCE_MS).catch(async (error: unknown) => {
      const waitMs = mayRepeat && error instanceof TaskError ? shortWait(error) : null;
      if (waitMs === null) throw error;
      await pause(waitMs, signal);
      return send(PATIENCE_MS);
    });
  } catch (error) {
    if (!(error instanceof Snooze)) throw error;
    throw new TaskError(error.code, error.message, { retry: error.until, cause: error });
  }
}

function shortWait({ retry }: TaskError): number | null {
  if (!(retry instanceof Date)) return null;
  const waitMs = Math.max(0, retry.getTime() - Date.now());
  return waitMs <= PATIENCE_MS ? waitMs : null;
}
