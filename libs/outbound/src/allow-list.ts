import ipaddr from 'ipaddr.js';
import { readUrl } from './read-url.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What an operator permits beyond public addresses. Ports are absent when every port is meant. */
type AllowRule = { range: [Address, number]; port?: number } | { host: string; port?: number };

export interface AllowList {
  /** Whether this address may be reached at this port although it is not public. */
  allowsAddress(address: Address, port: number): boolean;
  /** Whether an entry allows addresses of other machines. */
  readonly namesInnerNetworks: boolean;
  /** Whether whatever this name resolves to may be reached at this port. */
  allowsHost(hostname: string, port: number): boolean;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Reads the entries of OUTBOUND_ALLOW: `loopback`, a CIDR, an address or a host name, each with an optional
 * `:port` (IPv6 with a port in brackets: `[fd00::/8]:8080`). Throws an Error that quotes the wrong entry.
 */
export function allowList(entries: readonly string[]): AllowList {
  const rules = entries.flatMap(parseEntry);
  return {
    namesInnerNetworks: rules.some((rule) => 'range' in rule && rule.range[0].range() !== 'loopback'),
    allowsAddress: (address, port) =>
      rules.some(
        (rule) =>
          'range' in rule &&
          portMatches(rule, port) &&
          rule.range[0].kind() === address.kind() &&
          address.match(rule.range),
      ),
    allowsHost: (hostname, port) =>
      rules.some((rule) => 'host' in rule && portMatches(rule, port) && rule.host === bareHost(hostname)),
  };
}

/** A name as rules compare it: `example.com.` and `example.com` are the same host. */
export const bareHost = (hostname: string): string => hostname.toLowerCase().replace(/\.$/, '');

const portMatches = (rule: AllowRule, port: number): boolean => rule.port === undefined || rule.port === port;

function parseEntry(entry: string): AllowRule[] {
  const { place, port } = splitPort(entry.trim().toLowerCase(), entry);
  if (place === 'loopback') return LOOPBACK.map((range) => ({ range: ipaddr.parseCIDR(range), port }));
  if (place.includes('/')) return [{ range: parseRange(place, entry), port }];
  if (isAddress(place)) {
    const address = ipaddr.parse(place);
    return [{ range: [address, address.kind() === 'ipv4' ? 32 : 128], port }];
  }
  return [{ host: parseHost(place, entry), port }];
}

function splitPort(text: string, entry: string): { place: string; port?: number } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const single = /^([^:]*):([^:]*)$/.exec(text);
  const [, place = text, digits] = bracketed ?? single ?? [];
  if (bracketed && !place.includes(':')) throw wrong(entry, 'brackets are for IPv6');
  if (digits === undefined) return { place };
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535) throw wrong(entry, 'a port is a number from 1 to 65535');
  return { place, port };
}

function parseRange(place: string, entry: string): [Address, number] {
  const valid = place.includes(':')
    ? ipaddr.IPv6.isValidCIDR(place)
    : ipaddr.IPv4.isValidCIDRFourPartDecimal(place);
  if (!valid) throw wrong(entry, 'it is not a CIDR such as 10.0.0.0/8 or fd00::/8');
  return ipaddr.parseCIDR(place);
}

const isAddress = (place: string): boolean =>
  place.includes(':') ? ipaddr.IPv6.isValid(place) : ipaddr.IPv4.isValidFourPartDecimal(place);

function parseHost(place: string, entry: string): string {
  const ascii = bareHost(readUrl(`http://${place}/`)?.hostname ?? '');
  const labels = ascii.split('.');
  if (!labels.every((label) => LABEL.test(label)) || /^\d+$/.test(labels.at(-1) ?? '')) {
    throw wrong(
      entry,
      'expected loopback, an address, a CIDR or a host name without wildcards, each with an optional :port',
    );
  }
  return ascii;
}

const wrong = (entry: string, why: string): Error =>
  new Error(`OUTBOUND_ALLOW: the entry ${JSON.stringify(entry)} cannot be read: ${why}.`);
