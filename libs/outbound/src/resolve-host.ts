import { lookup, Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLocalhost } from './address-guard.js';
import { bareHost } from './allow-list.js';

/** All addresses of a name, in the order in which they should be tried. Rejects with the resolver's error. */
export type ResolveHost = (hostname: string) => Promise<string[]>;

export interface ResolverOptions {
  /** Name servers as `address:port`; the system's by default. */
  servers?: string[];
  /** Time for one query in milliseconds, of which there are two; 2,000 by default. */
  timeoutMs?: number;
}

/** How long an answer for IPv6 may lag behind one for IPv4 (RFC 8305, section 3, asks for some 50 ms). */
const SECOND_FAMILY_MS = 150;

/**
 * Resolves by DNS queries of its own, and asks the system (hosts file, search domains) only for what DNS does
 * not know. The other way round, names of a dead name server would fill the two threads that getaddrinfo has
 * in a Node process, and hold up the lookups of everybody else.
 */
export function dnsResolver({ servers, timeoutMs = 2_000 }: ResolverOptions = {}): ResolveHost {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    const name = bareHost(hostname);
    if (isLocalhost(name)) return ['127.0.0.1', '::1'];
    try {
      return await bothFamilies(resolver.resolve4(name), resolver.resolve6(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ETIMEOUT') throw error;
      const found = await lookup(name, { all: true, order: 'ipv4first' });
      return found.map(({ address }) => address);
    }
  };
}

async function bothFamilies(v4: Promise<string[]>, v6: Promise<string[]>): Promise<string[]> {
  const settled = Promise.allSettled([v4, v6]);
  const four = await v4.catch(() => null);
  const six =
    four === null
      ? await v6.catch(() => null)
      : await Promise.race([v6, sleep(SECOND_FAMILY_MS)]).catch(() => null);
  if (four !== null || six) return [...(four ?? []), ...(six ?? [])];
  const [first] = await settled;
  throw (first as PromiseRejectedResult).reason;
}
