import { readFileSync } from 'node:fs';
import { allowList } from './allow-list.js';
import { Exchange } from './exchange.js';
import { guardedAgent, type AgentOptions } from './guarded-agent.js';
import type { Outbound } from './outbound.js';

export interface OutboundOptions extends AgentOptions {
  /** Exceptions to "public addresses only"; see {@link allowList} for the forms. None by default. */
  allow?: readonly string[];
  /** `Offload/<version>` by default. */
  userAgent?: string;
}

const VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/**
 * Requests to addresses that clients chose. Each hop's address is checked before the connect, and the connect
 * goes to the address that was checked. Throws an Error when `allow` cannot be read.
 * Errors of `fetch` and of the body are TaskErrors: `invalid-url`, `invalid-request`, `address-refused`, `host-not-found`,
 * `dns-failed`, `connect-failed`, `tls-failed`, `timeout`, `connection-lost`, `bad-response`,
 * `headers-too-large`, `too-many-redirects`, `too-large`, `truncated-body`, `bad-encoding`, `aborted`.
 */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const allow = allowList(options.allow ?? []);
  const agent = guardedAgent(options, allow);
  const userAgent = options.userAgent ?? `Offload/${VERSION}`;
  return {
    fetch: (url, request) => new Exchange(agent, allow, userAgent, request).run(url),
    close: () => agent.destroy(),
  };
}
