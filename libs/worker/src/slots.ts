import type { Lane } from '@offload/contracts/task';

/** Gives the slot back; calling it twice does no harm. */
export type GiveBack = () => void;

/**
 * How many handlers run at once in this process. Each lane has its own count, so that a full bulk lane delays
 * nobody else; within a lane it is first come, first served.
 */
export interface Slots {
  take(lane: Lane): Promise<GiveBack>;
  /** Waits until nothing else runs, and lets nothing else begin meanwhile (design section 5, rule 10). */
  alone(): Promise<GiveBack>;
}

type Want = Lane | 'alone';

/** @param bulk those of the bulk lane, when they are fewer */
export function createSlots(perLane: number, bulk = perLane): Slots {
  const used = new Map<Want, number>();
  let waiting: { want: Want; go: () => void }[] = [];
  const inUse = (want: Want): number => used.get(want) ?? 0;
  const add = (want: Want, count: number): void => void used.set(want, inUse(want) + count);

  const mayGo = (want: Want): boolean => {
    if (inUse('alone') > 0) return false;
    if (want === 'alone') return [...used.values()].every((count) => count === 0);
    return inUse(want) < (want === 'bulk' ? bulk : perLane);
  };

  const pump = (): void => {
    const kept: typeof waiting = [];
    let behindAlone = false;
    for (const waiter of waiting) {
      if (behindAlone || !mayGo(waiter.want)) kept.push(waiter);
      else {
        add(waiter.want, 1);
        waiter.go();
      }
      // Nobody overtakes one that wants the process for itself, or it would wait for ever.
      if (waiter.want === 'alone') behindAlone = true;
    }
    waiting = kept;
  };

  const acquire = (want: Want): Promise<GiveBack> =>
    new Promise((resolve) => {
      let given = false;
      const giveBack = (): void => {
        if (given) return;
        given = true;
        add(want, -1);
        pump();
      };
      waiting.push({ want, go: () => resolve(giveBack) });
      pump();
    });

  return { take: (lane) => acquire(lane), alone: () => acquire('alone') };
}
