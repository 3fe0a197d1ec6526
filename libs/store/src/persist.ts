import { pause } from '@offload/runtime/pause';
import { isRefusal } from './refusal.js';
import type { StoreLog } from './connect.js';

/** The worker is being stopped and the store (or broker) still does not answer: the message stays unacked. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/**
 * Does it until it is done: while the store is away the message stays in hand (design section 5, rule 3; bounced to
 * the queue it would come back within milliseconds, again and again). Refusals for good are thrown at once.
 * @param options.until aborts when there is no time left to wait; then it throws GivenUp
 */
export async function persist<T>(
  what: string,
  work: () => Promise<T>,
  options: { log: StoreLog; until: AbortSignal },
): Promise<T> {
  for (let delay = FIRST_MS; ; delay = Math.min(delay * 2, LONGEST_MS))
    try {
      return await work();
    } catch (error) {
      if (isRefusal(error)) throw error;
      if (options.until.aborted) throw new GivenUp(`${what}: given up at the stop`, { cause: error });
      if (delay === FIRST_MS || delay === LONGEST_MS)
        options.log.warn(`${what}: no answer; trying until there is one`, { error });
      await pause(delay, options.until);
    }
}
