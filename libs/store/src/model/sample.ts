import type { Document } from './interpreter.js';
import type { Move } from '../move.js';
import type { Table } from './world.js';

/** Instants that samples use, so that comparisons come out each way. */
const INSTANTS = [1_000, 2_000, 3_000].map((time) => new Date(time));
const [EARLY, NOW, LATE] = INSTANTS as [Date, Date, Date];
const TASK = 'task';
const ERROR = { code: 'some-error', message: 'It went wrong.' };

/** Each move of the table in each of its forms, about the task that `sampleDocument` makes. */
export function sampleMoves(table: Table): Record<keyof Table, Move[]> {
  const holder = { id: TASK, seq: 1, token: 'a', beat: 1 };
  const p = { id: TASK, seq: 1, now: NOW, keepMs: 500, error: ERROR, dueAt: LATE, parent: 'p', attempts: 2 };
  const own = { ...p, token: 'a', worker: 'w' };
  return {
    relayTake: [
      table.relayTake({ ...p, holdMs: 10_000, relay: 'r' }),
      table.relayTake({ ...p, holdMs: 10_000, relay: 'r', queue: 'q.v2' }),
    ],
    relayRelease: [table.relayRelease({ ...p, holdMs: 10_000, relay: 'r' })],
    confirmed: [table.confirmed(p)],
    claim: [table.claim({ ...own, token: 'b' })],
    takeOver: [table.takeOver(holder, { ...own, token: 'b' })],
    sweepLease: [table.sweepLease(holder, p)],
    failCrashed: [table.failCrashed(holder, p)],
    beat: [table.beat(own)],
    progress: [table.progress({ ...own, progress: { done: 1, total: 2, note: null } })],
    finish: [table.finish({ ...own, result: { width: 1, sizes: [1, 2] } })],
    fail: [table.fail(own)],
    giveBack: [
      table.giveBack({ ...own, kind: 'retry' }),
      table.giveBack({ ...own, kind: 'snooze' }),
      table.giveBack({ ...own, kind: 'hand-back', counted: false, error: undefined }),
      table.giveBack({ ...own, kind: 'hand-back', counted: true, error: undefined }),
    ],
    putOff: [
      table.putOff({ ...p, brokerDeath: true }),
      table.putOff({ ...p, brokerDeath: false, error: undefined }),
    ],
    failWaiting: [table.failWaiting(p)],
    expire: [table.expire(p)],
    requeueLost: [table.requeueLost({ ...p, queuedAt: EARLY })],
    cancel: [table.cancel(p)],
    requeue: [
      table.requeue(p),
      table.requeue({ ...p, input: { edited: true } }),
      table.requeue({ ...p, webhook: true }),
    ],
    requeueBlocked: [
      table.requeueBlocked(p),
      table.requeueBlocked({ ...p, input: { edited: true }, version: 2, waitsFor: [] }),
      table.requeueBlocked({ ...p, webhook: true }),
    ],
    parentsDone: [
      table.parentsDone({ ...p, parents: ['p'] }),
      table.parentsDone({ ...p, parents: ['p', 'q'] }),
    ],
    release: [table.release({ id: TASK, now: NOW }), table.release({ ...p, dueAt: LATE })],
    releaseAtOnce: [
      table.releaseAtOnce({ id: TASK, now: NOW, parents: ['p'] }),
      table.releaseAtOnce({ ...p, dueAt: LATE, parents: ['p', 'q'] }),
    ],
    failDependent: [table.failDependent(p)],
    clearEffects: [table.clearEffects({ ...p, state: 'failed' })],
  };
}

/** Numbers in [0, 1) that are the same in every run: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A task with any combination of fields, likely and unlikely ones, near what the sample moves are guarded by. */
export function sampleDocument(random: () => number, state: string): Document {
  const pick = <T>(...of: T[]): T => of[Math.floor(random() * of.length)] as T;
  const maybe = (fields: Document): Document => (random() < 0.6 ? fields : {});
  return {
    _id: TASK,
    state: random() < 0.8 ? state : pick('blocked', 'scheduled', 'queued', 'running', 'failed', 'succeeded'),
    seq: pick(1, 1, 1, 2),
    attempt: pick(1, 2),
    attemptLimit: 3,
    crashes: pick(0, 1),
    handBacks: pick(0, 9),
    ...maybe({ brokerDeaths: pick(0, 1) }),
    holdMs: pick(10_000, 20_000),
    ...maybe({ dueAt: pick(...INSTANTS) }),
    ...maybe({ queuedAt: pick(EARLY, EARLY, LATE) }),
    ...maybe({ relay: pick('r', 'r', 's') }),
    ...(random() < 0.8
      ? { lease: { token: pick('a', 'a', 'a', 'c'), worker: 'w', beat: pick(1, 1, 1, 2) } }
      : {}),
    ...maybe({ lastToken: pick('a', 'c') }),
    ...maybe({ progress: { done: 0, total: null, note: 'begun' } }),
    ...maybe({ error: ERROR }),
    ...maybe({ effects: pick(['release'], ['release'], ['webhook'], ['webhook', 'release']) }),
    ...maybe({ expireAt: LATE, endedAt: NOW }),
    ...maybe({ expiresAt: pick(...INSTANTS) }),
    ...maybe({ history: [{ move: 'claim', at: EARLY }] }),
    waitsFor: pick([], [], ['p'], ['p', 'q'], ['q', 'p', 'p'], ['q']),
    changedAt: EARLY,
  };
}
