import CachePolicy from 'http-cache-semantics';

/**
 * How long an answer says that it stays fresh, in milliseconds (Cache-Control, Expires, Date, Age: RFC 9111,
 * section 4.2); 0 when it may not be kept at all, null when it does not say. Nothing is guessed from its age.
 */
export function freshFor(headers: Record<string, string>): number | null {
  // Names of directives are case-insensitive; http-cache-semantics knows them in lower case.
  const control = (headers['cache-control'] ?? '').toLowerCase();
  if (!/max-age|no-cache|no-store/.test(control) && headers.expires === undefined) return null;
  const policy = new CachePolicy(
    { method: 'GET', headers: {} },
    { status: 200, headers: { ...headers, 'cache-control': control } },
    { shared: false, cacheHeuristic: 0, immutableMinTimeToLive: 0 },
  );
  const age = Number(headers.age) || 0;
  return policy.storable() ? Math.max(0, policy.maxAge() - age) * 1000 : 0;
}
