import type { components } from './api-document.js';

type Problem = components['schemas']['Problem'];
type Task = components['schemas']['Task'];

/** The API refused a request: application/problem+json (RFC 9457) as an error. `code` is stable, for programs. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** Of docs/errors.md; `http-error` for an answer that is no problem, e.g. of a proxy. */
  readonly code: Problem['code'] | 'http-error';
  readonly status: number;
  /** One entry per fault, each with a JSON pointer into the body or the name of a query parameter. */
  readonly errors: NonNullable<Problem['errors']>;
  /** Finds the request in the API's log. */
  readonly requestId: string | null;
  /** Milliseconds after which the API asks to be asked again; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(response: Response, problem: Partial<Problem>) {
    super(problem.detail ?? `${response.status} ${response.statusText} from ${response.url}`.trim());
    this.code = problem.code ?? 'http-error';
    this.status = response.status;
    this.errors = problem.errors ?? [];
    this.requestId = problem.requestId ?? response.headers.get('x-request-id');
    this.retryAfterMs = retryAfterMs(response);
  }
}

/** What the API said against a request; reads the body of the answer. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const isProblem = response.headers.get('content-type')?.includes('json') ?? false;
  const text = await response.text().catch(() => '');
  return new ProblemError(response, isProblem ? parsed(text) : {});
}

function parsed(text: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? value : {};
  } catch {
    // An answer that broke off; its status is known all the same.
    return {};
  }
}

/** Retry-After in milliseconds (RFC 9110 section 10.2.3: seconds, or a date); null without a valid one. */
export function retryAfterMs(response: Response): number | null {
  const value = response.headers.get('retry-after')?.trim();
  if (!value) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

/** No answer: the API cannot be reached, or the connection broke off. `cause` is what fetch said. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';

  constructor(url: string, cause: unknown) {
    const { origin } = new URL(url);
    super(`${origin} does not answer: ${innermost(cause)}. Is the address right, and the API running?`, {
      cause,
    });
  }
}

/** Node hides the reason (ECONNREFUSED, ENOTFOUND, a certificate) below "fetch failed". */
function innermost(error: unknown): string {
  // Not by instanceof: errors of fetch may come from another realm.
  const { message, cause, code, name } = (error ?? {}) as Partial<Error & { code: string }>;
  if (cause !== undefined) return innermost(cause);
  return message || code || name || String(error);
}

/** A task ended otherwise than by success. `code` and `message` are the task's; of a cancelled one, `cancelled`. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
  readonly code: string;
  readonly task: Task;

  constructor(task: Task) {
    super(task.error?.message ?? `Task ${task.id} was cancelled.`);
    this.code = task.state === 'cancelled' ? 'cancelled' : (task.error?.code ?? 'failed');
    this.task = task;
  }
}

/** It had not ended within `timeoutMs`. It goes on; wait again, or cancel it. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';

  constructor(
    readonly id: string,
    timeoutMs: number,
  ) {
    super(`${id} has not ended within ${timeoutMs} ms. It goes on: wait again, or cancel it.`);
  }
}

/** The event stream cannot be used here: something between holds it back, or answers in its place. */
export class StreamUnusable extends Error {
  override readonly name = 'StreamUnusable';
}
