import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, Pool } from 'undici';
import { literalOf, mayConnect, portOf, refused } from './address-guard.js';
import type { AllowList } from './allow-list.js';
import { dnsResolver, type ResolveHost } from './resolve-host.js';

export interface AgentOptions {
  /** Time for DNS, TCP and TLS together, in milliseconds; 10,000 by default. */
  connectTimeoutMs?: number;
  /** Cap on the bytes of response headers; 32 KiB by default. */
  maxHeaderBytes?: number;
  /** Connections to one origin (scheme, host and port); what exceeds them waits. 128 by default. */
  connectionsPerOrigin?: number;
  /** DNS by default. */
  resolve?: ResolveHost;
}

/** One pool an origin, so that an origin that hangs has only its own connections to wait for. */
export function guardedAgent(options: AgentOptions, allow: AllowList): Agent {
  const resolve = options.resolve ?? dnsResolver();
  return new Agent({
    connections: options.connectionsPerOrigin ?? 128,
    maxHeaderSize: options.maxHeaderBytes ?? 32 * 1024,
    // The exchange's own deadline bounds both, and does not start again with every byte.
    headersTimeout: 0,
    bodyTimeout: 0,
    factory: (origin, poolOptions: Pool.Options) =>
      new Pool(origin, {
        ...poolOptions,
        connect: guardedConnector(new URL(origin), allow, resolve, options.connectTimeoutMs ?? 10_000),
      }),
  });
}

/**
 * Connects to one origin. A name is resolved here and only addresses that passed are given to the socket: it
 * has no second look-up to make, which another answer could come from. An address as host skips `lookup` in
 * Node; it is checked once more, should a caller have come here without `checkTarget`.
 */
function guardedConnector(
  origin: URL,
  allow: AllowList,
  resolve: ResolveHost,
  timeout: number,
): buildConnector.connector {
  const port = portOf(origin);
  const trusted = allow.allowsHost(origin.hostname, port);
  const lookup: LookupFunction = (hostname, _options, callback) => {
    const found = (all: string[]): void => {
      const passed = all.filter((address) => trusted || mayConnect(address, port, allow));
      if (passed.length === 0) return callback(refused(hostname), '');
      callback(
        null,
        passed.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    resolve(hostname).then(found, (error: NodeJS.ErrnoException) => callback(error, ''));
  };
  const connect = buildConnector({
    timeout,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 500,
  });
  return (target, callback) => {
    const literal = literalOf(origin);
    if (literal !== null && !mayConnect(literal, port, allow)) callback(refused(origin.hostname), null);
    else connect(target, callback);
  };
}
