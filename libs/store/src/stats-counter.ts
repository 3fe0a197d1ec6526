import type { TaskRecord } from './task-record.js';
import {
  addDuration,
  noNumbers,
  seriesOf,
  type Counted,
  type StatsCount,
  type StatsNumbers,
} from './stats-record.js';
import { PUBLISH_GRACE_MS } from './task-record.js';

export const MINUTE_MS = 60_000;

/** What this process did to tasks, by minute (minutes since 1970), type and lane. */
export interface CountedRow {
  minute: number;
  series: string;
  numbers: StatsNumbers;
}

/**
 * Adds up in memory, so that counting costs the way of a task nothing; a flush writes the sums every few seconds. A
 * process that crashes takes what it had not flushed with it: the statistics then lack those seconds of its work, and
 * never count anything twice.
 */
export interface StatsCounter {
  /** Stored anew. */
  accepted(task: Counted): void;
  /** An attempt began; the task as its claim left it. */
  started(task: TaskRecord): void;
  /** It ended; `runMs`: for how long its last attempt ran, where one did. */
  ended(task: Counted, state: 'succeeded' | 'failed' | 'cancelled', runMs?: number): void;
  /** An attempt failed or its worker crashed, and it runs again. */
  retried(task: Counted, runMs?: number): void;
  /** Given back without an attempt being counted: at a worker's stop, or because the handler asked for it. */
  putOff(task: Counted): void;
  /** What was counted since the last call. */
  take(): CountedRow[];
  /** Everything that this process has counted, by series. */
  sinceStart(): ReadonlyMap<string, StatsNumbers>;
}

/** Rows that wait for a store that is away: about four hours of all types. The oldest are given up then. */
const MOST_ROWS = 5_000;

/** @param now the database's time */
export function createStatsCounter(now: () => Date): StatsCounter {
  let rows = new Map<string, CountedRow>();
  const all = new Map<string, StatsNumbers>();

  /** The two sums that a task's numbers go to. */
  const sums = (task: Counted): StatsNumbers[] => {
    const series = seriesOf(task);
    const minute = Math.floor(now().getTime() / MINUTE_MS);
    const key = `${minute} ${series}`;
    let row = rows.get(key);
    if (!row) {
      row = { minute, series, numbers: noNumbers() };
      rows.set(key, row);
      const [oldest] = rows.keys();
      if (rows.size > MOST_ROWS && oldest !== undefined) rows.delete(oldest);
    }
    let whole = all.get(series);
    if (!whole) all.set(series, (whole = noNumbers()));
    return [row.numbers, whole];
  };
  const count = (task: Counted, name: StatsCount, runMs?: number): void => {
    for (const numbers of sums(task)) {
      numbers[name] += 1;
      if (runMs !== undefined) addDuration(numbers.runMs, runMs);
    }
  };

  return {
    accepted: (task) => count(task, 'accepted'),
    started(task) {
      const waited = queueMsOf(task);
      for (const numbers of sums(task)) {
        numbers.started += 1;
        if (waited !== undefined) addDuration(numbers.queueMs, waited);
      }
    },
    ended: (task, state, runMs) => count(task, state, runMs),
    retried: (task, runMs) => count(task, 'retried', runMs),
    putOff: (task) => count(task, 'putOff'),
    take() {
      const taken = [...rows.values()];
      rows = new Map();
      return taken;
    },
    sinceStart: () => all,
  };
}

/** Moves by which a task becomes due at once. */
const DUE_BY = new Set(['release', 'requeue', 'lease-sweep']);

/**
 * How long a task was in its queue before this start, in milliseconds: since the broker had it, or, when the worker was
 * faster than the note of that, since it was due. undefined when that is not known: after a pause between attempts,
 * or of a task for later, what was waited for is not the queue.
 */
export function queueMsOf({
  startedAt,
  queuedAt,
  createdAt,
  attempt,
  history = [],
}: Pick<TaskRecord, 'startedAt' | 'queuedAt' | 'createdAt' | 'attempt' | 'history'>): number | undefined {
  if (!startedAt) return undefined;
  if (queuedAt) return startedAt.getTime() - queuedAt.getTime();
  const before = history.at(-2);
  if (before) return DUE_BY.has(before.move) ? startedAt.getTime() - before.at.getTime() : undefined;
  const age = startedAt.getTime() - createdAt.getTime();
  return attempt === 1 && age <= PUBLISH_GRACE_MS ? age : undefined;
}
