const MINUTE_MS = 60_000;
const PERIODS_MS: Record<string, number> = {
  hourly: 60 * MINUTE_MS,
  daily: 24 * 60 * MINUTE_MS,
  weekly: 7 * 24 * 60 * MINUTE_MS,
  monthly: 30 * 24 * 60 * MINUTE_MS,
  yearly: 365 * 24 * 60 * MINUTE_MS,
};
const LONGEST_DURATION_MS = 1_000 * 60 * MINUTE_MS;

/** A whole number from 0 on; null for everything else. */
export function countOf(text: string | undefined): number | null {
  const digits = /^\s*(\d{1,9})(?:\.0{1,5})?\s*$/.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Milliseconds of `1:02:03`, `62:03`, `3723`, `3723.5` or `PT1H2M3S`; null for everything else, and for nothing. */
export function durationOf(text: string | undefined): number | null {
  const words = (text ?? '').trim().slice(0, 50);
  const clock = /^(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:\.\d{1,6})?)$/.exec(words);
  const iso = /^PT(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6}(?:\.\d{1,6})?)S)?$/i.exec(words);
  const plain = /^\d{1,8}(?:\.\d{1,6})?$/.exec(words);
  const [hours = 0, minutes = 0, seconds = 0] =
    (clock ?? iso)?.slice(1).map((part) => Number(part ?? 0)) ?? [];
  const ms = Math.round(1000 * (plain ? Number(plain[0]) : (hours * 60 + minutes) * 60 + seconds));
  return ms > 0 && ms <= LONGEST_DURATION_MS ? ms : null;
}

/** How long a feed asks to be left alone, in milliseconds: RSS's ttl in minutes, else the syndication module. */
export function refreshAfter(
  ttlMinutes: string | undefined,
  period: string | undefined,
  frequency: string | undefined,
): number | null {
  const ttl = countOf(ttlMinutes);
  if (ttl !== null && ttl > 0) return Math.min(ttl * MINUTE_MS, PERIODS_MS.yearly!);
  const word = period?.trim().toLowerCase() ?? '';
  if (!Object.hasOwn(PERIODS_MS, word)) return null;
  return Math.round(PERIODS_MS[word]! / Math.max(1, countOf(frequency) ?? 1));
}

/** Hours of the day, 0 to 23, in order; 24 is midnight, too. */
export const hoursOf = (texts: readonly string[]): number[] =>
  [
    ...new Set(
      texts
        .slice(0, 100)
        .flatMap((text) => countOf(text) ?? [])
        .filter((hour) => hour <= 24)
        .map((hour) => hour % 24),
    ),
  ].sort((a, b) => a - b);
