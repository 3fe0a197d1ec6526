import { z } from 'zod';

/** Of one request; what servers take by default is 8 to 16 KiB in all. */
export const HEADER_LIMITS = { count: 50, nameChars: 100, valueChars: 4_096, totalChars: 16_384 } as const;

/**
 * Headers that belong to the connection or that the fetcher makes itself, by what to do instead. Hop-by-hop: RFC 9110,
 * section 7.6.1, and RFC 9112 (framing); a client that could set them could smuggle a second request.
 */
const REFUSED = new Map<string, string>([
  ...[
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'http2-settings',
  ].map((name) => [name, 'it belongs to the connection (hop-by-hop)'] as const),
  ['host', 'it is made from the URL'],
  ['content-length', 'it is counted from the body'],
  ['content-encoding', 'bodies are sent as they are'],
  ['accept-encoding', 'what can be decoded is asked for already'],
  ['expect', 'bodies are sent at once'],
  ['cookie2', 'nobody reads it any more'],
  ['_bsontype', 'it cannot be stored'],
]);

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** RFC 9110, section 5.5: visible ASCII, spaces and tabs inside. */
const VALUE = /^([!-~]([ \t!-~]*[!-~])?)?$/;

/** The headers of a request that a client chose. Each fault is told at its name: `/headers/Host`. */
export const requestHeaders = z
  .record(z.string(), z.string())
  .superRefine((headers, context) => {
    const names = Object.keys(headers);
    const fault = (message: string, path: string[] = []): void =>
      context.addIssue({ code: 'custom', message, path });
    if (names.length > HEADER_LIMITS.count) fault(`at most ${HEADER_LIMITS.count} headers`);
    const total = names.reduce((sum, name) => sum + name.length + (headers[name]?.length ?? 0), 0);
    if (total > HEADER_LIMITS.totalChars) fault(`at most ${HEADER_LIMITS.totalChars} characters in all`);
    const seen = new Set<string>();
    for (const name of names) {
      const why = faultOf(name, headers[name] ?? '', seen);
      if (why !== undefined) fault(why, [name]);
      seen.add(name.toLowerCase());
    }
  })
  .meta({
    description:
      'Names and values in ASCII. Refused: Host, Content-Length and what else belongs to the connection. ' +
      'They are stored with the task in clear: credentials belong in `secrets`',
    examples: [{ Accept: 'application/json' }],
  });

function faultOf(name: string, value: string, seen: ReadonlySet<string>): string | undefined {
  const lower = name.toLowerCase();
  if (!TOKEN.test(name) || name.length > HEADER_LIMITS.nameChars)
    return `is no header name: letters, digits and dashes, at most ${HEADER_LIMITS.nameChars}`;
  const refused = REFUSED.get(lower);
  if (refused !== undefined) return `cannot be set: ${refused}`;
  if (seen.has(lower)) return 'stands there twice, in another spelling';
  if (value.length > HEADER_LIMITS.valueChars) return `has at most ${HEADER_LIMITS.valueChars} characters`;
  if (!VALUE.test(value))
    return 'has visible ASCII characters, with spaces only inside (others: RFC 8187 or percent-encoding)';
  return undefined;
}
