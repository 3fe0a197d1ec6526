import { pipeline, type Readable } from 'node:stream';
import { TaskError } from '@offload/contracts/errors';
import { capped } from '@offload/outbound/capped';
import type { Outbound, OutboundResponse } from '@offload/outbound/outbound';
import { isAccepted } from './accepted-status.js';
import { splitHeaders, checkLength, type Call, type HttpInput } from './build-request.js';
import type { TaskSecrets } from './secrets.js';
import { statusFailure } from './status-failure.js';

/** An answer whose status was accepted. Secrets are redacted from all of it. */
export interface Answer {
  status: number;
  url: string;
  redirects: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Errors with TaskError past its limits, or when it is cut short. */
  body: Readable;
}

export interface SendOptions {
  outbound: Pick<Outbound, 'fetch'>;
  input: HttpInput;
  secrets: TaskSecrets;
  signal: AbortSignal;
  /** Headers of the task's own, and secrets of its header, stay with it. */
  origin: string;
  /** Cap on the body's decoded bytes. */
  maxBytes: number;
  /** How long it may wait in place for its turn at a busy host, in milliseconds. */
  patienceMs: number;
  /** Called when an answer has come, be it that of a redirect. */
  onAnswer: () => void;
}

/** An origin's error page is read even where the answer may be small: its status matters. */
const ERROR_PAGE_BYTES = 1024 ** 2;

/**
 * Sends one call and follows its redirects. Secrets and the task's own headers are added at each hop anew, where they
 * may go. Throws the errors of libs/outbound, `http-<status>`, `secret-not-for-host`, `too-large`.
 */
export async function sendCall(call: Call, options: SendOptions): Promise<Answer> {
  const { outbound, input, secrets, origin, maxBytes } = options;
  const { anywhere, own } = splitHeaders(call.headers);
  const first = new URL(call.url);
  secrets.addTo(first, {});
  checkLength(first);
  let hops = 0;
  const response = await outbound.fetch(first.href, {
    method: call.method,
    headers: anywhere,
    headersFor(href) {
      if (hops++ > 0) options.onAnswer();
      const url = new URL(href);
      secrets.checkCarried(url);
      const headers = url.origin === origin ? { ...own } : {};
      secrets.addTo(url, headers);
      return headers;
    },
    ...(call.body && { body: call.body }),
    followRedirects: input.followRedirects,
    signal: options.signal,
    patienceMs: options.patienceMs,
    deadlineMs: input.timeoutMs,
    firstByteMs: input.timeoutMs,
    idleMs: input.timeoutMs,
    maxBytes: Math.max(maxBytes, ERROR_PAGE_BYTES),
  });
  options.onAnswer();
  if (!isAccepted(response.status, input.acceptStatuses))
    throw await statusFailure(response, secrets.redactor);
  return answerOf(response, secrets, maxBytes);
}

function answerOf(response: OutboundResponse, { redactor }: TaskSecrets, maxBytes: number): Answer {
  const tooLarge = (): TaskError => {
    const { host } = new URL(response.url);
    const message = `The body from ${host} is larger than the ${maxBytes} bytes that are left of maxBytes.`;
    return new TaskError('too-large', message, { retry: 'no' });
  };
  const stages = [capped(maxBytes, tooLarge), ...(redactor.active ? [redactor.stream()] : [])];
  // The callback only marks the errors as seen: the last stage has been destroyed with them.
  const body = pipeline([response.body, ...stages], () => {}) as unknown as Readable;
  // One that comes before anybody reads must not end the process; the reader gets it.
  body.on('error', () => {});
  return {
    status: response.status,
    url: redactor.text(response.url),
    redirects: response.redirects.length,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, redactor.text(value)]),
    ),
    body,
  };
}
