import type { TaskRecord } from '@offload/store/task-record';
import { hasEnded } from '@offload/store/tasks';

/** Requests that wait for the end of something, e.g. of a task. */
export interface Waits<T> {
  /** A hint that it has ended; whoever waits for it reads it again. */
  hint(id: string): void;
  /**
   * It, once it has ended, or as it is after `ms` milliseconds, when the signal aborts or all waits end; null
   * when there is no such thing (any more).
   */
  untilEnded(id: string, ms: number, signal: AbortSignal): Promise<T | null>;
  /** Ends every wait, now and from now on. */
  endAll(): void;
  /** Waits that are going on. */
  readonly count: number;
}

export type TaskWaits = Waits<TaskRecord>;

/** Hints can be lost with the broker's connection: without one, a waiting request reads again after this time. */
const REREAD_MS = 1_000;

/**
 * @param get reads a task
 * @param rereadMs given in tests
 */
export const createTaskWaits = (
  get: (id: string) => Promise<TaskRecord | null>,
  rereadMs = REREAD_MS,
): TaskWaits => createWaits(get, hasEnded, rereadMs);

/** @param ended whether it has */
export function createWaits<T>(
  get: (id: string) => Promise<T | null>,
  ended: (found: T) => boolean,
  rereadMs = REREAD_MS,
): Waits<T> {
  const waiting = new Map<string, Set<() => void>>();
  let count = 0;
  let over = false;

  return {
    get count() {
      return count;
    },
    hint(id) {
      for (const wake of waiting.get(id) ?? []) wake();
    },
    endAll() {
      over = true;
      for (const bells of waiting.values()) for (const wake of bells) wake();
    },
    async untilEnded(id, ms, signal) {
      const bell = createBell();
      const end = performance.now() + ms;
      const bells = waiting.get(id) ?? new Set();
      waiting.set(id, bells.add(bell.ring));
      signal.addEventListener('abort', bell.ring);
      count += 1;
      try {
        for (;;) {
          const found = await get(id);
          const left = end - performance.now();
          if (!found || ended(found) || left <= 0 || over || signal.aborted) return found;
          await bell.heard(Math.min(left, rereadMs));
        }
      } finally {
        count -= 1;
        signal.removeEventListener('abort', bell.ring);
        bells.delete(bell.ring);
        if (bells.size === 0) waiting.delete(id);
      }
    },
  };
}

/** Remembers a ring that came while nobody listened. */
function createBell(): { ring: () => void; heard: (ms: number) => Promise<void> } {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    heard: async (ms) => {
      let timer: NodeJS.Timeout | undefined;
      if (!rung)
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, ms);
        });
      clearTimeout(timer);
      wake = undefined;
      rung = false;
    },
  };
}
