import { STATUS_CODES } from 'node:http';
import type { Readable } from 'node:stream';
import { Snooze, TaskError } from '@offload/contracts/errors';
import type { TaskFailure } from '@offload/contracts/task';
import type { Outbound, OutboundResponse } from '@offload/outbound/outbound';
import { retryAfterMs } from '@offload/outbound/status-error';
import { ANSWER_CHARS, type WebhookAttempt, type WebhookDelivery } from '@offload/store/webhook-record';
import { signatureHeaders } from './sign.js';

/** Of a whole attempt, milliseconds. Standard Webhooks asks for 15 to 30 s. */
const DEADLINE_MS = 15_000;
/** The answer is read up to here, so that a connection can be used again; then it is cut. Bytes. */
const ANSWER_BYTES = 16 * 1024;

export interface SendOptions {
  outbound: Pick<Outbound, 'fetch'>;
  /** In the form `whsec_…`; at least one. */
  secrets: string[];
  /** The database's time. */
  now: Date;
  signal: AbortSignal;
}

export interface Sent {
  attempt: WebhookAttempt;
  /** Whether trying again cannot help. */
  hopeless: boolean;
  /** What the receiver's Retry-After asks for, milliseconds from now. */
  retryAfterMs: number | null;
}

/**
 * One attempt: a signed POST whose redirects are not followed. Its failure is an answer, too. Throws what is not about
 * the receiver: Snooze `host-busy`, and the signal's reason.
 */
export async function sendDelivery(delivery: WebhookDelivery, options: SendOptions): Promise<Sent> {
  const { outbound, secrets, now, signal } = options;
  const began = performance.now();
  const attempt = (outcome: Pick<WebhookAttempt, 'status' | 'error' | 'answer'>): WebhookAttempt => ({
    at: now,
    run: delivery.run,
    ms: Math.round(performance.now() - began),
    ...outcome,
  });
  let response: OutboundResponse;
  try {
    response = await outbound.fetch(delivery.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signatureHeaders(delivery._id, delivery.payload, secrets, now),
      },
      body: delivery.payload,
      signal,
      deadlineMs: DEADLINE_MS,
      firstByteMs: DEADLINE_MS,
      maxBytes: Number.MAX_SAFE_INTEGER,
      followRedirects: false,
      raw: true,
    });
  } catch (error) {
    if (signal.aborted || error instanceof Snooze || !(error instanceof TaskError)) throw error;
    const { code, message } = error;
    const failed = attempt({ status: null, error: { code, message }, answer: null });
    return { attempt: failed, hopeless: HOPELESS.has(code), retryAfterMs: null };
  }
  const answer = await beginningOf(response.body);
  const { status, headers } = response;
  return {
    attempt: attempt({ status, error: errorOf(delivery.url, status), answer }),
    hopeless: status === GONE,
    retryAfterMs: retryAfterMs(headers, new Date()),
  };
}

/** The receiver wants nothing more at this URL. */
export const GONE = 410;

/** What stays as it is until the URL, or what the operator allows, is another one. */
const HOPELESS = new Set(['invalid-url', 'invalid-request', 'address-refused']);

function errorOf(url: string, status: number): TaskFailure | null {
  if (status >= 200 && status < 300) return null;
  const name = STATUS_CODES[status];
  const said = `${new URL(url).host} answered ${status}${name ? ` (${name})` : ''}`;
  const more = status === GONE ? ' It is not sent anything any more.' : '';
  const redirects = status >= 300 && status < 400 ? ' Redirects are not followed.' : '';
  return { code: `http-${status}`, message: `${said}.${more}${redirects}` };
}

/** What an answer begins with, as text without control characters. What breaks it off later is no matter. */
async function beginningOf(body: Readable): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= ANSWER_BYTES) break;
    }
  } catch (error) {
    // The status has come, and it decides.
    if (!(error instanceof TaskError)) throw error;
  }
  const text = Buffer.concat(chunks).toString('utf8').replaceAll(CONTROLS, ' ').trim();
  return text === '' ? null : [...text.slice(0, 2 * ANSWER_CHARS)].slice(0, ANSWER_CHARS).join('');
}

const CONTROLS = /\p{Cc}|\p{Cs}/gu;
