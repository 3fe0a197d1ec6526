import type { TaskState } from '@offload/contracts/task';
import type { Move } from './move.js';
import * as moves from './moves.js';
import type { TaskRecord } from './task-record.js';

/** A task that waits, as far as settling it needs. */
export type Dependent = Pick<TaskRecord, '_id' | 'waitsFor' | 'keepMs' | 'batch'>;

/** What is known of one that a task waits for: its state, that there is none, or that it has not ended (`open`). */
export type Fate = TaskState | 'gone' | 'open';

export interface Settling {
  /** At most one of each dependent. */
  first: Move[];
  /** To be applied after those: guarded by there being nothing left to wait for. */
  releases: Move[];
  /** When not all of `first` matched, somebody else was at one of them: the releases at once, in two steps. */
  missed: Pick<Settling, 'first' | 'releases'>;
  /** Those that, as they were read, wait for nothing any more. */
  released: string[];
  failed: string[];
}

/**
 * What follows for tasks from the fates of those that they wait for. Pure. A bad parent fails its dependent, whatever
 * the others do; good ones are taken out of `waitsFor`, all at once.
 */
export function settling(
  dependents: Dependent[],
  fateOf: (id: string, dependent: Dependent) => Fate,
  now: Date,
  dueAt?: Date,
): Settling {
  const first: Move[] = [];
  const releases: Move[] = [];
  const released: string[] = [];
  const failed: string[] = [];
  const missed: Settling['missed'] = { first: [], releases: [] };
  for (const dependent of dependents) {
    const { _id: id, waitsFor, keepMs } = dependent;
    const fates = waitsFor.map((parent) => ({ parent, fate: fateOf(parent, dependent) }));
    const bad = fates.find(({ fate }) => fate in BAD);
    if (bad) {
      const message = `Task ${bad.parent}, which this one waits for, ${BAD[bad.fate as keyof typeof BAD]}.`;
      const error = { code: 'dependency-failed', message };
      first.push(moves.failDependent({ id, parent: bad.parent, error, keepMs, now }));
      failed.push(id);
      continue;
    }
    const parents = fates.filter(({ fate }) => fate === 'succeeded').map(({ parent }) => parent);
    const all = parents.length === waitsFor.length;
    const way = all && parents.length > 0 ? missed : { first, releases };
    if (way === missed) first.push(moves.releaseAtOnce({ id, parents, now, dueAt }));
    if (parents.length > 0) way.first.push(moves.parentsDone({ id, parents }));
    // Another process may take out the rest at the same moment: whoever comes last finds nothing left.
    if (parents.length > 0 || all) way.releases.push(moves.release({ id, now, dueAt }));
    if (all) released.push(id);
  }
  return { first, releases, missed, released, failed };
}

const BAD = { failed: 'has failed', cancelled: 'was cancelled', gone: 'is gone' } as const;
