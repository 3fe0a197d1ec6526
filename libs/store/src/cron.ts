import { Cron } from 'croner';

/** When something recurs. */
export interface Recurrence {
  /** 5 fields, or 6 with seconds first; or `@hourly`, `@daily`, … */
  cron: string;
  /** A name of the IANA time zone database, e.g. `Europe/Berlin`. */
  timeZone: string;
}

/**
 * What becomes of ticks that nobody was there for: nothing, one task for the last of them (none when a newer tick
 * is on time), or one for each, at most {@link MOST_CAUGHT_UP}.
 */
export const catchUps = ['none', 'latest', 'all'] as const;
export type CatchUp = (typeof catchUps)[number];

/** Ticks in one catch-up; older ones are dropped, so that an outage does not end in a flood. */
export const MOST_CAUGHT_UP = 1_000;

/** A tick up to so late counts as on time, in milliseconds: longer than a restart of the only clock. */
export const ON_TIME_MS = 30_000;

/** A recurrence that cannot be computed. The message continues the field's name. */
export class BadRecurrence extends Error {
  override readonly name = 'BadRecurrence';

  constructor(
    readonly field: keyof Recurrence,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The next times, strictly after a time. In a daylight saving change (croner's rule, which is that of Vixie cron):
 * a tick at one time of day that falls into the gap comes right after it, and one in the repeated hour comes once,
 * at the first; ticks at intervals (`*`, lists, ranges) skip the gap and come in both.
 * @returns fewer than `count` when there are no more; throws BadRecurrence
 */
export function nextTicks(recurrence: Recurrence, after: Date, count: number): Date[] {
  return parse(recurrence).nextRuns(count, after);
}

/**
 * The ticks from `nextAt` (itself one) to now that are to be done, oldest first, and the first one after now.
 * @returns `next` is absent when there are no more; throws BadRecurrence
 */
export function dueTicks(
  schedule: Recurrence & { catchUp: CatchUp; nextAt: Date },
  now: Date,
): { due: Date[]; next?: Date } {
  const { nextAt, catchUp } = schedule;
  const cron = parse(schedule);
  const next = cron.nextRun(now) ?? undefined;
  const limit = catchUp === 'all' ? MOST_CAUGHT_UP : ON_TIME_MS / 1_000 + 1;
  const ticks = ticksBetween(cron, nextAt, now, limit);
  const onTime = ticks.filter((tick) => now.getTime() - tick.getTime() <= ON_TIME_MS);
  const missed = catchUp === 'all' ? ticks : ticks.slice(-1);
  const due = catchUp === 'all' || (catchUp === 'latest' && onTime.length === 0) ? missed : onTime;
  return { due, ...(next && { next }) };
}

/** Both ends included; the last `limit`, oldest first. Counts backwards, so a long outage costs no more. */
function ticksBetween(cron: Cron, first: Date, now: Date, limit: number): Date[] {
  const second = cron.nextRun(first);
  if (!second || second > now) return [first];
  // Strictly before; ticks are whole seconds.
  const before = new Date(now.getTime() + 1);
  for (let count = 8; ; count *= 4) {
    const found = cron.previousRuns(Math.min(count, limit), before);
    const ticks = found.filter((tick) => tick > first).reverse();
    if (ticks.length === limit) return ticks;
    if (ticks.length < Math.min(count, limit)) return [first, ...ticks];
  }
}

const FIELDS = /^\S+(\s+\S+){4,5}$/;
const NICKNAME = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;

function parse({ cron, timeZone }: Recurrence): Cron {
  checkTimeZone(timeZone);
  if (!FIELDS.test(cron) && !NICKNAME.test(cron))
    throw new BadRecurrence(
      'cron',
      'has 5 fields (minute hour day month weekday), or 6 with seconds first, e.g. 30 2 * * 1-5',
    );
  // croner reads it as "the time at which this is parsed": every reading would give other ticks.
  if (cron.includes('?')) throw new BadRecurrence('cron', 'may not have ?; write * for any');
  try {
    return new Cron(cron, { timezone: timeZone, paused: true, mode: '5-or-6-parts' });
  } catch (error) {
    throw new BadRecurrence('cron', `cannot be read: ${reasonOf(error)}`);
  }
}

const reasonOf = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).replace(/^CronPattern: /, '');

function checkTimeZone(name: string): void {
  // Newer versions of Node.js take offsets, too, which is no zone and has no daylight saving.
  if (/^[A-Za-z]/.test(name) && isKnown(name)) return;
  const wanted = name.toLowerCase().replaceAll(' ', '_');
  const near = Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase().endsWith(`/${wanted}`));
  const hint = near ? `did you mean ${near}?` : 'take an IANA name such as Europe/Berlin, or UTC';
  throw new BadRecurrence('timeZone', `is not a known time zone; ${hint}`);
}

function isKnown(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
