import { z } from 'zod';

/** A time as requests give it. */
export const givenTime = z.iso.datetime({
  offset: true,
  error: 'must be an RFC 3339 time, e.g. 2026-01-31T08:00:00Z',
});

/** The same, as a date. */
export const givenDate = givenTime.transform((text) => new Date(text));

/** A time as answers show it: RFC 3339, UTC. */
export const iso = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;
