import { S3ServiceException } from '@aws-sdk/client-s3';
import { TaskError, type Retry } from '@offload/contracts/errors';
import type { ObjectPlace } from './stored-object.js';

interface Meaning {
  code: string;
  retry: Retry;
  say: (place: ObjectPlace) => string;
}

const CREDENTIALS: Meaning = {
  code: 'bad-credentials',
  retry: 'no',
  say: () => 'S3 does not know the access key, or the secret is wrong; the operator has to correct it.',
};
const DENIED: Meaning = {
  code: 'access-denied',
  retry: 'no',
  say: ({ Bucket }) =>
    `The worker's credentials may not write and read (s3:PutObject, s3:GetObject) here in bucket ${Bucket}.`,
};
const BUSY: Meaning = { code: 's3-busy', retry: 'yes', say: () => 'S3 is busy or failing at the moment.' };
const DAMAGED: Meaning = {
  code: 'checksum-mismatch',
  retry: 'yes',
  say: () => 'The bytes were damaged on the way to S3.',
};
const QUOTA: Meaning = {
  code: 'quota-exceeded',
  retry: 'no',
  say: ({ Bucket }) => `Bucket ${Bucket} is full; make room or raise its quota, then retry the task.`,
};
const REGION: Meaning = {
  code: 'wrong-region',
  retry: 'no',
  say: ({ Bucket }) => `Bucket ${Bucket} is in another region; the operator has to set AWS_REGION to it.`,
};
const KEY_CONFLICT: Meaning = {
  code: 'key-conflict',
  retry: 'no',
  say: ({ Key }) => `This server cannot have ${Key} next to a key that is a folder of the same path.`,
};

/** Amazon S3 API Reference, "Error responses"; names that only other servers use are marked. */
const BY_NAME: Record<string, Meaning> = {
  NoSuchBucket: { code: 'no-such-bucket', retry: 'no', say: ({ Bucket }) => `There is no bucket ${Bucket}.` },
  AccessDenied: DENIED,
  AllAccessDisabled: DENIED,
  AccountProblem: DENIED,
  InvalidAccessKeyId: CREDENTIALS,
  SignatureDoesNotMatch: CREDENTIALS,
  InvalidToken: CREDENTIALS,
  XAdminUserNotFound: CREDENTIALS, // versitygw
  ExpiredToken: {
    code: 'expired-credentials',
    retry: 'yes',
    say: () => "The worker's session token has expired.",
  },
  RequestTimeTooSkewed: {
    code: 'clock-skew',
    retry: 'yes',
    say: () => "The clocks of the worker's host and of S3 differ by more than 15 minutes.",
  },
  BadDigest: DAMAGED,
  InvalidDigest: DAMAGED,
  XAmzContentChecksumMismatch: DAMAGED,
  XAmzContentSHA256Mismatch: DAMAGED,
  ConditionalRequestConflict: {
    code: 'write-conflict',
    retry: 'yes',
    say: ({ Key }) => `Something else is writing ${Key} at the same time.`,
  },
  OperationAborted: {
    code: 'write-conflict',
    retry: 'yes',
    say: ({ Key }) => `Something else is writing ${Key} at the same time.`,
  },
  NoSuchUpload: {
    code: 'upload-vanished',
    retry: 'yes',
    say: () => 'The multipart upload was removed before it was complete.',
  },
  EntityTooLarge: { code: 'too-large', retry: 'no', say: () => 'S3 does not take an object of this size.' },
  PermanentRedirect: REGION,
  AuthorizationHeaderMalformed: REGION,
  IllegalLocationConstraintException: REGION,
  QuotaExceeded: QUOTA, // Ceph, versitygw
  InsufficientStorage: QUOTA, // versitygw
  XMinioStorageFull: QUOTA, // MinIO
  XMinioAdminBucketQuotaExceeded: QUOTA, // MinIO
  ObjectParentIsFile: KEY_CONFLICT, // versitygw
  ExistingObjectIsDirectory: KEY_CONFLICT, // versitygw
  RequestTimeout: BUSY,
  SlowDown: BUSY,
};

const UNREACHABLE: Meaning = { code: 's3-unreachable', retry: 'yes', say: () => 'S3 does not answer.' };
const NO_CREDENTIALS: Meaning = {
  code: 'no-credentials',
  retry: 'yes',
  say: () => 'The worker has no S3 credentials; the operator has to set AWS_ACCESS_KEY_ID or a role.',
};

/**
 * What an error means for the task. Anything that does not come from S3 or its SDK (the source's TaskErrors, aborts)
 * is returned as it is.
 */
export function s3Error(error: unknown, place: ObjectPlace): unknown {
  const meaning = meaningOf(error);
  if (!meaning) return error;
  return new TaskError(meaning.code, meaning.say(place), { retry: meaning.retry, cause: error });
}

function meaningOf(error: unknown): Meaning | null {
  if (!(error instanceof Error) || error instanceof TaskError) return null;
  if (error.name === 'AbortError') return null;
  if (error.name === 'CredentialsProviderError') return NO_CREDENTIALS;
  if (!(error instanceof S3ServiceException)) return fromSdk(error) ? UNREACHABLE : null;
  const status = error.$metadata.httpStatusCode ?? 0;
  return BY_NAME[error.name] ?? byStatus(status, error);
}

/** Requests that got no answer carry the SDK's count of attempts; errors of the source do not. */
const fromSdk = (error: Error): boolean => '$metadata' in error;

/** HEAD answers have no body, so there is only the status; and every server has names of its own. */
function byStatus(status: number, { name, message }: Error): Meaning {
  if (status === 401 || status === 403) return DENIED;
  if (status === 429 || (status >= 500 && status !== 501) || status === 0) return BUSY;
  return { code: 's3-refused', retry: 'no', say: () => `S3 refused the upload: ${name}: ${message}` };
}
