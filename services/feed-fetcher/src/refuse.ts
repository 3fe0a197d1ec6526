import { TaskError, type Retry } from '@offload/contracts/errors';

/** What was fetched is no feed, and will be none the next time. */
export const notAFeed = (why: string): TaskError =>
  new TaskError('not-a-feed', `There is no feed at this URL: ${why}`, { retry: 'no' });

/** A feed that would cost more than any real one: made to do harm, or broken. */
export const tooComplex = (why: string, retry: Retry = 'no'): TaskError =>
  new TaskError('too-complex', `The feed was refused: ${why}`, { retry });
