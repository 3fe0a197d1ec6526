import { OutboundError } from './outbound-error.js';
import type { OutboundRequest } from './outbound.js';

/** Those of one connection (RFC 9110, section 7.6.1), and those that decide where a request goes. */
const REFUSED = new Set([
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of an exchange's first request: the caller's, and defaults where it says nothing.
 * Throws OutboundError `invalid-request` (permanent).
 */
export function requestHeaders(
  { headers, raw }: Pick<OutboundRequest, 'headers' | 'raw'>,
  defaults: Record<string, string>,
): Record<string, string> {
  const given = headersOf(headers);
  const identity: Record<string, string> = raw || 'range' in given ? { 'accept-encoding': 'identity' } : {};
  return { ...defaults, ...identity, ...given };
}

/** Names in lower case. Throws OutboundError `invalid-request` (permanent). */
export function headersOf(headers: Record<string, string> = {}): Record<string, string> {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const refused = lower.find(([name]) => REFUSED.has(name));
  if (refused === undefined) return Object.fromEntries(lower);
  const message = `The request cannot be sent: the header ${refused[0]} is not the caller's to set.`;
  throw new OutboundError('invalid-request', message, { retry: 'no' });
}
