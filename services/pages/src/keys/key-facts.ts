/** What may be chosen for how long a key works. */
export const LIFETIMES = [
  ['', 'until it is revoked'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
] as const;

export type Lifetime = (typeof LIFETIMES)[number][0];

/** How long the old key works beside a new one, in milliseconds. */
export const OVERLAPS = [
  ['0', 'ends at once'],
  ['3600000', 'works for an hour'],
  ['86400000', 'works for a day'],
  ['604800000', 'works for a week'],
  ['2592000000', 'works for 30 days'],
] as const;

export type Overlap = (typeof OVERLAPS)[number][0];

const DAY_MS = 86_400_000;
const SOON_MS = 7 * DAY_MS;

/** RFC 3339, UTC; undefined: it does not expire. */
export const expiryOf = (days: Lifetime, now: number): string | undefined =>
  days === '' ? undefined : new Date(now + Number(days) * DAY_MS).toISOString();

export type KeyState = 'valid' | 'expires soon' | 'expired';

export function stateOf(expiresAt: string | null, now: number): KeyState {
  if (expiresAt === null) return 'valid';
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return 'expired';
  return left < SOON_MS ? 'expires soon' : 'valid';
}
