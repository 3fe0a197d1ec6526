import type { z } from 'zod';

/** A check, for `.check()`, whose fault a function states; it answers undefined when there is none. */
export const statedFault =
  <T>(faultOf: (value: T) => string | undefined) =>
  ({ value, issues }: z.core.ParsePayload<T>): void => {
    const fault = faultOf(value);
    if (fault !== undefined) issues.push({ code: 'custom', message: fault, input: value });
  };
