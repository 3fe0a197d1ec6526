import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, Pool } from 'undici';
import { isInnerName, literalOf, mayConnect, portOf, refused } from './address-guard.js';
import { bareHost, type AllowList } from './allow-list.js';
import { dnsResolver, type ResolveHost } from './resolve-host.js';

export interface AgentOptions {
  /** Time for DNS, TCP and TLS together, in milliseconds; 10,000 by default. */
  connectTimeoutMs?: number;
  /** Cap on the bytes of response headers; 32 KiB by default. */
  maxHeaderBytes?: number;
  /** Connections to one origin (scheme, host and port); what exceeds them waits. 128 by default. */
  connectionsPerOrigin?: number;
  /**
   * How long a connection is kept without use, in milliseconds, unless the origin says less; 4,000 by default. The
   * pool of an origin goes with its last connection.
   */
  idleConnectionMs?: number;
  /** DNS by default. */
  resolve?: ResolveHost;
}

const IDLE_CONNECTION_MS = 4_000;

/**
 * One pool an origin, so that an origin that hangs has only its own connections to wait for.
 * @param keepAlive false: each request has a new connection. For requests that must not be sent twice: an origin may
 * close an idle connection just when it is used again, and then nobody knows whether it has read them.
 */
export function guardedAgent(options: AgentOptions, allow: AllowList, keepAlive = true): Agent {
  const resolve = options.resolve ?? dnsResolver();
  return new Agent({
    // undici's way to say it (its documentation, "Client", pipelining).
    pipelining: keepAlive ? 1 : 0,
    connections: options.connectionsPerOrigin ?? 128,
    maxHeaderSize: options.maxHeaderBytes ?? 32 * 1024,
    keepAliveTimeout: options.idleConnectionMs ?? IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: options.idleConnectionMs ?? IDLE_CONNECTION_MS,
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
  const inner = isInnerName(bareHost(origin.hostname));
  const lookup: LookupFunction = (hostname, _options, callback) => {
    const found = (all: string[]): void => {
      const passed = all.filter((address) => trusted || mayConnect(address, port, allow, inner));
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
    maxCachedSessions: 4,
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
