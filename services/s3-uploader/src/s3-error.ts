import { S3ServiceException } from '@aws-sdk/client-s3';
import { TaskError, type Retry } from '@offload/contracts/errors';
import { isTlsFault } from '@offload/outbound/failure';
import type { ObjectPlace } from './stored-object.js';

interface Meaning {
  code: string;
  retry: Retry;
  say: (place: ObjectPlace, error: Error) => string;
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
const THROTTLED: Meaning = {
  code: 's3-throttled',
  retry: 'yes',
  say: ({ Bucket }) => `S3 asks for fewer requests to bucket ${Bucket}; the task is tried again later.`,
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
  say: ({ Bucket }, error) => {
    const region = regionIn(error);
    return `Bucket ${Bucket} is in ${region ? `the region ${region}` : 'another region'}; the operator has to set the connection's region to it.`;
  },
};
const STORAGE_CLASS: Meaning = {
  code: 'invalid-storage-class',
  retry: 'no',
  say: () => 'S3 does not have this storage class for the bucket; choose another one or none.',
};
const KMS_KEY: Meaning = {
  code: 'kms-key-unusable',
  retry: 'no',
  say: () =>
    'The KMS key is not there, is disabled, or the worker may not use it (kms:GenerateDataKey, kms:Decrypt).',
};
const KEY_CONFLICT: Meaning = {
  code: 'key-conflict',
  retry: 'no',
  say: ({ Key }) => `This server cannot have ${Key} next to a key that is a folder of the same path.`,
};

/** Amazon S3 API Reference, "Error responses"; names that only other servers use are marked. */
const BY_NAME: Record<string, Meaning> = {
  NoSuchBucket: {
    code: 'no-such-bucket',
    retry: 'no',
    say: ({ Bucket }) => `There is no bucket ${Bucket}; the operator has to make it or correct its name.`,
  },
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
  InvalidBucketName: {
    code: 'no-such-bucket',
    retry: 'no',
    say: ({ Bucket }) => `The server does not take ${Bucket} for a bucket's name.`,
  },
  KeyTooLongError: {
    code: 'invalid-key',
    retry: 'no',
    say: () => 'The key is too long for this server; choose a shorter one.',
  },
  InvalidStorageClass: STORAGE_CLASS,
  InvalidTag: {
    code: 'invalid-tags',
    retry: 'no',
    say: () => 'S3 does not take these tags; see docs/uploads.md for what they may hold.',
  },
  MetadataTooLarge: {
    code: 'metadata-too-large',
    retry: 'no',
    say: () => 'The metadata is too large for this server; shorten it.',
  },
  PreconditionFailed: {
    code: 'write-conflict',
    retry: 'yes',
    say: ({ Key }) => `Something else wrote and removed ${Key} at the same time.`,
  },
  InvalidObjectState: STORAGE_CLASS,
  RequestTimeout: BUSY,
  // They also come with 200, after the headers of a completion have been sent.
  InternalError: BUSY,
  ServiceUnavailable: BUSY,
  SlowDown: THROTTLED,
  SlowDownRead: THROTTLED, // MinIO
  SlowDownWrite: THROTTLED, // MinIO
  Throttling: THROTTLED,
  ThrottlingException: THROTTLED,
  TooManyRequests: THROTTLED,
  TooManyRequestsException: THROTTLED,
  RequestLimitExceeded: THROTTLED,
  BandwidthLimitExceeded: THROTTLED,
  TotalRequestRateExceeded: THROTTLED, // MinIO
};

const UNREACHABLE: Meaning = {
  code: 's3-unreachable',
  retry: 'yes',
  say: () => 'S3 does not answer. If that lasts, the operator has to look at the endpoint and the network.',
};
const NO_TLS: Meaning = {
  code: 's3-tls-failed',
  retry: 'no',
  say: (_place, error) =>
    `No secure connection to S3 (${codeOf(error)}): its certificate is not accepted, or it does not speak TLS. The operator has to correct the endpoint, the certificate or NODE_EXTRA_CA_CERTS.`,
};
const NO_CREDENTIALS: Meaning = {
  code: 'no-credentials',
  retry: 'yes',
  say: () =>
    'The worker has no S3 credentials; the operator has to set AWS_ACCESS_KEY_ID, a profile or a role.',
};

/**
 * What an error means for the task. Anything that does not come from S3 or its SDK (the source's TaskErrors, aborts)
 * is returned as it is.
 */
export function s3Error(error: unknown, place: ObjectPlace): unknown {
  const meaning = meaningOf(error);
  if (!meaning) return error;
  return new TaskError(meaning.code, meaning.say(place, error as Error), {
    retry: meaning.retry,
    cause: error,
  });
}

function meaningOf(error: unknown): Meaning | null {
  if (!(error instanceof Error) || error instanceof TaskError) return null;
  if (error.name === 'AbortError') return null;
  if (error.name === 'CredentialsProviderError') return NO_CREDENTIALS;
  if (!(error instanceof S3ServiceException)) {
    if (!fromSdk(error)) return null;
    return isTlsFault(codeOf(error)) ? NO_TLS : UNREACHABLE;
  }
  const status = error.$metadata.httpStatusCode ?? 0;
  if (error.name.startsWith('KMS.')) return error.name === 'KMS.ThrottlingException' ? THROTTLED : KMS_KEY;
  return (Object.hasOwn(BY_NAME, error.name) ? BY_NAME[error.name] : undefined) ?? byStatus(status, error);
}

/** Requests that got no answer carry the SDK's count of attempts; errors of the source do not. */
const fromSdk = (error: Error): boolean => '$metadata' in error;

/** HEAD answers have no body, so there is only the status; and every server has names of its own. */
function byStatus(status: number, { name, message }: Error): Meaning {
  if (status === 401 || status === 403) return DENIED;
  if (status === 301 || status === 307) return REGION;
  if (status === 507) return QUOTA;
  if (status === 429) return THROTTLED;
  if ((status >= 500 && status !== 501) || status === 0) return BUSY;
  return { code: 's3-refused', retry: 'no', say: () => `S3 refused the upload: ${name}: ${message}` };
}

/** The SDK wraps errors of another realm and keeps only their text, which names the code, too. */
const codeOf = (error: Error): string =>
  (error as NodeJS.ErrnoException).code ??
  /\b[A-Z]+(?:_[A-Z]+)*\b(?= |$)/.exec(error.message.replace(/^AWS SDK/, ''))?.[0] ??
  '';

/** S3 names the region in the error's body, or of a HEAD, which has none, in a header. */
function regionIn(error: Error): string | undefined {
  const { Region, $response } = error as {
    Region?: unknown;
    $response?: { headers?: Record<string, string> };
  };
  const region = Region ?? $response?.headers?.['x-amz-bucket-region'];
  return typeof region === 'string' && /^[a-z0-9-]{1,40}$/.test(region) ? region : undefined;
}
