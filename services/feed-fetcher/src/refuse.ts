import { TaskError, type Retry } from '@offload/contracts/errors';

/** What was fetched is no feed, and will be none the next time. */
export const notAFeed = (why: string): TaskError =>
  new TaskError('not-a-feed', `There is no feed at this URL: ${why}`, { retry: 'no' });

/** A feed that would cost more than any real one: made to do harm, or broken. */
export const tooComplex = (why: string, retry: Retry = 'no'): TaskError =>
  new TaskError('too-complex', `The feed was refused: ${why}`, { retry });

const MAX_ENTRIES = 50_000;

/** No feed in the wild has as many entries as throw TaskError `too-complex` here (permanent). */
export function checkEntryCount(count: number): void {
  if (count > MAX_ENTRIES) throw tooComplex(`it has over ${MAX_ENTRIES} entries.`);
}
