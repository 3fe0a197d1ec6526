import type { Move } from '../move.js';
import type { Table } from './world.js';

/** The guard table with one fault in it: each must be found, or the checks prove nothing. */
export interface Mutation {
  fault: string;
  change: (table: Table) => Partial<Table>;
  /** The scenario that brings it to light, and the promise that it breaks. */
  scenario: string;
  promise: string;
}

/** A move without parts of its guard. */
function unguarded(move: Move, ...paths: string[]): Move {
  const guard = Object.fromEntries(Object.entries(move.guard).filter(([path]) => !paths.includes(path)));
  return { ...move, guard };
}

/** A move without parts of its update, in whichever operator they stand. */
function without(move: Move, ...paths: string[]): Move {
  const update = Object.fromEntries(
    Object.entries(move.update).map(([operator, fields]) => [
      operator,
      Object.fromEntries(Object.entries(fields as object).filter(([path]) => !paths.includes(path))),
    ]),
  );
  return { ...move, update };
}

export const MUTATIONS: Mutation[] = [
  {
    fault: 'relayTake does not look at dueAt',
    change: (table) => ({ relayTake: (p) => unguarded(table.relayTake(p), 'dueAt') }),
    scenario: 'publishing',
    promise: 'hold',
  },
  {
    fault: 'relayRelease does not look at the take',
    change: (table) => ({ relayRelease: (p) => unguarded(table.relayRelease(p), 'relay') }),
    scenario: 'publishing',
    promise: 'hold',
  },
  {
    fault: 'confirmed does not look at seq',
    change: (table) => ({ confirmed: (p) => unguarded(table.confirmed(p), 'seq') }),
    scenario: 'outcomes',
    promise: 'P1',
  },
  {
    fault: 'confirmed moves a task that a worker has begun',
    change: (table) => ({ confirmed: (p) => unguarded(table.confirmed(p), 'state') }),
    scenario: 'publishing',
    promise: 'P1',
  },
  {
    fault: 'claim does not look at seq',
    change: (table) => ({ claim: (p) => unguarded(table.claim(p), 'seq') }),
    scenario: 'old workers',
    promise: 'P1',
  },
  {
    fault: 'claim takes a running task',
    change: (table) => ({ claim: (p) => unguarded(table.claim(p), 'state') }),
    scenario: 'broker deaths',
    promise: 'P3',
  },
  {
    fault: 'claim does not count the attempt',
    change: (table) => ({ claim: (p) => without(table.claim(p), 'attempt') }),
    scenario: 'poison',
    promise: 'P5',
  },
  {
    fault: 'takeOver does not look at the beat',
    change: (table) => ({ takeOver: (holder, p) => unguarded(table.takeOver(holder, p), 'lease.beat') }),
    scenario: 'dying workers',
    promise: 'P5',
  },
  {
    fault: 'takeOver does not look at the token',
    change: (table) => ({ takeOver: (holder, p) => unguarded(table.takeOver(holder, p), 'lease.token') }),
    scenario: 'dying workers',
    promise: 'P5',
  },
  {
    fault: 'takeOver counts no attempt',
    change: (table) => ({ takeOver: (holder, p) => without(table.takeOver(holder, p), 'attempt') }),
    scenario: 'poison',
    promise: 'P5',
  },
  {
    fault: 'takeOver keeps the old token',
    change: (table) => ({
      takeOver: (holder, p) => table.takeOver(holder, { ...p, token: holder.token }),
    }),
    scenario: 'dying workers',
    promise: 'P3',
  },
  {
    fault: 'sweepLease does not look at the beat',
    change: (table) => ({ sweepLease: (holder, p) => unguarded(table.sweepLease(holder, p), 'lease.beat') }),
    scenario: 'dying workers',
    promise: 'P5',
  },
  {
    fault: 'sweepLease keeps seq',
    change: (table) => ({ sweepLease: (holder, p) => without(table.sweepLease(holder, p), 'seq') }),
    scenario: 'dying workers',
    promise: 'P1',
  },
  {
    fault: 'sweepLease leaves the token as the last one (docs/decisions/0002)',
    change: (table) => ({
      sweepLease: (holder, p) => {
        const { guard, update } = table.sweepLease(holder, p);
        return { guard, update: { ...update, $set: { ...update.$set, lastToken: holder.token } } };
      },
    }),
    scenario: 'dying workers',
    promise: 'P4',
  },
  {
    fault: 'failCrashed does not look at the beat',
    change: (table) => ({
      failCrashed: (holder, p) => unguarded(table.failCrashed(holder, p), 'lease.beat'),
    }),
    scenario: 'dying workers',
    promise: 'P5',
  },
  {
    fault: 'finish does not look at the token',
    change: (table) => ({ finish: (p) => unguarded(table.finish(p), 'lease.token') }),
    scenario: 'dying workers',
    promise: 'P3',
  },
  {
    fault: 'finish looks at nothing',
    change: (table) => ({ finish: (p) => unguarded(table.finish(p), 'lease.token', 'state') }),
    scenario: 'dying workers',
    promise: 'P3',
  },
  {
    fault: 'finish does not name its maker',
    change: (table) => ({ finish: (p) => without(table.finish(p), 'lastToken') }),
    scenario: 'lost replies',
    promise: 'P4',
  },
  {
    fault: 'finish leaves the lease',
    change: (table) => ({ finish: (p) => without(table.finish(p), 'lease') }),
    scenario: 'publishing',
    promise: 'P1',
  },
  {
    fault: 'fail does not look at the token',
    change: (table) => ({ fail: (p) => unguarded(table.fail(p), 'lease.token') }),
    scenario: 'outcomes',
    promise: 'P3',
  },
  {
    fault: 'giveBack does not look at the token',
    change: (table) => ({ giveBack: (p) => unguarded(table.giveBack(p), 'lease.token') }),
    scenario: 'outcomes',
    promise: 'P3',
  },
  {
    fault: 'giveBack keeps seq',
    change: (table) => ({ giveBack: (p) => without(table.giveBack(p), 'seq') }),
    scenario: 'outcomes',
    promise: 'P1',
  },
  {
    fault: 'giveBack counts a hand-back',
    change: (table) => ({ giveBack: (p) => without(table.giveBack(p), 'attempt') }),
    scenario: 'outcomes',
    promise: 'P5',
  },
  {
    fault: 'putOff does not look at seq',
    change: (table) => ({ putOff: (p) => unguarded(table.putOff(p), 'seq') }),
    scenario: 'broker deaths',
    promise: 'P1',
  },
  {
    fault: 'failWaiting ends a running task',
    change: (table) => ({ failWaiting: (p) => unguarded(table.failWaiting(p), 'state') }),
    scenario: 'broker deaths',
    promise: 'P3',
  },
  {
    fault: 'requeueLost does not look at the state',
    change: (table) => ({ requeueLost: (p) => unguarded(table.requeueLost(p), 'state', 'queuedAt') }),
    scenario: 'lost messages',
    promise: 'P3',
  },
  {
    fault: 'cancel reaches an ended task',
    change: (table) => ({ cancel: (p) => unguarded(table.cancel(p), 'state') }),
    scenario: 'operator',
    promise: 'P3',
  },
  {
    fault: 'requeue reaches any task',
    change: (table) => ({ requeue: (p) => unguarded(table.requeue(p), 'state') }),
    scenario: 'operator',
    promise: 'P1',
  },
  {
    fault: 'requeue keeps seq',
    change: (table) => ({ requeue: (p) => without(table.requeue(p), 'seq') }),
    scenario: 'operator',
    promise: 'P1',
  },
  {
    fault: 'requeue leaves the expiry',
    change: (table) => ({ requeue: (p) => without(table.requeue(p), 'expireAt') }),
    scenario: 'operator',
    promise: 'P1',
  },
];

export const DEPENDENCY_MUTATIONS: Mutation[] = [
  {
    fault: 'release does not wait for the last parent',
    change: (table) => ({ release: (p) => unguarded(table.release(p), 'waitsFor') }),
    scenario: 'two parents',
    promise: 'order',
  },
  {
    fault: 'release reaches a task that is not blocked',
    change: (table) => ({ release: (p) => unguarded(table.release(p), 'state') }),
    scenario: 'one parent',
    promise: 'once',
  },
  {
    fault: 'releaseAtOnce does not look at what it waits for',
    change: (table) => ({ releaseAtOnce: (p) => unguarded(table.releaseAtOnce(p), 'waitsFor') }),
    scenario: 'two parents',
    promise: 'order',
  },
  {
    fault: 'releaseAtOnce reaches a task that is not blocked',
    change: (table) => ({ releaseAtOnce: (p) => unguarded(table.releaseAtOnce(p), 'state', 'waitsFor') }),
    scenario: 'one parent',
    promise: 'once',
  },
  {
    fault: 'failDependent reaches a task that is not blocked',
    change: (table) => ({ failDependent: (p) => unguarded(table.failDependent(p), 'state') }),
    scenario: 'one parent',
    promise: 'once',
  },
  {
    fault: 'failDependent does not look at the parent',
    change: (table) => ({ failDependent: (p) => unguarded(table.failDependent(p), 'waitsFor', 'state') }),
    scenario: 'two parents',
    promise: 'once',
  },
  {
    fault: 'parentsDone pulls nothing',
    change: (table) => ({ parentsDone: (p) => without(table.parentsDone(p), 'waitsFor') }),
    scenario: 'two parents',
    promise: 'P1',
  },
  {
    fault: 'requeue takes a task that still waits for others',
    change: (table) => ({ requeue: (p) => unguarded(table.requeue(p), 'waitsFor') }),
    scenario: 'run again',
    promise: 'order',
  },
];
