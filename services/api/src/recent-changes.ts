/** A change as an event told it. */
interface Change {
  task: string;
  owner: string;
  at: number;
}

/** Which tasks changed lately, so that a stream that was cut goes on where it was. */
export interface RecentChanges {
  add(change: Change): void;
  /** The owner's tasks that changed since then; null when that is longer ago than is remembered. */
  since(owner: string, at: number): string[] | null;
  /** Changes may have been missed before now. */
  restart(now: number): void;
}

/** At some 100 bytes each. */
const MOST = 50_000;
/** Senders' clocks are the database's, read every 30 s: they may differ by so much, milliseconds. */
const SKEW_MS = 2_000;

/** @param now of the database, milliseconds */
export function createRecentChanges(now: number): RecentChanges {
  let complete = now;
  let changes: Change[] = [];
  return {
    add(change) {
      changes.push(change);
      if (changes.length < 2 * MOST) return;
      changes = changes.slice(MOST);
      complete = Math.max(complete, (changes[0]?.at ?? 0) + SKEW_MS);
    },
    since(owner, at) {
      if (at < complete) return null;
      const from = at - SKEW_MS;
      const found = changes.filter((change) => change.owner === owner && change.at >= from);
      return [...new Set(found.map(({ task }) => task))];
    },
    restart(at) {
      complete = at;
      changes = [];
    },
  };
}
