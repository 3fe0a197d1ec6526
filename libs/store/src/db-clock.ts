/**
 * The database's time, for all that processes compare (dueAt, queuedAt, expireAt): nothing compares wall clocks
 * of two hosts (design section 5, rule 9). Between readings it advances with this host's monotonic clock, so a
 * jump of the wall clock changes nothing.
 */
export interface DbClock {
  now(): Date;
  /** Reads the database's time again; half the round trip is the error. */
  refresh(): Promise<void>;
}

/** @param localTime asks the database for its time (`hello`'s localTime) */
export function createDbClock(localTime: () => Promise<Date>, monotonic = () => performance.now()): DbClock {
  let offset = Date.now() - monotonic();
  return {
    now: () => new Date(Math.round(monotonic() + offset)),
    async refresh() {
      const asked = monotonic();
      const time = await localTime();
      offset = time.getTime() - (asked + monotonic()) / 2;
    },
  };
}
