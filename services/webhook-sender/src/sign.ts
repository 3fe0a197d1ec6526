import { Webhook } from 'standardwebhooks';

/**
 * The three headers of Standard Webhooks. With several secrets, which a rotation has for a while, there is a signature
 * of each, separated by spaces: a receiver takes the one that it knows.
 * @param secrets in the form `whsec_…`
 */
export const signatureHeaders = (
  id: string,
  payload: string,
  secrets: string[],
  now: Date,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, payload)).join(' '),
});
