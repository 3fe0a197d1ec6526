import { InvalidArgumentError } from 'commander';

/** A whole number from `least` on. */
export const wholeNumber =
  (least: number) =>
  (given: string): number => {
    const value = Number(given);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It has to be a whole number from ${least} on.`);
    return value;
  };

/** A time as RFC 3339 with `Z` or an offset: without one, two machines would mean two times. */
export function time(given: string): string {
  if (!/T.*(Z|[+-]\d\d:\d\d)$/i.test(given) || Number.isNaN(Date.parse(given)))
    throw new InvalidArgumentError('It has to be a time such as 2027-01-31T08:00:00Z.');
  return given;
}

/** For an option that may be given several times. */
export const several = (given: string, before: string[] = []): string[] => [...before, given];
