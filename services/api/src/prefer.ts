/** Seconds; a longer wait is cut to it, so that proxies do not cut it first. */
export const LONGEST_WAIT = 60;

/**
 * Seconds of `Prefer: wait=N` (RFC 7240 section 4.3), at most {@link LONGEST_WAIT}; 0 when it is not asked for.
 * What cannot be understood is ignored, as section 2 demands; the first of several counts.
 */
export function preferredWait(header: string | undefined): number {
  for (const preference of header?.split(',') ?? []) {
    const found = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;|$)/i.exec(preference);
    if (found) return Math.min(Number(found[1]), LONGEST_WAIT);
  }
  return 0;
}
