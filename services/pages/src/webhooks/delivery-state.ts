import type { Schemas } from '@offload/client';

export type DeliveryState = Schemas['WebhookDeliveryState'];

/** How a state is shown: its sign and tone, and what it means. */
export const STATES: Readonly<
  Record<DeliveryState, { sign: string; tone: 'good' | 'warn' | 'bad' | 'info'; means: string }>
> = {
  pending: { sign: '◷', tone: 'info', means: 'being sent, or tried again later' },
  delivered: { sign: '✓', tone: 'good', means: 'the receiver has it' },
  failed: { sign: '✕', tone: 'bad', means: 'given up' },
  'not-sent': { sign: '⊘', tone: 'warn', means: 'nothing is sent to this URL, or there is no secret' },
};

export const isDeliveryState = (text: string | undefined): text is DeliveryState =>
  text !== undefined && Object.hasOwn(STATES, text);

/** What an attempt came to, in words: `answered 503 in 120 ms`. */
export function attemptInWords(attempt: Pick<Schemas['WebhookAttempt'], 'status' | 'ms' | 'error'>): string {
  const took = `${attempt.ms.toLocaleString('en')} ms`;
  if (attempt.status === null) return `no answer after ${took}`;
  return `answered ${attempt.status} in ${took}`;
}
