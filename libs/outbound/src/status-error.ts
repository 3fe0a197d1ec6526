import { STATUS_CODES } from 'node:http';
import { TaskError, type Retry } from '@offload/contracts/errors';
import type { OutboundResponse } from './outbound.js';

/** Statuses below 500 that another try may cure: Request Timeout, Too Early, Too Many Requests. */
const PASSING = new Set([408, 425, 429]);

/** No origin puts a task off for longer, whatever it asks for. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * What an origin's status means for the task that wanted a body: TaskError `http-<status>`, permanent for 3xx
 * and 4xx except 408, 425 and 429; Retry-After (seconds or a date, RFC 9110, section 10.2.3) is obeyed up to
 * a day. Gives the response's body up: do not read it afterwards.
 */
export function statusError(
  response: Pick<OutboundResponse, 'status' | 'headers' | 'url' | 'body'>,
  now: Date = new Date(),
): TaskError {
  response.body.destroy();
  const { status } = response;
  const name = STATUS_CODES[status];
  const says = `${new URL(response.url).host} answered ${status}${name ? ` (${name})` : ''}`;
  if (status < 500 && !PASSING.has(status)) {
    return new TaskError(`http-${status}`, `${says}. ${adviceFor(status)}`, { retry: 'no' });
  }
  return new TaskError(`http-${status}`, `${says}. It may be well again later.`, {
    retry: retryDate(response.headers, now),
  });
}

function retryDate(headers: OutboundResponse['headers'], now: Date): Retry {
  const waitMs = retryAfterMs(headers, now);
  return waitMs === null ? 'yes' : new Date(now.getTime() + Math.min(waitMs, LONGEST_WAIT_MS));
}

/**
 * What Retry-After asks for in milliseconds from now: seconds, or a date, which is held against the origin's own Date
 * (its clock may be wrong). null when it is absent, unreadable or over.
 */
export function retryAfterMs(headers: Record<string, string>, now: Date): number | null {
  const text = headers['retry-after']?.trim() ?? '';
  const itsNow = Date.parse(headers.date ?? '') || now.getTime();
  const waitMs = /^\d+$/.test(text)
    ? Number(text) * 1000
    : /[a-z]/i.test(text)
      ? Date.parse(text) - itsNow
      : NaN;
  return waitMs > 0 ? waitMs : null;
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return 'It does not let this service in.';
  if (status === 404) return 'Check the URL.';
  if (status === 410) return 'What was there is gone for good.';
  if (status < 400) return 'It leads to nothing that can be fetched.';
  return 'Trying again would not help.';
}
