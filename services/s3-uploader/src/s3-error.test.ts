import { S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import { TaskError } from '@offload/contracts/errors';
import { s3Error } from './s3-error.js';

const place = { Bucket: 'media', Key: 'a/b.png' };
const answered = (name: string, httpStatusCode: number): S3ServiceException =>
  new S3ServiceException({ name, message: 'why', $fault: 'client', $metadata: { httpStatusCode } });
const named = (name: string, fields = {}): Error => Object.assign(new Error('why'), { name, ...fields });

describe('what S3 answers', () => {
  test.each([
    ['NoSuchBucket', 404, 'no-such-bucket', 'no'],
    ['AccessDenied', 403, 'access-denied', 'no'],
    ['403', 403, 'access-denied', 'no'], // HEAD: no body, no name
    ['InvalidAccessKeyId', 403, 'bad-credentials', 'no'],
    ['XAdminUserNotFound', 404, 'bad-credentials', 'no'],
    ['SignatureDoesNotMatch', 403, 'bad-credentials', 'no'],
    ['ExpiredToken', 400, 'expired-credentials', 'yes'],
    ['RequestTimeTooSkewed', 403, 'clock-skew', 'yes'],
    ['BadDigest', 400, 'checksum-mismatch', 'yes'],
    ['ConditionalRequestConflict', 409, 'write-conflict', 'yes'],
    ['NoSuchUpload', 404, 'upload-vanished', 'yes'],
    ['EntityTooLarge', 400, 'too-large', 'no'],
    ['PermanentRedirect', 301, 'wrong-region', 'no'],
    ['QuotaExceeded', 403, 'quota-exceeded', 'no'],
    ['XMinioStorageFull', 507, 'quota-exceeded', 'no'],
    ['ObjectParentIsFile', 409, 'key-conflict', 'no'],
    ['SlowDown', 503, 's3-busy', 'yes'],
    ['RequestTimeout', 400, 's3-busy', 'yes'],
    ['InternalError', 500, 's3-busy', 'yes'],
    ['Unheard', 429, 's3-busy', 'yes'],
    ['NotImplemented', 501, 's3-refused', 'no'],
    ['InvalidRequest', 400, 's3-refused', 'no'],
  ])('%s (%d) is %s, retry %s', (name, status, code, retry) => {
    const cause = answered(name, status);
    expect(s3Error(cause, place)).toMatchObject({ name: 'TaskError', code, retry, cause });
  });

  test('the message names what the user can change', () => {
    expect(s3Error(answered('NoSuchBucket', 404), place)).toMatchObject({
      message: 'There is no bucket media.',
    });
    expect(s3Error(answered('InvalidRequest', 400), place)).toMatchObject({
      message: 'S3 refused the upload: InvalidRequest: why',
    });
  });
});

test('a request without an answer is tried again', () => {
  const refused = named('Error', { code: 'ECONNREFUSED', $metadata: { attempts: 4 } });
  expect(s3Error(refused, place)).toMatchObject({ code: 's3-unreachable', retry: 'yes' });
});

test('a worker without credentials says so', () => {
  expect(s3Error(named('CredentialsProviderError'), place)).toMatchObject({ code: 'no-credentials' });
});

test.each([
  ["the source's TaskError", new TaskError('too-large', 'too large', { retry: 'no' })],
  ['an abort', named('AbortError', { $metadata: {} })],
  ['what S3 has nothing to do with', named('MongoNetworkError', { code: 'ECONNRESET' })],
])('%s goes through as it is', (_name, error) => {
  expect(s3Error(error, place)).toBe(error);
});
