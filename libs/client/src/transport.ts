import { ApiUnreachable, problemOf, ProblemError } from './errors.js';
import { backoffMs, maybePasses, pause } from './patience.js';

export interface TransportOptions {
  baseUrl: string;
  key?: string;
  /** Instead of the platform's own. */
  fetch?: typeof fetch;
  /** How often a request is sent again that failed or was put off; 4 by default. */
  retries?: number;
  /** The longest Retry-After that is waited for, in milliseconds; 30,000 by default. */
  maxRetryAfterMs?: number;
  /** Limit for the answer's beginning in milliseconds, uploads and streams apart; 90,000 by default. */
  timeoutMs?: number;
}

export interface SendOptions {
  /** No limit for the answer's beginning. */
  patient?: boolean;
  /** Sent once, whatever comes. */
  once?: boolean;
}

/** How requests reach the API: with the key, and again where that is safe. */
export interface Transport {
  /** The full address of a path such as `/v1/tasks`. */
  url(path: string): string;
  /**
   * Resolves with a success; rejects with ProblemError, ApiUnreachable or the reason of the request's signal.
   * @param make makes the request anew for each time that it is sent
   */
  send(make: () => Request, options?: SendOptions): Promise<Response>;
  /** For what cannot use fetch. */
  readonly authorization: string | null;
}

export function createTransport(options: TransportOptions): Transport {
  const base = options.baseUrl.replace(/\/+$/, '');
  const authorization = options.key ? `Bearer ${options.key}` : null;
  const { retries = 4, maxRetryAfterMs = 30_000, timeoutMs = 90_000 } = options;
  const doFetch = options.fetch ?? fetch;

  async function sendOnce(request: Request, patient: boolean): Promise<Response> {
    if (authorization) request.headers.set('authorization', authorization);
    const late = new AbortController();
    const timer = patient
      ? undefined
      : setTimeout(() => late.abort(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    try {
      const signal = AbortSignal.any([request.signal, late.signal]);
      const response = await doFetch(request, { signal });
      if (response.ok) return response;
      throw await problemOf(response);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (request.signal.aborted) throw request.signal.reason;
      throw new ApiUnreachable(request.url, late.signal.aborted ? late.signal.reason : error);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    authorization,
    url: (path) => `${base}${path}`,
    async send(make, { patient = false, once = false } = {}) {
      for (let failures = 1; ; failures++) {
        const request = make();
        try {
          return await sendOnce(request, patient);
        } catch (error) {
          if (once || failures > retries || !mayRepeat(request, error)) throw error;
          const asked = error instanceof ProblemError ? (error.retryAfterMs ?? 0) : 0;
          if (asked > maxRetryAfterMs) throw error;
          await pause(Math.max(asked, backoffMs(failures)), request.signal);
        }
      }
    },
  };
}

/** POSTs whose second sending changes nothing. */
const HARMLESS = /\/(cancel|pause|resume|files)$/;

/**
 * Whether the request may be sent once more. After a 429 nothing was done. After anything else the answer to what was
 * done may have been lost, so only what is idempotent (RFC 9110 section 9.2.2), or made so by an Idempotency-Key, is.
 */
function mayRepeat(request: Request, error: unknown): boolean {
  if (!maybePasses(error)) return false;
  if (error instanceof ProblemError && error.status === 429) return true;
  if (error instanceof ProblemError && ![502, 503, 504].includes(error.status)) return false;
  if (request.method !== 'POST') return true;
  return request.headers.has('idempotency-key') || HARMLESS.test(new URL(request.url).pathname);
}
