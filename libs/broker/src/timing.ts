import { pause } from '@offload/runtime/pause';

export interface Delays {
  /** Milliseconds before the second try. */
  firstMs: number;
  /** Milliseconds, never exceeded. */
  longestMs: number;
}

/**
 * Milliseconds before try number `failures` + 1: doubling, between half of the step and the whole of it, so that
 * many processes do not come back in step and none comes back at once.
 */
export function backoffMs(failures: number, { firstMs, longestMs }: Delays, random = Math.random): number {
  const step = Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1));
  return Math.round(step / 2 + (random() * step) / 2);
}

/** The promise's outcome, or a rejection after so many milliseconds. What it waited for goes on. */
export async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  const settled = new AbortController();
  const late = pause(ms, settled.signal).then((): Promise<T> | T => {
    if (settled.signal.aborted) return promise;
    throw new Error(`${what} took longer than ${Math.round(ms)} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    settled.abort();
  }
}
