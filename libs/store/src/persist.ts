import { answered } from './answered.js';
import { pause } from '@offload/runtime/pause';
import type { StoreLog } from './connect.js';
import { storeFailure } from './store-failure.js';

/** The worker is being stopped and the store (or broker) still does not answer: the message stays unacked. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** What has to be done cannot be done yet, for a reason outside of the store. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

/** Milliseconds for all the calls that one piece of work may make. */
const WORK_MS = 60_000;
const FIRST_MS = 50;
const LONGEST_MS = 2_000;
/** Of an error that nobody knows, most likely a mistake of ours; about ten seconds in all. */
const UNKNOWN_TRIES = 10;

/**
 * Does it until it is done: while the store is away the message stays in hand (design section 5, rule 3; bounced to
 * the queue it would come back within milliseconds, again and again). Refusals for good are thrown at once, and an
 * error that does not mean "away" after a few tries: a mistake of ours must end loudly, not go round for ever.
 * @param options.until aborts when there is no time left to wait; then it throws GivenUp
 */
export async function persist<T>(
  what: string,
  work: () => Promise<T>,
  options: { log: StoreLog; until: AbortSignal },
): Promise<T> {
  let unknown = 0;
  for (let delay = FIRST_MS; ; delay = Math.min(delay * 2, LONGEST_MS))
    try {
      return await answered(work(), WORK_MS);
    } catch (error) {
      const failure = error instanceof NotYet ? 'away' : storeFailure(error);
      if (failure === 'refusal' || failure === 'duplicate') throw error;
      if (failure === 'unknown' && ++unknown === UNKNOWN_TRIES) throw error;
      if (options.until.aborted) throw new GivenUp(`${what}: given up at the stop`, { cause: error });
      if (failure === 'unknown')
        options.log.error(`${what}: an unexpected error; trying ${UNKNOWN_TRIES - unknown} times more`, {
          error,
        });
      else if (delay === FIRST_MS || delay === LONGEST_MS)
        options.log.warn(`${what}: no answer; trying until there is one`, { error });
      await pause(delay, options.until);
    }
}
