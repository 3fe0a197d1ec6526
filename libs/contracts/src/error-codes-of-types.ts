import { final, LATER, meaning, OPERATOR, retried, SEE_MESSAGE } from './error-meaning.js';

export const feeds = {
  'not-a-feed': final(
    'There is no feed at the URL, nor a link to one.',
    'Give the address of the feed itself.',
  ),
  'too-complex': meaning('see below')(
    'The feed has more in it than can be read with the worker’s means.',
    'Its publisher has to make it smaller.',
  ),
  'refresh-lost': retried('The task that was to refresh the feed is gone without an outcome.', LATER),
  'feed-busy': retried('Another task fetches the feed just now. No attempt is counted.', LATER),
};

export const http = {
  'not-sent': retried('Nothing was sent, so nothing was done twice.', LATER),
  'maybe-sent': final(
    'The request may have been sent, and must not be sent twice.',
    'Find out at the host; `repeatable` or `idempotencyKey` allow repeating.',
  ),
  'no-body': final(
    'There is no body to be read or kept.',
    'Leave `pick` and `fileName` out, or accept other statuses.',
  ),
  'json-too-large': final('The JSON is larger than is read.', 'Take it as a file, or ask for fewer items.'),
  'json-too-deep': final('The JSON is nested too deep.', 'Take it as a file.'),
  'json-too-complex': meaning('see below')(
    'The JSON takes more time or memory than there is.',
    'Take it as a file.',
  ),
  'json-not-storable': final('The JSON has what the database does not take.', 'Take it as a file.'),
  'text-too-large': final('The text is too large for a result.', 'Take it as a file.'),
  'bad-text': final('The text is not in the charset that it says.', 'Take it as a file.'),
  'nothing-at-pointer': final(
    'There is nothing at a pointer of `pick`.',
    'Look at the answer, and correct the pointer.',
  ),
  'no-items': final('A page has no array at `items`.', 'Correct the pointer `items`.'),
  'bad-next-page': final('The address of the next page cannot be found.', 'Correct `next`.'),
  'page-loop': final('The next page is one that was read before.', 'Correct `next`, or lower `max`.'),
  'url-too-long': final('The URL with its query is too long.', 'Send the parameters in a body.'),
  'secret-unknown': final('There is no secret of that name.', SEE_MESSAGE),
  'secret-twice': final('Two secrets set the same header or parameter.', SEE_MESSAGE),
  'secret-not-for-host': final('The secret is not for this host.', 'The operator binds secrets to hosts.'),
};

export const images = {
  'not-an-image': final('The source is no image.', SEE_MESSAGE),
  'format-refused': final('The image is of a format that is not taken.', SEE_MESSAGE),
  'svg-refused': final('The SVG has something in it that is not drawn here.', SEE_MESSAGE),
  'broken-image': final('The image is damaged or cut short.', 'Save it anew.'),
  'too-many-pixels': final(
    'The image, or all its frames together, are too large.',
    'Make it smaller before.',
  ),
  'too-many-frames': final('The animation has too many frames.', 'Shorten it.'),
  'too-many-channels': final('The image has too many channels.', 'Save it as RGB or CMYK.'),
  'no-such-page': final('The image has no such page.', SEE_MESSAGE),
  'crop-outside': final('The crop lies outside the picture.', SEE_MESSAGE),
  'side-too-long': final('A variant would have too long a side.', SEE_MESSAGE),
  'variant-too-large': final(
    'A variant has more bytes than a file may.',
    'Ask for a smaller size or a lower quality.',
  ),
  'cannot-fit': final(
    'A variant does not fit into its `maxBytes`, even at the lowest quality.',
    'Ask for a smaller size.',
  ),
  'unknown-preset': final('There is no preset of that name.', 'The operator names presets (IMAGE_PRESETS).'),
  'took-too-long': meaning('once')(
    'The image took too long.',
    'Ask for fewer or smaller variants, or less effort.',
  ),
  'image-crashed': meaning('once')(
    'The image made the process end that worked on it.',
    'Save it anew and try that.',
  ),
  'too-much-memory': final(
    'The image needed more memory than one may.',
    'Ask for fewer or smaller variants.',
  ),
  'out-of-memory': retried('The worker had not enough memory.', LATER),
};

export const uploads = {
  'invalid-key': final('The server cannot have an object of this key.', SEE_MESSAGE),
  'same-key': final('Two files would get the same key.', SEE_MESSAGE),
  'no-file-matches': final('No file of the task fits the pattern.', SEE_MESSAGE),
  'too-many-files': final('More files fit than one task uploads.', SEE_MESSAGE),
  'target-required': final('There are several targets, and no default.', SEE_MESSAGE),
  'no-such-target': final('There is no such target.', SEE_MESSAGE),
  'target-not-allowed': final('The bucket or key is not one that this target may be used for.', SEE_MESSAGE),
  exists: final(
    'There is an object of this key, and it may not be overwritten.',
    'Take another key, or allow it (`overwrite`).',
  ),
  changed: final(
    'The object is not the one that was to be replaced.',
    'Look at it, and submit the task with its ETag.',
  ),
  'object-changed': retried(
    'Something else changed the object right after the upload.',
    'See who else writes there.',
  ),
  'write-conflict': retried('Something else is writing the object at the same time.', LATER),
  'checksum-mismatch': retried('The bytes were damaged on their way.', LATER),
  'encryption-not-applied': final(
    'The server did not encrypt the object as it was asked to.',
    'Ask for what the server has.',
  ),
  'source-broken': retried('The source broke off again and again.', LATER),
  'source-changed': retried('The source changed while it was read.', LATER),
  'source-cut-short': retried('The source gave fewer bytes than it said.', LATER),
  'source-damaged': retried(
    'The bytes of the source are not those that its checksum says.',
    'If it lasts, make the file anew.',
  ),
  'bad-credentials': final('S3 does not know the access key, or the secret is wrong.', OPERATOR),
  'no-credentials': retried('The worker has no credentials for S3.', OPERATOR),
  'expired-credentials': retried('The worker’s session token has expired.', OPERATOR),
  'access-denied': final('The worker’s credentials may not write and read there.', OPERATOR),
  'no-such-bucket': final('There is no such bucket.', 'Make it, or correct its name.'),
  'wrong-region': final('The bucket is in another region.', OPERATOR),
  'quota-exceeded': final('The bucket is full.', 'Make room, then retry the task.'),
  'key-conflict': final(
    'This server cannot have a key beside another that is a folder of the same path.',
    'Take another key.',
  ),
  'invalid-storage-class': final('The bucket has no such storage class.', SEE_MESSAGE),
  'invalid-tags': final('S3 does not take these tags.', SEE_MESSAGE),
  'metadata-too-large': final('The metadata is too large for this server.', 'Shorten it.'),
  'kms-key-unusable': final('The KMS key is not there, is disabled, or may not be used.', OPERATOR),
  'clock-skew': retried('The clocks of the worker and of S3 differ too much.', OPERATOR),
  'upload-vanished': retried('The multipart upload was removed before it was complete.', LATER),
  's3-throttled': retried('S3 asks for fewer requests.', LATER),
  's3-busy': retried('S3 is busy or failing at the moment.', LATER),
  's3-unreachable': retried('S3 does not answer.', OPERATOR),
  's3-tls-failed': final('There is no secure connection to S3.', OPERATOR),
  's3-refused': final('S3 refused the upload; the message has its words.', SEE_MESSAGE),
};

export const webhooks = {
  'not-yet': retried('The next attempt of the delivery is later. No attempt is counted.', LATER),
  'endpoint-disabled': final(
    'The receiver has answered 410: it wants no more.',
    'Enable it again, then replay the delivery.',
  ),
  'no-secret': final('There is no secret to sign with.', 'Set one, then replay the delivery.'),
  'webhook-secret-sealed': retried('The secret cannot be opened with the key of this server.', OPERATOR),
  'not-finished': final('The task that sends it ended before it was delivered.', 'Replay the delivery.'),
};

export const echo = {
  'echo-<kind>': meaning('see below')(
    '`system.echo` was asked to fail so. `transient` is tried again, `permanent` is not.',
    'Nothing: it is a test.',
  ),
};
