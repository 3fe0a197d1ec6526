import { lanes, type Lane } from '@offload/contracts/task';

/** What happened to tasks, as it is counted: each is one more of its kind. */
export const statsCounts = [
  'accepted',
  'started',
  'succeeded',
  'failed',
  'cancelled',
  'retried',
  'putOff',
] as const;
export type StatsCount = (typeof statsCounts)[number];

/** Durations that are kept as a histogram, in milliseconds. */
export const statsTimes = ['queueMs', 'runMs'] as const;
export type StatsTime = (typeof statsTimes)[number];

/**
 * Upper bounds of the histogram's buckets, milliseconds; what is longer is in the last bucket, which has none. Three a
 * decade: a quantile read from it is right to within its bucket.
 */
export const BOUNDS_MS: readonly number[] = [
  5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6,
];

/** Durations; `buckets[i]` counts those of at most `BOUNDS_MS[i]`, the last one those above all. */
export interface Durations {
  count: number;
  sum: number;
  max: number;
  buckets: number[];
}

/** What happened in a time, of one type and lane. */
export type StatsNumbers = Record<StatsCount, number> & Record<StatsTime, Durations>;

export const noDurations = (): Durations => ({
  count: 0,
  sum: 0,
  max: 0,
  buckets: Array.from({ length: BOUNDS_MS.length + 1 }, () => 0),
});

export const noNumbers = (): StatsNumbers => ({
  ...(Object.fromEntries(statsCounts.map((name) => [name, 0])) as Record<StatsCount, number>),
  queueMs: noDurations(),
  runMs: noDurations(),
});

const bucketOf = (ms: number): number => {
  const at = BOUNDS_MS.findIndex((bound) => ms <= bound);
  return at === -1 ? BOUNDS_MS.length : at;
};

/** One duration more. Never below 0: two readings of the database's clock may disagree by a few milliseconds. */
export function addDuration(to: Durations, ms: number): void {
  const of = Math.max(0, Math.round(ms));
  const bucket = bucketOf(of);
  to.count += 1;
  to.sum += of;
  to.max = Math.max(to.max, of);
  to.buckets[bucket] = (to.buckets[bucket] ?? 0) + 1;
}

/** Adds the numbers of another time or series. */
export function addNumbers(to: StatsNumbers, from: StatsNumbers): void {
  for (const name of statsCounts) to[name] += from[name];
  for (const name of statsTimes) {
    const [into, add] = [to[name], from[name]];
    into.count += add.count;
    into.sum += add.sum;
    into.max = Math.max(into.max, add.max);
    into.buckets = into.buckets.map((inBucket, i) => inBucket + (add.buckets[i] ?? 0));
  }
}

/**
 * The duration that this share of them does not exceed, in milliseconds: exact to its bucket, within which they are
 * taken as evenly spread. null when there are none.
 * @param share 0 to 1, e.g. 0.95
 */
export function quantile({ count, max, buckets }: Durations, share: number): number | null {
  if (count === 0) return null;
  const rank = share * count;
  let below = 0;
  for (const [i, inBucket] of buckets.entries()) {
    if (inBucket > 0 && below + inBucket >= rank) {
      const from = BOUNDS_MS[i - 1] ?? 0;
      const to = Math.min(BOUNDS_MS[i] ?? max, max);
      return Math.round(from + ((to - from) * (rank - below)) / inBucket);
    }
    below += inBucket;
  }
  return max;
}

/** Of the task that something happened to. */
export interface Counted {
  type: string;
  lane: Lane;
}

/** A type and lane in one word: types have no space in them. */
export const seriesOf = ({ type, lane }: Counted): string => `${type} ${lane}`;

export function countedOf(series: string): Counted {
  const [type = '', lane = ''] = series.split(' ');
  return { type, lane: lanes.find((each) => each === lane) ?? 'interactive' };
}
