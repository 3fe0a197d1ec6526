import type { Progress } from '@offload/contracts/task';
import type { TaskRecord } from '@offload/store/task-record';
import type { Changed } from './announce.js';
import type { Lease, TaskStore } from '@offload/store/tasks';
import type { Log } from './handler.js';

/** A lease in this worker's hands. */
export interface HeldLease extends Lease {
  task: Changed & Pick<TaskRecord, 'lane'>;
  /** Written with the next beat, then cleared. */
  progress?: Progress;
  /** Called when the store says that the lease is someone else's now, or that the task has ended. */
  onLost(why: 'lease-lost' | 'cancelled'): void;
}

export interface Leases {
  hold(lease: HeldLease): void;
  release(lease: HeldLease): void;
  /** Attempts in work of a type and lane. */
  count(of: Pick<TaskRecord, 'type' | 'lane'>): number;
  /** Beats now when a lease of this task is held, so that its loss is known at once instead of with the next beat. */
  look(task: string): void;
  stop(): Promise<void>;
}

/** Takers wait until a beat stood still for about three of these. */
export const BEAT_MS = 1_000;

/** Raises the beat of every lease of this worker in one update a second, and tells those that were lost. */
export function keepLeases(options: {
  tasks: Pick<TaskStore, 'beat'>;
  log: Log;
  onProgress: (lease: HeldLease, progress: Progress) => void;
}): Leases {
  const { tasks, log } = options;
  const held = new Set<HeldLease>();
  let healthy = true;
  let beating: Promise<void> = Promise.resolve();
  let busy = false;
  /** Asked for while one was under way, which may have read the store before what the asker knows of. */
  let again = false;

  const beat = async (): Promise<void> => {
    const leases = [...held].map((lease) => ({ lease, progress: lease.progress }));
    for (const { lease } of leases) delete lease.progress;
    if (leases.length === 0) return;
    try {
      const lost = await tasks.beat(
        leases.map(({ lease, progress }) => ({
          id: lease.id,
          token: lease.token,
          ...(progress && { progress }),
        })),
      );
      healthy = true;
      for (const { lease, progress } of leases) if (progress) options.onProgress(lease, progress);
      const gone = new Map(lost.map((lease) => [`${lease.id} ${lease.token}`, lease]));
      // One that was released meanwhile was settled by us: that is no loss.
      for (const { lease } of leases) {
        const found = gone.get(`${lease.id} ${lease.token}`);
        if (found && held.has(lease)) lease.onLost(found.cancelled ? 'cancelled' : 'lease-lost');
      }
    } catch (error) {
      if (healthy) log.warn('the beat did not reach the store; trying again each second', { error });
      healthy = false;
      for (const { lease, progress } of leases) if (progress) lease.progress ??= progress;
    }
  };

  const turn = (): void => {
    if (busy) return;
    busy = true;
    beating = beat().finally(() => {
      busy = false;
      if (!again) return;
      again = false;
      turn();
    });
  };
  const timer = setInterval(turn, BEAT_MS);

  return {
    hold: (lease) => void held.add(lease),
    release: (lease) => void held.delete(lease),
    count: ({ type, lane }) =>
      [...held].filter(({ task }) => task.type === type && task.lane === lane).length,
    look(task) {
      if (![...held].some((lease) => lease.id === task)) return;
      again = busy;
      turn();
    },
    async stop() {
      clearInterval(timer);
      await beating;
    },
  };
}
