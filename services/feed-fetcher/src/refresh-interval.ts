const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** No feed is fetched more often than that, and each at least once a day. */
const SHORTEST_MS = 5 * MINUTE_MS;
const LONGEST_MS = 24 * HOUR_MS;

/** A feed is looked at so often in the time in which it gets one entry. */
const LOOKS_PER_ENTRY = 4;
/** Part of the interval by which it varies, so that feeds that came together do not stay together. */
const JITTER = 0.1;

export interface Pace {
  /** Entries of the last seven days. */
  perWeek: number;
  /** What the feed asks for (ttl, sy:updatePeriod); milliseconds. */
  refreshAfterMs?: number | null;
  /** How long the origin says that it stays the same (max-age, Expires); milliseconds. */
  freshForMs?: number | null;
  /** Hours of the day, UTC, in which it is not updated. */
  skipHours?: readonly number[];
}

/** When a feed that is well is fetched again: by how often it gets entries, but not before it asks for it. */
export function nextCheck(pace: Pace, now: Date, random = Math.random): Date {
  const byRate = WEEK_MS / Math.max(pace.perWeek, 1) / LOOKS_PER_ENTRY;
  const interval = Math.max(byRate, pace.refreshAfterMs ?? 0, pace.freshForMs ?? 0);
  return outsideOf(pace.skipHours ?? [], later(now, interval, random));
}

/**
 * When a feed that failed is fetched again: after 5 minutes, doubling up to a day, and not before the origin allows it.
 * @param times failures in a row
 */
export function nextTry(times: number, notBefore: Date | null, now: Date, random = Math.random): Date {
  const backoff = SHORTEST_MS * 2 ** Math.min(times - 1, 20);
  return later(now, Math.max(backoff, (notBefore?.getTime() ?? 0) - now.getTime()), random);
}

/** The jitter only ever adds: whoever asked for an interval gets it. */
function later(now: Date, ms: number, random: () => number): Date {
  const within = Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS);
  return new Date(now.getTime() + Math.round(within * (1 + JITTER * random())));
}

/** The first moment from then on that is in no such hour; all of them are no information. */
function outsideOf(hours: readonly number[], at: Date): Date {
  if (new Set(hours).size >= 24) return at;
  let time = at.getTime();
  while (hours.includes(new Date(time).getUTCHours())) time = (Math.floor(time / HOUR_MS) + 1) * HOUR_MS;
  return new Date(time);
}
