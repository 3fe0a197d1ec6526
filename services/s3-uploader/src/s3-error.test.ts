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
    ['301', 301, 'wrong-region', 'no'], // HEAD
    ['SlowDown', 503, 's3-throttled', 'yes'],
    ['TooManyRequests', 429, 's3-throttled', 'yes'],
    ['InvalidStorageClass', 400, 'invalid-storage-class', 'no'],
    ['KMS.NotFoundException', 400, 'kms-key-unusable', 'no'],
    ['KMS.ThrottlingException', 400, 's3-throttled', 'yes'],
    ['InvalidTag', 400, 'invalid-tags', 'no'],
    ['MetadataTooLarge', 400, 'metadata-too-large', 'no'],
    ['KeyTooLongError', 400, 'invalid-key', 'no'],
    ['Unheard', 507, 'quota-exceeded', 'no'],
    ['constructor', 400, 's3-refused', 'no'],
    ['RequestTimeout', 400, 's3-busy', 'yes'],
    ['InternalError', 500, 's3-busy', 'yes'],
    ['InternalError', 200, 's3-busy', 'yes'], // in the body of a completion
    ['Unheard', 429, 's3-throttled', 'yes'],
    ['NotImplemented', 501, 's3-refused', 'no'],
    ['InvalidRequest', 400, 's3-refused', 'no'],
  ])('%s (%d) is %s, retry %s', (name, status, code, retry) => {
    const cause = answered(name, status);
    expect(s3Error(cause, place)).toMatchObject({ name: 'TaskError', code, retry, cause });
  });

  test('the message names what the user can change', () => {
    expect(s3Error(answered('NoSuchBucket', 404), place)).toMatchObject({
      message: 'There is no bucket media; the operator has to make it or correct its name.',
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

test.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'])(
  'no TLS (%s) is not tried again: the operator has to act',
  (code) => {
    const error = named('Error', { code, $metadata: { attempts: 1 } });
    expect(s3Error(error, place)).toMatchObject({ code: 's3-tls-failed', retry: 'no' });
    expect((s3Error(error, place) as Error).message).toContain(code);
  },
);

test.each([
  ['in the body', { Region: 'eu-west-1' }],
  ['in a header', { $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } } }],
])('a bucket in another region is told with its region: %s', (_name, fields) => {
  const error = Object.assign(answered('PermanentRedirect', 301), fields);
  expect((s3Error(error, place) as Error).message).toContain('the region eu-west-1');
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
