import { echo, feeds, http, images, uploads, webhooks } from './error-codes-of-types.js';
import { final, LATER, meaning, OURS, retried, SEE_MESSAGE, type ErrorMeaning } from './error-meaning.js';

/** Any task can end with these. */
const engine = {
  timeout: retried(
    'The attempt, or a request in it, took longer than it may.',
    'Ask for less in one task, or for more time (`timeoutMs`) where the type allows it.',
  ),
  'unexpected-error': retried(
    'The handler met an error that it does not know.',
    'Look at the dead letter’s stack; retry the task when its cause is gone.',
  ),
  'worker-crashed': retried(
    'The worker died in the middle of it, by memory, say, or its machine was lost.',
    'If it happens with this task again and again, its input is too much for the worker: ask for less.',
  ),
  'handed-back': final(
    'Workers were stopped in the middle of it more often than is left uncounted.',
    'Retry it; give workers more time to stop, or make the task shorter.',
  ),
  'delivery-limit': final(
    'RabbitMQ gave up on its message again and again.',
    'Look at the broker’s log; then retry the task.',
  ),
  expired: final(
    'It was not begun by its `expiresAt`.',
    'Submit it anew; start more workers if that happens often.',
  ),
  'dependency-failed': final(
    'A task that it waits for failed, was cancelled, or is gone.',
    'Retry that one first, then this one.',
  ),
  'reference-invalid': final(
    'A reference in its input points to nothing, or to a value that does not fit.',
    'Correct the pointer, or what the other task makes.',
  ),
  'input-invalid': final(
    'The worker does not take the input: a reference gave a value that does not fit, a preset does not, or the task is older than the rules.',
    SEE_MESSAGE,
  ),
  'result-invalid': final('The handler’s result is not what its contract says.', OURS),
  'result-too-large': final(
    'The result is larger than a result may be.',
    'Ask for less, or for a file instead of a result.',
  ),
  'result-refused': final('The database does not take the result.', OURS),
  'file-not-found': final(
    'A file that its input names is not there (any more), or is not yours.',
    'Upload it again; uploads are kept for 7 days.',
  ),
  'file-removed': final(
    'A file was removed while it was read.',
    'Upload it again; uploads are kept for 7 days.',
  ),
  'file-damaged': retried(
    'A stored file lacks a part, or has another checksum than when it was stored.',
    'If it lasts, upload it again, or retry the task that made it.',
  ),
  'file-not-stored': retried('The database did not take a file that it made.', LATER),
  'needs-newer-worker': retried(
    'The worker is older than the task. No attempt is counted.',
    'Finish the rollout of the workers.',
  ),
  'unknown-type': final(
    'Nobody here knows its type (any more).',
    'Start a version that knows it, or delete the task.',
  ),
  'no-task': final(
    'A message names a task that is not there. Shown among the unreadable messages.',
    'Nothing; discard it.',
  ),
  'not-json': final(
    'A message, or an answer that was to be JSON, is none.',
    'Take an answer as a file (`as: "file"`); find out who publishes such messages.',
  ),
  'bad-properties': final(
    'A message lacks the properties that every message of a task has.',
    'Find out who publishes such messages.',
  ),
  'invalid-cron': retried(
    'A schedule’s cron or time zone cannot be reckoned with (any more). Shown at the schedule.',
    'PATCH the schedule.',
  ),
  'invalid-input': retried(
    'A schedule’s input does not fit its type any more. Shown at the schedule.',
    'PATCH the schedule.',
  ),
};

/** Tasks that ask hosts on the internet. */
const outbound = {
  'invalid-url': final('The URL cannot be asked: no http or https, or a password in it.', SEE_MESSAGE),
  'invalid-request': final('The request cannot be sent as it is.', SEE_MESSAGE),
  'address-refused': final(
    'The host has an address that tasks must not reach (private, local, reserved).',
    'Take a public address; the operator may allow others (OUTBOUND_ALLOW).',
  ),
  'host-not-found': retried('There is no host of that name.', 'Check the spelling of the URL.'),
  'dns-failed': retried('The name could not be looked up just now.', LATER),
  'connect-failed': retried('No connection to the host could be made.', LATER),
  'connection-lost': retried('The connection broke before the answer came.', LATER),
  'truncated-body': retried('The connection broke before the whole answer had come.', LATER),
  'tls-failed': final(
    'There is no secure connection: its certificate is not accepted, or the sides do not agree.',
    'Its operator has to mend it.',
  ),
  'bad-response': retried('The answer is no HTTP.', 'Check the port of the URL.'),
  'bad-encoding': final(
    'The body is not in the Content-Encoding that it says.',
    'Its operator has to mend it.',
  ),
  'bad-redirect': final('A redirect leads to nothing that can be asked.', 'Ask for the final address.'),
  'too-many-redirects': final('It redirects on and on.', 'Ask for the final address.'),
  'headers-too-large': final('Its headers are larger than is accepted.', 'Its operator has to mend it.'),
  'too-large': final(
    'It is larger than is accepted here.',
    'Ask for less, or raise `maxBytes` where there is one.',
  ),
  aborted: retried('The worker gave the request up: it is being stopped, or has lost the task.', LATER),
  'host-busy': retried(
    'The host is asked often enough just now; the task waits for its turn. No attempt is counted.',
    LATER,
  ),
  'http-<status>': meaning('see below')(
    'The host answered with this status. 408, 425, 429 and 5xx are tried again, and Retry-After is obeyed; others are final.',
    'Look the status up; 401 and 403 mean that it wants credentials.',
  ),
};

/** Every code that a task can fail with, by where it comes from. A part in angle brackets stands for any word. */
export const taskErrors: Record<string, Record<string, ErrorMeaning>> = {
  'Any task': engine,
  'Asking hosts': outbound,
  'feed.fetch and feed.refresh': feeds,
  'http.fetch': http,
  'image.resize': images,
  's3.upload': uploads,
  'webhook.send': webhooks,
  'system.echo': echo,
};
