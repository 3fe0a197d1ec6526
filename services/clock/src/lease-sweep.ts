import type { Log } from '@offload/runtime/logger';
import { failCrashed, sweepLease, type Holder } from '@offload/store/moves';
import type { Store } from '@offload/store/open-store';
import type { RunningTask } from '@offload/store/sweeps';
import type { Announce } from './announce.js';

/** A lease whose beat stood still for so long, by this process's own clock, is over. Takers come first (3 s). */
export const STILL_MS = 15_000;

interface Sighting {
  beat: number;
  /** Monotonic, milliseconds. */
  since: number;
}

/**
 * The backstop for leases whose holder is gone while no redelivery brings a taker. It compares no wall clocks: a
 * beat must have been seen to stand still on this sweeper's own monotonic clock.
 */
export class LeaseSweep {
  #sightings = new Map<string, Sighting>();
  #lastSweep = 0;

  constructor(
    private readonly store: Pick<Store, 'tasks' | 'dependencies' | 'stats'>,
    private readonly log: Log,
    private readonly announce: Announce,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  /** @param running all running tasks, as just read */
  async sweep(running: RunningTask[]): Promise<void> {
    const now = this.monotonic();
    // A sweeper that was frozen, or without the database, saw nothing stand still: it begins anew.
    if (now - this.#lastSweep > STILL_MS / 2) this.#sightings.clear();
    this.#lastSweep = now;
    const seen = new Map<string, Sighting>();
    for (const task of running) {
      const holder = holderOf(task);
      const before = this.#sightings.get(holder.token + holder.id);
      const sighting = before?.beat === holder.beat ? before : { beat: holder.beat, since: now };
      if (now - sighting.since < STILL_MS) seen.set(holder.token + holder.id, sighting);
      else await this.#end(task, holder);
    }
    this.#sightings = seen;
  }

  async #end(task: RunningTask, holder: Holder): Promise<void> {
    const { tasks, dependencies, stats } = this.store;
    const worker = task.lease?.worker;
    const last = task.attempt >= task.attemptLimit;
    const error = {
      code: 'worker-crashed',
      message: `Its worker gave no sign of life for ${STILL_MS / 1000} s, at attempt ${task.attempt} of ${task.attemptLimit}.`,
    };
    const now = tasks.now();
    const move = last
      ? failCrashed(holder, { error, keepMs: task.keepMs, now })
      : sweepLease(holder, { error, now });
    if (!(await tasks.apply(move))) return;
    if (last) stats.ended(task, 'failed');
    else stats.retried(task);
    this.log.warn('lease ended', { task: task._id, worker, last });
    this.announce(task, last ? 'failed' : 'scheduled');
    if (last) await dependencies.carryOut([task._id]);
  }
}

const holderOf = (task: RunningTask): Holder => ({
  id: task._id,
  seq: task.seq,
  token: task.lease?.token ?? '',
  beat: task.lease?.beat ?? 0,
});
