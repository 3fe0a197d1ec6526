import type { HistoryEntry } from '@offload/store/task-record';

/** How an attempt ended. `crash`: with its worker, so nobody knows how far it had come. */
export interface AttemptEnd {
  kind: 'retry' | 'snooze' | 'hand-back' | 'crash';
  /** Of the error that ended it: `timeout` for the attempt's own limit. null for a hand-back. */
  code: string | null;
}

/**
 * How the attempt before this one ended; null for a task's first, and for the first after an operator had it run again,
 * who has seen how it ended.
 * @param history of the task, with the claim of this attempt
 */
export function previousEnd(history: readonly HistoryEntry[] = []): AttemptEnd | null {
  for (const { move, code = null } of history.toReversed()) {
    if (move === 'take-over' || move === 'lease-sweep') return { kind: 'crash', code };
    if (move === 'retry' || move === 'snooze' || move === 'hand-back') return { kind: move, code };
    if (move === 'requeue') return null;
  }
  return null;
}
