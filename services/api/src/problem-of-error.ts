import { QuotaExceeded } from '@offload/store/quota';
import { StorageFull } from '@offload/store/storage-quota';
import { isStoreAway } from '@offload/store/store-failure';
import { Problem, type ProblemCode } from './problem.js';

const TOO_LARGE: [ProblemCode, string] = [
  'too-large',
  'The body may have 64 KiB at most, that of a batch 8 MiB; put larger data into a file (POST /v1/files).',
];

/** `type` of the errors that express.json (body-parser) makes, as far as a client can cause them. */
const BODY_PROBLEMS: Record<string, [ProblemCode, string]> = {
  'entity.parse.failed': ['malformed-json', 'The body must be a JSON object.'],
  'entity.too.large': TOO_LARGE,
  'encoding.unsupported': ['wrong-content-type', 'Content-Encoding may be gzip, deflate or br.'],
  'charset.unsupported': ['wrong-content-type', 'JSON is sent in UTF-8.'],
  'request.aborted': ['malformed-request', 'The body ended too early.'],
  'request.size.invalid': [
    'malformed-request',
    'The body does not have the length that Content-Length says.',
  ],
};

/** Seconds after which a client may try again when the database was away, or its quota was used up. */
const RETRY_AFTER = '5';

export const bodyTooLarge = (): Problem => new Problem(...TOO_LARGE);

export const storeUnavailable = (cause?: unknown): Problem =>
  new Problem('store-unavailable', 'Try again in a few seconds.', {
    headers: { 'Retry-After': RETRY_AFTER },
    cause,
  });

/** Says what an error is to the client. What is not known is `internal`, and nothing of it is shown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isStoreAway(error)) return storeUnavailable(error);
  if (error instanceof QuotaExceeded)
    return new Problem(error.code, error.message, { headers: { 'Retry-After': RETRY_AFTER }, cause: error });
  if (error instanceof StorageFull) return new Problem(error.code, error.message, { cause: error });
  const { type, status, code } = (error ?? {}) as { type?: unknown; status?: unknown; code?: unknown };
  const body = typeof type === 'string' ? BODY_PROBLEMS[type] : undefined;
  if (body)
    return new Problem(...body, {
      cause: error,
      // RFC 9110 section 12.5.3.
      ...(type === 'encoding.unsupported' && { headers: { 'Accept-Encoding': 'gzip, deflate, br' } }),
    });
  if (status === 400 && typeof code === 'string' && /^(Z_|ERR__ERROR|ERR_BROTLI|ZSTD_)/.test(code))
    return new Problem('malformed-request', 'The body is not what Content-Encoding says.', { cause: error });
  // Express could not decode a part of the path (`/v1/tasks/%zz`).
  if (error instanceof URIError || status === 400)
    return new Problem('malformed-request', 'The address is not well-formed.', { cause: error });
  return new Problem('internal', 'Tell the operator the requestId of this answer.', { cause: error });
}
