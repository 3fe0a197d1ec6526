/** Every error that the API answers, by its stable code. Statuses as RFC 9110 section 15 means them. */
export const problems = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'malformed-idempotency-key': { status: 400, title: 'The Idempotency-Key cannot be read' },
  'idempotency-key-not-taken': { status: 400, title: 'No Idempotency-Key is taken here' },
  'no-key': { status: 401, title: 'A key is needed' },
  'invalid-key': { status: 401, title: 'The key is not valid' },
  forbidden: { status: 403, title: 'The key may not do this' },
  'invalid-link': { status: 403, title: 'The link to the file is not valid' },
  'cross-site': { status: 403, title: 'Another web site may not do this' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'task-not-found': { status: 404, title: 'There is no such task' },
  'batch-not-found': { status: 404, title: 'There is no such batch' },
  'queue-not-found': { status: 404, title: 'There is no such queue' },
  'file-not-found': { status: 404, title: 'There is no such file' },
  'feed-not-found': { status: 404, title: 'There is no such feed' },
  'entry-not-found': { status: 404, title: 'There is no such entry' },
  'image-not-found': { status: 404, title: 'There is no such image' },
  'image-not-ready': { status: 404, title: 'The image has not been fetched yet' },
  'image-unavailable': { status: 404, title: 'The image cannot be had' },
  'schedule-not-found': { status: 404, title: 'There is no such schedule' },
  'webhook-secret-not-found': { status: 404, title: 'There is no such webhook secret' },
  'webhook-delivery-not-found': { status: 404, title: 'There is no such webhook delivery' },
  'webhook-endpoint-not-found': { status: 404, title: 'There is no such disabled endpoint' },
  'key-not-found': { status: 404, title: 'There is no such key' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'not-acceptable': { status: 406, title: 'The answer cannot have the form that is asked for' },
  'request-timeout': { status: 408, title: 'The body did not arrive in time' },
  'idempotency-key-busy': {
    status: 409,
    title: 'The first request with the Idempotency-Key is still being served',
  },
  'already-ended': { status: 409, title: 'The task has ended already' },
  'not-ended': { status: 409, title: 'The task has not ended yet' },
  'unique-key-taken': { status: 409, title: 'An unfinished task has the unique key' },
  'not-retryable': { status: 409, title: 'The task cannot run again' },
  'schedule-exists': { status: 409, title: 'There is a schedule of this name' },
  'schedule-changed': { status: 409, title: 'The schedule was changed at the same moment' },
  'schedule-running': { status: 409, title: 'A task of the schedule has not ended yet' },
  'schedule-outdated': { status: 409, title: 'The schedule does not fit its task type any more' },
  'feed-exists': { status: 409, title: 'There is a subscription to this feed' },
  'feed-busy': { status: 409, title: 'The feed is just being removed' },
  'too-many-feeds': { status: 409, title: 'Too many feeds' },
  'too-many-starred': { status: 409, title: 'Too many starred entries' },
  'webhook-secret-exists': { status: 409, title: 'There is a webhook secret of this name' },
  'too-many-webhook-secrets': { status: 409, title: 'Too many webhook secrets' },
  'too-many-schedules': { status: 409, title: 'Too many schedules' },
  'too-large': { status: 413, title: 'The body is too large' },
  'address-too-long': { status: 414, title: 'The address is too long' },
  'wrong-content-type': { status: 415, title: 'The body has the wrong content type' },
  'range-not-satisfiable': { status: 416, title: 'The file has no such range' },
  'wrong-host': { status: 421, title: 'The Host header names another server' },
  'invalid-batch': { status: 422, title: 'The batch is not valid' },
  'invalid-task': { status: 422, title: 'The task is not valid' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used with another body' },
  'invalid-request': { status: 422, title: 'The request is not valid' },
  'invalid-query': { status: 422, title: 'The query is not valid' },
  'invalid-schedule': { status: 422, title: 'The schedule is not valid' },
  'invalid-opml': { status: 422, title: 'The OPML cannot be read' },
  'invalid-file': { status: 422, title: 'The file is not valid' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'too-many-streams': { status: 429, title: 'Too many open event streams' },
  'quota-exceeded': { status: 429, title: 'Too many open tasks' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  'store-unavailable': { status: 503, title: 'The database does not answer' },
  overloaded: { status: 503, title: 'The server has too much to do' },
  'storage-full': { status: 507, title: 'There is no room for more files' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** One fault of a request: where it is, and what is wrong with it. */
export interface Fault {
  /** In the body: a JSON pointer (RFC 6901), e.g. `/input/variants/0/width`. */
  pointer?: string;
  /** In the query: the parameter's name. */
  parameter?: string;
  detail: string;
}

/** Thrown anywhere in a request; answered as application/problem+json (RFC 9457) with the code's status. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: Fault[] | undefined;
  /** Sent with the answer. */
  readonly headers: Record<string, string>;

  /** @param detail for the user: what is wrong and what to do */
  constructor(
    code: ProblemCode,
    detail: string,
    options: { errors?: Fault[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return problems[this.code].status;
  }
}

/** Where a problem's type is described: a reference relative to the API, so that it works wherever that stands. */
export const problemType = (code: ProblemCode): string => `/docs/errors#${code}`;

/** The body of the answer. `instance` is the path that was asked for; `requestId` finds it in the log. */
export function problemBody(problem: Problem, request: { path: string; id: string }): object {
  const { code, status, message, errors } = problem;
  return {
    type: problemType(code),
    title: problems[code].title,
    status,
    detail: message,
    instance: request.path,
    code,
    requestId: request.id,
    ...(errors ? { errors } : {}),
  };
}
