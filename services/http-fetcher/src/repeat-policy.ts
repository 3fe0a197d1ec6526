import { Snooze, TaskError } from '@offload/contracts/errors';
import { IDEMPOTENT_METHODS } from '@offload/outbound/methods';
import { OutboundError } from '@offload/outbound/outbound-error';
import type { AttemptEnd } from '@offload/worker/previous-end';
import type { HttpInput } from './build-request.js';

/** Errors that only come before the first byte of a request has left. */
const BEFORE_SENDING = new Set([
  'address-refused',
  'connect-failed',
  'dns-failed',
  'host-not-found',
  'invalid-request',
  'invalid-url',
  'not-sent',
  'tls-failed',
]);

const ADVICE =
  'Find out at the origin whether it was done; then retry the task, which sends it again. ' +
  'With `idempotencyKey` (if the origin knows the header) or `repeatable` it is repeated without asking.';

/** Whether sending this request twice does no harm: by its method, or because the client says so. */
export const isHarmless = (input: HttpInput): boolean =>
  IDEMPOTENT_METHODS.has(input.method) ||
  input.repeatable ||
  input.idempotencyKey !== undefined ||
  Object.keys(input.headers ?? {}).some((name) => name.toLowerCase() === 'idempotency-key');

/**
 * Before an attempt: throws TaskError `maybe-sent` (permanent) when the one before it may have sent a request that must
 * not be sent twice: its worker crashed or was stopped in the middle of it, or its time was over.
 */
export function checkEarlier(input: HttpInput, previous: AttemptEnd | null): void {
  if (isHarmless(input) || previous === null || previous.kind === 'snooze') return;
  if (previous.kind === 'retry' && BEFORE_SENDING.has(previous.code ?? '')) return;
  throw maybeSent(input, 'an attempt ended in the middle of it');
}

/**
 * What a failure means for a request that must not be sent twice. Nothing sent: it is tried again, as it would be
 * anyway. Something sent: permanent, with the origin's status as code, or `maybe-sent` when there is none.
 * @param sent whether an answer, or a part of one, has come
 */
export function afterFailure(input: HttpInput, error: unknown, sent: boolean): unknown {
  if (isHarmless(input)) return error;
  if (error instanceof Snooze && !sent) return error;
  if (error instanceof TaskError) {
    if (error.retry === 'no') return error;
    if (!sent && nothingSent(error)) return unsent(error);
    if (/^http-\d{3}$/.test(error.code))
      return new TaskError(error.code, `${error.message} The ${input.method} is not repeated: ${ADVICE}`, {
        retry: 'no',
        cause: error,
      });
  }
  // What an unknown error says may be internal: the log has it.
  const known = error instanceof TaskError || error instanceof Snooze;
  return maybeSent(input, known ? error.message : 'the worker met an error that it does not know', error);
}

/** The name of the error has to say it to the next attempt: `timeout` alone does not. */
function unsent(error: TaskError): TaskError | Snooze {
  const message = `Nothing was sent: ${error.message}`;
  // The worker is being stopped: another one begins anew, and no attempt is counted.
  if (error.code === 'aborted') return new Snooze('not-sent', message, new Date());
  if (BEFORE_SENDING.has(error.code)) return error;
  return new TaskError('not-sent', message, { retry: error.retry, cause: error });
}

const nothingSent = (error: TaskError): boolean => error instanceof OutboundError && !error.sent;

const maybeSent = (input: HttpInput, why: string, cause?: unknown): TaskError =>
  new TaskError(
    'maybe-sent',
    `The ${input.method} may have been sent: ${why.replace(/\.$/, '')}. ${ADVICE}`,
    {
      retry: 'no',
      cause,
    },
  );
