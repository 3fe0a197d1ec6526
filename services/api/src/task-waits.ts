import type { TaskRecord } from '@offload/store/task-record';
import { hasEnded } from '@offload/store/tasks';

/** Requests that wait for the end of a task. */
export interface TaskWaits {
  /** A hint that this task has ended; whoever waits for it reads it again. */
  hint(task: string): void;
  /**
   * The task once it has ended, or as it is after `ms` milliseconds, when the signal aborts or all waits end; null
   * when there is no such task (any more).
   */
  untilEnded(id: string, ms: number, signal: AbortSignal): Promise<TaskRecord | null>;
  /** Ends every wait, now and from now on. */
  endAll(): void;
  /** Waits that are going on. */
  readonly count: number;
}

/** Hints can be lost with the broker's connection: without one, a waiting request reads again after this time. */
const REREAD_MS = 1_000;

/**
 * @param get reads a task
 * @param rereadMs given in tests
 */
export function createTaskWaits(
  get: (id: string) => Promise<TaskRecord | null>,
  rereadMs = REREAD_MS,
): TaskWaits {
  const waiting = new Map<string, Set<() => void>>();
  let count = 0;
  let over = false;

  return {
    get count() {
      return count;
    },
    hint(task) {
      for (const wake of waiting.get(task) ?? []) wake();
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
          const task = await get(id);
          const left = end - performance.now();
          if (!task || hasEnded(task) || left <= 0 || over || signal.aborted) return task;
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
