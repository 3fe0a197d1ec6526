import type { Json } from '../schema-form/json-value.js';

/** One word of a POSIX shell, whatever characters it has. */
export const shellQuoted = (text: string): string =>
  /^[A-Za-z0-9_/.:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * The same request for a terminal. The key is never in it: it is taken from OFFLOAD_KEY there.
 * @param request.origin e.g. `http://localhost:3000`
 * @param request.withKey whether this server asks for one
 */
export function curlCommand(request: { origin: string; path: string; body: Json; withKey: boolean }): string {
  const { origin, path, body, withKey } = request;
  const lines = [
    `curl -sS ${shellQuoted(origin + path)}`,
    `-H 'Content-Type: application/json'`,
    ...(withKey ? ['-H "Authorization: Bearer $OFFLOAD_KEY"'] : []),
    `--data-raw ${shellQuoted(JSON.stringify(body, null, 2))}`,
  ];
  return lines.join(' \\\n  ');
}
