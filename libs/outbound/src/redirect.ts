import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { parseTarget } from './address-guard.js';
import { OutboundError } from './outbound-error.js';
import type { OutboundBody } from './outbound.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers that prove who asks: they stay with the origin that they were given for. */
const PERSONAL = new Set(['authorization', 'cookie', 'proxy-authorization']);
/** What describes a body goes with it (RFC 9110, section 15.4). */
const OF_BODY = /^(content-.*|digest|last-modified|transfer-encoding)$/;

/** One request of an exchange. */
export interface Hop {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: OutboundBody;
}

/**
 * Where an answer leads to; undefined when it is no redirect. An empty Location leads nowhere.
 * Throws OutboundError `bad-redirect` for two that differ (which one a browser takes is nobody's agreement), and
 * `invalid-url`.
 */
export function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | undefined {
  if (!REDIRECTS.has(statusCode)) return undefined;
  const [location, ...others] = new Set([headers.location ?? ''].flat().map(text));
  if (others.length > 0) {
    const message = `${from.host} redirects to two places at once.`;
    throw new OutboundError('bad-redirect', message, { retry: 'no' });
  }
  return location ? parseTarget(location, from) : undefined;
}

/**
 * The request at the place that a redirect leads to. RFC 9110, sections 15.4.2 to 15.4.4: 303 becomes GET; 301 and 302
 * turn POST into GET. What is secret stays with its origin.
 * Throws OutboundError `bad-redirect` when the body would have to be sent again and can not.
 */
export function nextHop(hop: Hop, status: number, to: URL): Hop {
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status <= 302 && hop.method === 'POST';
  const kept = Object.entries(hop.headers).filter(
    ([name]) => !(becomesGet && OF_BODY.test(name)) && !(to.origin !== hop.url.origin && PERSONAL.has(name)),
  );
  const headers = Object.fromEntries(kept);
  if (becomesGet) return { url: to, method: 'GET', headers };
  if (hop.body instanceof Readable) {
    const message = `${hop.url.host} redirects a request whose body can be sent only once. Send it to ${to.host} itself.`;
    throw new OutboundError('bad-redirect', message, { retry: 'no' });
  }
  return { ...hop, url: to, headers };
}

/** Header values arrive as Latin-1; a Location may be UTF-8 all the same (RFC 9110, section 5.5). */
function text(value: string): string {
  const utf8 = Buffer.from(value, 'latin1').toString('utf8');
  return (utf8.includes('\ufffd') ? value : utf8).trim();
}
