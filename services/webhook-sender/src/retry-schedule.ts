const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/**
 * Milliseconds from a failed attempt to the next one, about three days in all. Source: Standard Webhooks, "Retry
 * schedule" (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export const RETRY_AFTER_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Up to so much longer, so that what failed together does not come again together. */
const JITTER = 0.2;
/** No receiver puts a delivery off for longer, whatever it asks for. */
const LONGEST_WAIT_MS = 24 * HOUR;

/**
 * When to try again; null: not any more.
 * @param tried attempts so far, at least one
 * @param askedMs what the receiver's Retry-After asks for; it makes the wait longer, never shorter
 * @param random in [0, 1)
 */
export function nextTry(
  tried: number,
  askedMs: number | null,
  now: Date,
  { random, schedule = RETRY_AFTER_MS }: { random: number; schedule?: readonly number[] | undefined },
): Date | null {
  const wait = schedule[tried - 1];
  if (wait === undefined) return null;
  const jittered = wait * (1 + JITTER * random);
  return new Date(now.getTime() + Math.round(Math.max(jittered, Math.min(askedMs ?? 0, LONGEST_WAIT_MS))));
}
