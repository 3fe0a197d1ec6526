import ipaddr from 'ipaddr.js';
import { bareHost, type AllowList } from './allow-list.js';
import { OutboundError } from './outbound-error.js';
import { readUrl } from './read-url.js';

/**
 * Ports where an HTTP request could be taken for another protocol's words.
 * Source: Fetch standard, "bad port" (https://fetch.spec.whatwg.org/#port-blocking).
 */
const BAD_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** IANA has assigned global unicast addresses from this block only; ipaddr.js calls all the rest unicast too. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** Public by its number, but answered by the platform below the machine: Azure's host services. */
const PLATFORM_ADDRESSES = new Set(['168.63.129.16']);

/**
 * Whether an address is one that anybody on the internet may reach. False for private, loopback, link-local,
 * shared (CGNAT), documentation, multicast and reserved ranges, and for every IPv6 form that carries an IPv4
 * address (mapped, compatible, NAT64, 6to4, Teredo, ISATAP), whatever it carries: such a form is only ever
 * used to get around a guard. Source: IANA special-purpose address registries (RFC 6890).
 */
export function isPublicAddress(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return !PLATFORM_ADDRESSES.has(address.toString());
  return address.match(GLOBAL_IPV6) && !isIsatap(address);
}

/** RFC 5214, section 6.1: interface identifier ::0:5efe:a.b.c.d or ::200:5efe:a.b.c.d. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [, , , , fifth = 0, sixth] = address.parts;
  return (fifth & ~0x0200) === 0 && sixth === 0x5efe;
}

/**
 * Whether a connection to this address, in any spelling that DNS gives (zone ids included), may be made.
 * @param inner it is what an inner name (isInnerName) stands for
 */
export function mayConnect(address: string, port: number, allow: AllowList, inner = false): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return (!inner && isPublicAddress(parsed)) || allow.allowsAddress(parsed, port);
}

/** Whether the operator has named this URL's host: by its name, or as the address that it is. */
export function isAllowed(url: URL, allow: AllowList): boolean {
  const port = portOf(url);
  const name = bareHost(url.hostname);
  const literal = isLocalhost(name) ? '127.0.0.1' : literalOf(url);
  return (
    allow.allowsHost(name, port) || (literal !== null && allow.allowsAddress(ipaddr.parse(literal), port))
  );
}

/**
 * Reads a URL that a client or an origin gave. Throws OutboundError `invalid-url` (permanent) when it is not
 * absolute http or https, or carries credentials or control characters.
 */
export function parseTarget(text: string, base?: URL): URL {
  // eslint-disable-next-line no-control-regex -- the parser would drop tabs and line ends silently
  if (/[\u0000-\u001f\u007f]/.test(text)) throw invalid('it contains control characters', base);
  const url = readUrl(text, base);
  if (!url) throw invalid('it cannot be read', base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid('it is not http or https', base);
  if (url.username !== '' || url.password !== '') throw invalid('it contains a user name or password', base);
  url.hash = '';
  return url;
}

/**
 * Checks what can be known before DNS: the port, a host given as an address (a connect to one asks no resolver), and
 * names of inner networks. Throws OutboundError `address-refused` (permanent).
 */
export function checkTarget(url: URL, allow: AllowList): void {
  const port = portOf(url);
  if (BAD_PORTS.has(port)) {
    throw new OutboundError(
      'address-refused',
      `Port ${port} is not used for the web; requests to it are refused.`,
      {
        retry: 'no',
      },
    );
  }
  const literal = literalOf(url);
  if (literal !== null && !mayConnect(literal, port, allow)) throw refused(url.hostname);
  const name = bareHost(url.hostname);
  if (isInnerName(name) && !isLocalhost(name) && !allow.namesInnerNetworks && !allow.allowsHost(name, port))
    throw refused(url.hostname);
}

/** The address in a URL whose host is one (the URL parser has put it into its usual form), else null. */
export function literalOf(url: URL): string | null {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(host) && (host.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(host))
    ? host
    : null;
}

/** RFC 6761, section 6.3: names of this machine, never asked of a server. */
export const isLocalhost = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');

/**
 * Names that mean something inside a network only: mDNS (RFC 6762), ICANN's private-use name, home networks (RFC 8375),
 * onion services (RFC 7686), names outside of DNS (RFC 9476). Whatever they resolve to, only what the operator allows
 * is meant by them.
 */
export const isInnerName = (name: string): boolean =>
  isLocalhost(name) || /(^|\.)(local|internal|home\.arpa|onion|alt)$/.test(name);

export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** Says the name that was asked for and never the address behind it: that would map the inner network. */
export function refused(hostname: string): OutboundError {
  return new OutboundError(
    'address-refused',
    `${hostname} is not a public address. Only public addresses can be reached; an operator can add others to OUTBOUND_ALLOW.`,
    { retry: 'no' },
  );
}

const invalid = (why: string, base?: URL): OutboundError => {
  const what = base ? `The URL that ${base.host} redirects to` : 'The URL';
  return new OutboundError('invalid-url', `${what} was refused: ${why}.`, { retry: 'no' });
};
