import { setTimeout as sleep } from 'node:timers/promises';
import { TaskError } from '@offload/contracts/errors';
import type { systemEcho } from '@offload/contracts/system-echo';
import type { Handler } from '@offload/worker/handler';

/** The smallest handler: takes the checked input, obeys the signal, and returns the result or throws. */
export const echo: Handler<typeof systemEcho> = async (input, { attempt, signal }) => {
  if (input.delayMs > 0) await sleep(input.delayMs, undefined, { signal });

  if (input.fail && attempt <= (input.failTimes ?? Infinity)) {
    throw new TaskError(`echo-${input.fail}`, `Attempt ${attempt} failed, as the input asked for.`, {
      retry: input.fail === 'permanent' ? 'no' : 'yes',
    });
  }
  return { message: input.message, attempt };
};
