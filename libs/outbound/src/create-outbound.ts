import { readFileSync } from 'node:fs';
import { isAllowed } from './address-guard.js';
import { allowList } from './allow-list.js';
import { Exchange } from './exchange.js';
import { guardedAgent, type AgentOptions } from './guarded-agent.js';
import type { HostGate } from './host-gate.js';
import { IDEMPOTENT_METHODS } from './methods.js';
import type { Outbound } from './outbound.js';

export interface OutboundOptions extends AgentOptions {
  /** Exceptions to "public addresses only"; see {@link allowList} for the forms. None by default. */
  allow?: readonly string[];
  /** The whole User-Agent header; `Offload/<version> (+<contact>)` by default. */
  userAgent?: string;
  /** Where an origin's operator finds out who asks: a URL or an address. */
  contact?: string;
  /** Politeness over all workers, asked for before each exchange; while there is none, no host is ever busy. */
  gate?: () => HostGate | undefined;
  /** Whether the gate is asked for the hosts that `allow` names, too; they are the operator's own, so by default not. */
  limitAllowed?: boolean;
}

const VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/**
 * Requests to addresses that clients chose. Each hop's address is checked before the connect, and the connect
 * goes to the address that was checked. Throws an Error when `allow` cannot be read.
 * Errors of `fetch` and of the body are OutboundErrors: `invalid-url`, `invalid-request`, `address-refused`,
 * `host-not-found`, `dns-failed`, `connect-failed`, `tls-failed`, `timeout`, `connection-lost`, `bad-response`,
 * `headers-too-large`, `too-many-redirects`, `bad-redirect`, `too-large`, `truncated-body`, `bad-encoding`, `aborted`.
 */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const allow = allowList(options.allow ?? []);
  const agents = { kept: guardedAgent(options, allow), fresh: guardedAgent(options, allow, false) };
  const contact = options.contact === undefined ? '' : ` (+${options.contact})`;
  const surroundings = {
    agentFor: (method: string) => (IDEMPOTENT_METHODS.has(method) ? agents.kept : agents.fresh),
    allow,
    userAgent: options.userAgent ?? `Offload/${VERSION}${contact}`,
    gateFor: (url: URL) => (options.limitAllowed || !isAllowed(url, allow) ? options.gate?.() : undefined),
  };
  return {
    fetch: (url, request) => new Exchange(surroundings, request).run(url),
    async close() {
      await Promise.all([agents.kept.destroy(), agents.fresh.destroy()]);
    },
  };
}
