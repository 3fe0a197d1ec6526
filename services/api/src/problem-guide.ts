import type { ProblemCode } from './problem.js';

/** What to make of a problem. docs/errors.md is made of it. */
export interface ProblemGuide {
  when: string;
  /** What to do about it. */
  advice: string;
  /** Whether the same request can succeed later: `yes` with Retry-After, if there is one. */
  retry: 'yes' | 'no';
}

const again = (when: string, advice: string): ProblemGuide => ({ when, advice, retry: 'yes' });
const not = (when: string, advice: string): ProblemGuide => ({ when, advice, retry: 'no' });

const gone = (what: string): ProblemGuide =>
  not(
    `No ${what} of this id or name is yours: it was never there, was removed, or is somebody else’s; the answer is the same.`,
    'Look it up in the list.',
  );
const full = (what: string): ProblemGuide =>
  not(`You have as many ${what} as one may.`, 'Remove some first.');
const SEE_ERRORS = 'Correct what `errors` names; each entry has the place and what is wrong with it.';
const SMALLER = 'Send less at a time; put large data into a file (POST /v1/files) and name it in the task.';
const LOOK_AGAIN = 'Read it again and decide anew.';

/** Every problem of the API, by its code. */
export const problemGuide: Record<ProblemCode, ProblemGuide> = {
  'malformed-json': not('The body is empty, or no JSON.', 'Send a JSON object in UTF-8.'),
  'malformed-request': not(
    'The address or the body is not well-formed: wrong percent-encoding, a body that ended early or is nested too deep, no Host.',
    'Correct the request; if it is right, something between you and the server cuts it.',
  ),
  'malformed-idempotency-key': not(
    'The Idempotency-Key is empty, too long, or has other characters than printable ASCII.',
    'Send 1 to 200 characters in quotes, best a UUID.',
  ),
  'idempotency-key-not-taken': not(
    'An Idempotency-Key came to an address whose answer has a secret that is kept nowhere.',
    'Leave it out. If you did not get to see a new key, delete it and make another.',
  ),
  'no-key': not('The request has no key, and this server wants one.', 'Send `Authorization: Bearer ofl_…`.'),
  'invalid-key': not(
    'The key is unknown, was revoked, or has expired.',
    'Get another one from whoever runs this server.',
  ),
  forbidden: not(
    'The key has not the role that this needs.',
    'Use a key with the role that the answer names.',
  ),
  'invalid-link': not(
    'The signature of a link to a file is wrong or over.',
    'Read the resource that showed it; it shows a new one.',
  ),
  'cross-site': not(
    'A page of another origin tried to change something.',
    'Use the API from its own origin, or from a program.',
  ),
  'not-found': not(
    'There is nothing at this address.',
    'See /docs for what there is; paths are in lower case.',
  ),
  'task-not-found': gone('task'),
  'batch-not-found': gone('batch'),
  'queue-not-found': not('There is no task type of this name.', 'The answer names those that there are.'),
  'file-not-found': gone('file'),
  'feed-not-found': gone('subscription'),
  'entry-not-found': gone('entry'),
  'image-not-found': not('The feed or entry has no such image.', 'Read the entry anew.'),
  'image-not-ready': again(
    'The image has not been fetched yet.',
    'POST …/images of the entry has it fetched.',
  ),
  'image-unavailable': not('The image was tried and cannot be had.', 'Show the entry without it.'),
  'schedule-not-found': gone('schedule'),
  'webhook-secret-not-found': gone('webhook secret'),
  'webhook-delivery-not-found': gone('webhook delivery'),
  'webhook-endpoint-not-found': gone('disabled endpoint'),
  'key-not-found': gone('key'),
  'method-not-allowed': not('The address does not take this method.', 'Allow says which it takes.'),
  'not-acceptable': not(
    'No form of the answer is among those that Accept wants.',
    'Send `Accept: application/json`, or none at all.',
  ),
  'request-timeout': again('The request did not arrive in time.', 'Send it again, faster.'),
  'idempotency-key-busy': again(
    'The first request with this Idempotency-Key is still being served.',
    'Send it again after Retry-After: you get the first one’s answer.',
  ),
  'already-ended': not('The task has ended in another way.', 'Its outcome stands; read it.'),
  'not-ended': again('The task has not ended yet.', 'Cancel it, or wait for its end.'),
  'unique-key-taken': again('A task with this `unique` has not ended.', 'Wait for that one, or cancel it.'),
  'not-retryable': not('The task cannot run again: it has not failed, or its type is gone.', LOOK_AGAIN),
  'schedule-exists': not('You have a schedule of this name.', 'PATCH that one, or take another name.'),
  'schedule-changed': again('Somebody else changed the schedule at the same moment.', LOOK_AGAIN),
  'schedule-running': again(
    'A task of the schedule has not ended, and it skips overlaps.',
    'Wait for it, or cancel it.',
  ),
  'schedule-outdated': not('The schedule does not fit its task type any more.', 'PATCH its input or cron.'),
  'feed-exists': not('You subscribe to this feed already.', 'Use that subscription.'),
  'feed-busy': again('The feed is just being removed.', 'Try again in a few seconds.'),
  'too-many-feeds': full('subscriptions'),
  'too-many-starred': full('starred entries'),
  'webhook-secret-exists': not(
    'Another webhook secret of yours has this name.',
    'Rotate that one (POST /v1/webhooks/secrets/{id}/rotate), or take another name.',
  ),
  'too-many-webhook-secrets': full('webhook secrets'),
  'too-many-schedules': full('schedules'),
  'too-large': not('The body has more bytes than are taken here.', SMALLER),
  'address-too-long': not('The path with its query has more than 8 KiB.', 'Ask in several requests.'),
  'wrong-content-type': not(
    'The body has a Content-Type, charset or Content-Encoding that is not taken here.',
    'Accept (Accept-Encoding) of the answer says what is taken.',
  ),
  'range-not-satisfiable': not('The file ends before the range.', 'Content-Range has its size.'),
  'wrong-host': not(
    'The Host header names another server: a development server answers to local names only.',
    'Use localhost, or start the API with keys.',
  ),
  'invalid-batch': not('The batch, or one of its tasks, is not valid; none was accepted.', SEE_ERRORS),
  'invalid-task': not('The task is not valid.', SEE_ERRORS),
  'idempotency-key-reused': not(
    'The Idempotency-Key was sent with another body before.',
    'Send the first body again, or take a new key. Keys are free again after 24 hours.',
  ),
  'invalid-request': not('The body is not valid.', SEE_ERRORS),
  'invalid-query': not('A parameter of the query is unknown, or its value is not valid.', SEE_ERRORS),
  'invalid-schedule': not('The schedule is not valid.', SEE_ERRORS),
  'invalid-opml': not('The document is not OPML, or has too many feeds.', 'Export it anew, or split it.'),
  'invalid-file': not('The upload has no file, or several.', 'Send one file.'),
  'too-many-requests': again(
    'The key sent more requests than its rate.',
    'Wait for Retry-After; see RateLimit.',
  ),
  'too-many-streams': again(
    'The key has as many event streams open as one may.',
    'Close some; the stream /v1/events tells of all tasks in one.',
  ),
  'headers-too-large': not(
    'The headers have more than 32 KiB together, or there are more than 100.',
    'Send fewer or shorter ones.',
  ),
  'quota-exceeded': again(
    'You have as many open tasks as one may.',
    'Wait until some have ended, or cancel some.',
  ),
  internal: again(
    'Something went wrong on our side; nothing of it is shown.',
    'Tell the operator the requestId: it finds the cause in the log.',
  ),
  'store-unavailable': again(
    'The database does not answer. What was asked for was not done, or its answer was lost.',
    'Send it again; with an Idempotency-Key it is done once.',
  ),
  overloaded: again(
    'The server cannot keep up, or has as many event streams open as it takes. Nothing was done.',
    'Wait for Retry-After, then send it again.',
  ),
  'storage-full': not(
    'Your uploads have as many bytes as one may have; the file was not kept.',
    'Delete uploads (DELETE /v1/files/{id}), or wait until some have expired.',
  ),
};
