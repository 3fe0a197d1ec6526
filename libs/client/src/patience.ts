import { ApiUnreachable, ProblemError } from './errors.js';

/** The first pause, and the longest, in milliseconds. */
const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** Whether asking again may help: no answer, too many requests, or a fault of the server's side. */
export const maybePasses = (error: unknown): boolean =>
  error instanceof ApiUnreachable ||
  (error instanceof ProblemError && (error.status === 429 || error.status >= 500));

/** Exponential, with jitter, so that clients of a restarted API do not come back in step. In milliseconds. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return full / 2 + (full / 2) * random();
}

/** For what goes on for long: how often in a row it may fail. */
export class Patience {
  #failures = 0;

  /** @param most failures in a row after which the last one is thrown */
  constructor(readonly most: number) {}

  /** It worked. */
  reset(): void {
    this.#failures = 0;
  }

  /** Pauses before the next try; throws the error if there is no use in one. */
  async afterFailure(error: unknown, signal?: AbortSignal): Promise<void> {
    if (!maybePasses(error) || ++this.#failures > this.most) throw error;
    const asked = error instanceof ProblemError ? error.retryAfterMs : null;
    await pause(Math.max(asked ?? 0, backoffMs(this.#failures)), signal);
  }
}

/** Rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
