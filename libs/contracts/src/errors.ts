/** `no`: permanent. `yes`: again after the contract's backoff. A Date: again, but not before it. */
export type Retry = 'no' | 'yes' | Date;

/**
 * The one error a handler throws on purpose. Set where the fact is known: the code is for programs
 * (lower-case words joined by `-`), the message is shown to the user and says what to do.
 */
export class TaskError extends Error {
  readonly code: string;
  readonly retry: Retry;

  constructor(code: string, message: string, options: { retry: Retry; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TaskError';
    this.code = code;
    this.retry = options.retry;
  }
}

/** Not an error: do it again at `until`, and do not count this attempt (politeness limits, busy targets). */
export class Snooze extends Error {
  readonly until: Date;
  readonly code: string;

  constructor(code: string, message: string, until: Date) {
    super(message);
    this.name = 'Snooze';
    this.code = code;
    this.until = until;
  }
}
