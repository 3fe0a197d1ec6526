import type { Log } from '@offload/runtime/logger';
import { sweepIdempotencyKeys } from '@offload/store/idempotency';
import type { Store } from '@offload/store/open-store';
import { failOverdueTasks } from '@offload/store/overdue-tasks';
import type { Quota } from '@offload/store/quota';
import type { Announce } from './announce.js';
import { refreshDueFeeds } from './feeds.js';
import type { FormerQueues } from './former-queues.js';
import { LeaseSweep } from './lease-sweep.js';
import { MessageSweep, type MessageSweepOptions } from './message-sweep.js';
import { relayDueTasks, type RelayDeps } from './relay.js';
import { makeDueTasks } from './schedules.js';

/** Something that the clock does again and again. */
export interface Rhythm {
  name: string;
  everyMs: number;
  /** Answers true when there is more to do at once. */
  turn: () => Promise<boolean | void>;
}

export interface RhythmDeps extends RelayDeps, MessageSweepOptions {
  store: Store;
  publisher: RelayDeps['publisher'];
  log: Log;
  announce: Announce;
  formerQueues: FormerQueues;
  /** Of the tasks that schedules make. */
  quota: Quota;
}

/** Blocked tasks older than this are looked at again, in milliseconds. */
const BLOCKED_AGE_MS = 10_000;
/** Open batches looked at in one turn: for those whose last finisher died. Each is a query of about a millisecond. */
const BATCHES = 10;
/** Feeds deleted in one turn: each may have ten thousand entries. */
const FEEDS = 10;
/** Documents in one turn of a sweep. */
const TURN = 500;

/** Everything that the clock does. Any number of clocks may run: every move is guarded. */
export const rhythms = (deps: RhythmDeps): Rhythm[] => [
  ...publishing(deps),
  ...leasesAndMessages(deps),
  ...endings(deps),
  ...removals(deps),
];

function publishing(deps: RhythmDeps): Rhythm[] {
  const { store, log, formerQueues } = deps;
  return [
    { name: 'relay', everyMs: 200, turn: async () => (await relayDueTasks(deps)).full },
    { name: 'schedules', everyMs: 250, turn: async () => (await makeDueTasks(deps)).full },
    { name: 'feeds', everyMs: 500, turn: async () => (await refreshDueFeeds(store, log)).full },
    {
      name: 'feeds without subscribers',
      everyMs: 20_000,
      turn: async () => void (await store.feedRemoval.sweepUnused(TURN)),
    },
    { name: 'former queues', everyMs: 30_000, turn: () => formerQueues.look() },
  ];
}

function leasesAndMessages(deps: RhythmDeps): Rhythm[] {
  const { store, log, announce } = deps;
  const leaseSweep = new LeaseSweep(store, log, announce);
  const messageSweep = new MessageSweep(deps);
  return [
    {
      name: 'leases',
      everyMs: 2_000,
      turn: async () => {
        const running = await store.sweeps.running();
        messageSweep.observe(running);
        await leaseSweep.sweep(running);
      },
    },
    { name: 'messages', everyMs: 15_000, turn: async () => void (await messageSweep.sweep()) },
  ];
}

function endings({ store, log, announce }: RhythmDeps): Rhythm[] {
  return [
    {
      name: 'effects',
      everyMs: 1_000,
      turn: async () => (await store.dependencies.sweepEffects(TURN)) === TURN,
    },
    {
      name: "batches' effects",
      everyMs: 1_000,
      turn: async () => (await store.batches.sweepEffects(BATCHES)) === BATCHES,
    },
    { name: 'webhooks', everyMs: 15_000, turn: async () => (await store.webhooks.sweep(TURN)) === TURN },
    {
      name: 'overdue',
      everyMs: 500,
      turn: async () => {
        const { found, failed } = await failOverdueTasks(store.connection, store.dependencies, TURN);
        for (const task of failed) {
          store.stats.ended(task, 'failed');
          announce(task, 'failed');
        }
        if (failed.length > 0) log.info('not begun by their expiresAt', { tasks: failed.length });
        return found === TURN;
      },
    },
    {
      name: 'blocked',
      everyMs: 2_000,
      turn: async () => void (await store.dependencies.sweepBlocked(BLOCKED_AGE_MS, TURN)),
    },
    {
      name: 'batches',
      everyMs: 1_000,
      turn: async () => void (await store.batches.sweepOpen(BATCHES)),
    },
  ];
}

/** What keeps the store from growing for ever. Each says how much it removed. */
function removals({ store, log }: RhythmDeps): Rhythm[] {
  const removal = (what: string, everyMs: number, remove: () => Promise<number>): Rhythm => ({
    name: what,
    everyMs,
    turn: async () => {
      const count = await remove();
      if (count > 0) log.info('removed', { what, count });
      return count >= TURN;
    },
  });
  return [
    removal('expired tasks', 30_000, () => store.sweeps.removeExpired(TURN)),
    removal('expired files', 30_000, () => store.files.removeExpired(store.tasks.now(), TURN)),
    removal('expired batches', 60_000, () => store.batches.removeExpired(TURN)),
    removal('unused feeds', 10_000, () => store.feedRemoval.removeUnused(FEEDS)),
    removal('idempotency keys', 60_000, () => sweepIdempotencyKeys(store.connection, TURN)),
    // Looks at so many files in a turn, whether any of them is one or not: a round over a million takes half a day.
    removal('orphaned files', 20_000, () => store.sweeps.removeOrphanFiles(TURN)),
  ];
}
