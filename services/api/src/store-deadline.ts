import { storeUnavailable } from './problem-of-error.js';

/** Milliseconds. A database that is well answers in a few; one that is gone for good is noticed by the driver. */
const STORE_MS = 5_000;

/** When those calls began that are under way, the oldest first. One process is one API, so one list is enough. */
const underWay = new Set<{ began: number }>();

/** How many milliseconds the n-th oldest call has been under way (1: the oldest); 0 when there are fewer. */
export function ageOfStoreCall(n: number): number {
  let left = n;
  for (const { began } of underWay) if (--left === 0) return performance.now() - began;
  return 0;
}

export const storeCallsUnderWay = (): number => underWay.size;

/**
 * The outcome of a call to the store, or a Problem `store-unavailable` when there is none in time: on a link that
 * swallows everything the driver would wait for half a minute. The call itself goes on.
 */
export async function inTime<T>(call: Promise<T>): Promise<T> {
  const entry = { began: performance.now() };
  underWay.add(entry);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(storeUnavailable(new Error('no answer in time'))), STORE_MS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
    underWay.delete(entry);
  }
}
