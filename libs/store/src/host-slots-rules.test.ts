import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  apply,
  LONGEST_HOLD_MS,
  newHost,
  SLOT_LEASE_MS,
  type HostLimits,
  type HostRecord,
  type HostRequest,
} from './host-slots-rules.js';

const START = Date.parse('2026-03-01T12:00:00Z');
const SLOW: HostLimits = { concurrency: 1, ratePerSecond: 1 };
const WIDE: HostLimits = { concurrency: 3, ratePerSecond: 10 };

let record: HostRecord;
beforeEach(() => {
  record = newHost('example.com', new Date(START));
});

/** Milliseconds after START until the turn; null: let in (or nothing to tell). */
function ask(request: HostRequest, limits: HostLimits, atMs = 0): number | null {
  const until = apply(record, request, limits, new Date(START + atMs));
  return until && until.getTime() - START;
}

const enter = (id: string, limits: HostLimits, atMs = 0): number | null =>
  ask({ kind: 'enter', id, ticket: id }, limits, atMs);
const leave = (id: string, atMs: number): null => ask({ kind: 'leave', id }, WIDE, atMs) as null;
const hold = (ms: number, limits: HostLimits, atMs = 0): null =>
  ask({ kind: 'hold', ms }, limits, atMs) as null;

describe('a host at rest', () => {
  test('takes as many at once as may work at once, and then one a pace', () => {
    const answers = ['a', 'b', 'c', 'd'].map((id) => enter(id, WIDE));
    expect(answers.slice(0, 3)).toEqual([null, null, null]);
    expect(answers[3]).toBeGreaterThan(0);
    ['a', 'b', 'c'].forEach((id) => leave(id, 1));
    expect(enter('e', WIDE, 150)).toBeGreaterThan(150);
  });

  test('keeps the rate in the long run, however fast the exchanges are', () => {
    let begun = 0;
    for (let ms = 0; ms < 10_000; ms += 10) {
      if (enter(`t${ms}`, { concurrency: 2, ratePerSecond: 5 }, ms) !== null) continue;
      begun++;
      leave(`t${ms}`, ms);
      // Nobody waits: what was told to come back is gone for good.
      record.turns = [];
    }
    expect(begun).toBeLessThanOrEqual(52);
    expect(begun).toBeGreaterThan(0);
  });
});

describe('a busy host', () => {
  test('gives 100 tasks turns of their own, in order, a pace apart', () => {
    enter('first', SLOW);
    const turns = Array.from({ length: 100 }, (_, n) => enter(`t${n}`, SLOW) ?? -1);
    expect(turns).toEqual([...turns].sort((a, b) => a - b));
    expect(new Set(turns).size).toBe(100);
    expect(turns[0]).toBe(1_000);
    expect(turns[99]).toBe(100_000);
  });

  test('lets in at its turn who was told to come, before those who come by', () => {
    enter('first', SLOW);
    const turn = enter('waiting', SLOW)!;
    leave('first', 500);
    expect(enter('newcomer', SLOW, turn)).toBeGreaterThan(turn);
    expect(enter('waiting', SLOW, turn)).toBeNull();
  });

  test('takes all who wait in the order in which they came, each when its turn comes', () => {
    enter('first', SLOW);
    const turns = new Map<string, number>(
      Array.from({ length: 50 }, (_, n) => [`t${n}`, enter(`t${n}`, SLOW)!]),
    );
    leave('first', 100);
    const order: string[] = [];
    for (let ms = 0; ms <= 60_000; ms += 250)
      for (const [id, at] of turns) {
        if (at > ms) continue;
        const later = enter(id, SLOW, ms);
        if (later === null) {
          order.push(id);
          turns.delete(id);
          leave(id, ms + 100);
        } else turns.set(id, later);
      }
    expect(order).toEqual(Array.from({ length: 50 }, (_, n) => `t${n}`));
  });

  test('sends who finds all slots taken at its turn away for a while, and keeps its place in the line', () => {
    enter('slow', SLOW);
    const [one, two] = [enter('one', SLOW)!, enter('two', SLOW)!];
    const oneLater = enter('one', SLOW, one)!;
    const twoLater = enter('two', SLOW, two)!;
    expect(oneLater).toBeGreaterThan(one);
    expect(twoLater).toBeGreaterThan(oneLater);
    leave('slow', oneLater - 1);
    expect(enter('newcomer', SLOW, oneLater)).toBeGreaterThan(twoLater);
    expect(enter('one', SLOW, oneLater)).toBeNull();
  });

  test('tells times that fit how long its exchanges take', () => {
    enter('slow', SLOW);
    leave('slow', 3_000);
    enter('next', SLOW, 4_000);
    expect(enter('waiting', SLOW, 4_000)).toBe(7_000);
  });

  test('has nobody come back in vain too often, nor wait too long when it is faster than thought', () => {
    const hanging: HostLimits = { concurrency: 2, ratePerSecond: 10 };
    enter('a', hanging);
    enter('b', hanging);
    const turns = new Map(Array.from({ length: 200 }, (_, n) => [`t${n}`, enter(`t${n}`, hanging)!]));
    let inVain = 0;
    for (let ms = 0; ms < 25_000; ms += 100)
      for (const [id, at] of turns)
        if (at <= ms) {
          const later = enter(id, hanging, ms)!;
          expect(later).toBeLessThan(ms + 25_000);
          turns.set(id, later);
          inVain++;
        }
    expect(inVain).toBeLessThan(600);
    expect(new Set(turns.values()).size).toBe(200);
  });

  test('takes two tasks that ask for the same at two turns', () => {
    enter('first', SLOW);
    const same = (atMs: number) => ask({ kind: 'enter', id: `at ${atMs}`, ticket: 'same' }, SLOW, atMs);
    const [one, two] = [same(0)!, same(1)!];
    expect(two).toBeGreaterThan(one);
    leave('first', 100);
    expect(same(one)).toBeNull();
    leave(`at ${one}`, one + 100);
    expect(same(two)).toBeNull();
  });

  test('tells those for whom the line is too long distinct times after it, and lets them in then', () => {
    enter('first', SLOW);
    const turns = Array.from({ length: 1_200 }, (_, n) => enter(`t${n}`, SLOW)!);
    expect(new Set(turns).size).toBe(1_200);
    expect(turns).toEqual([...turns].sort((a, b) => a - b));
    expect(record.turns).toHaveLength(1_000);
    leave('first', 100);
    record.turns = [];
    expect(enter('t1100', SLOW, turns[1_100])).toBeNull();
  });

  test('forgets turns that nobody takes, and a place is kept for them for seconds only', () => {
    enter('first', SLOW);
    const turn = enter('cancelled', SLOW)!;
    leave('first', 100);
    expect(enter('other', SLOW, turn + 1_000)).not.toBeNull();
    expect(enter('another', SLOW, turn + 10_000)).toBeNull();
    enter('x', SLOW, turn + 3_600_000);
    expect(record.turns).toEqual([]);
  });
});

describe('a slot', () => {
  test('of a dead holder comes back when its lease is over', () => {
    enter('dead', SLOW);
    expect(enter('a', SLOW, SLOT_LEASE_MS - 1)).not.toBeNull();
    record.turns = [];
    expect(enter('b', SLOW, SLOT_LEASE_MS + 60_000)).toBeNull();
  });

  test('is kept by renewals, also by one that came late', () => {
    enter('alive', SLOW);
    ask({ kind: 'renew', id: 'alive' }, SLOW, SLOT_LEASE_MS - 1);
    expect(enter('a', SLOW, SLOT_LEASE_MS + 5_000)).not.toBeNull();
    ask({ kind: 'renew', id: 'alive' }, SLOW, 10 * SLOT_LEASE_MS);
    expect(record.slots.map(({ id }) => id)).toEqual(['alive']);
  });

  test('that was given back twice changes nothing', () => {
    enter('a', WIDE);
    enter('b', WIDE);
    leave('a', 10);
    leave('a', 11);
    expect(record.slots.map(({ id }) => id)).toEqual(['b']);
  });

  test('counts further requests into the rate without refusing them', () => {
    enter('a', WIDE);
    for (let n = 0; n < 20; n++) expect(ask({ kind: 'again' }, WIDE)).toBeNull();
    expect(enter('b', WIDE, 1_000)).toBeGreaterThan(1_000);
  });
});

describe('a pause that the host asked for', () => {
  test('keeps everybody out until it is over, and then lets them in a pace apart', () => {
    hold(60_000, WIDE);
    const turns = ['a', 'b', 'c'].map((id) => enter(id, WIDE, 10));
    expect(turns).toEqual([60_000, 60_100, 60_200]);
  });

  test('moves those who wait already behind it, in their order; who comes early is told the new time', () => {
    enter('first', SLOW);
    const [one, two] = [enter('one', SLOW)!, enter('two', SLOW)!];
    hold(30_000, SLOW, 500);
    expect(enter('one', SLOW, one)).toBe(30_500);
    expect(enter('two', SLOW, two)).toBe(31_500);
    leave('first', 600);
    expect(enter('newcomer', SLOW, 30_500)).toBeGreaterThan(31_500);
    expect(enter('one', SLOW, 30_500)).toBeNull();
  });

  test('is never shortened by another, and never longer than an hour', () => {
    hold(60_000, SLOW);
    hold(1_000, SLOW);
    expect(enter('a', SLOW, 10)).toBe(60_000);
    hold(86_400_000, SLOW, 20);
    expect(enter('b', SLOW, 30)).toBeGreaterThanOrEqual(LONGEST_HOLD_MS);
    expect(enter('c', SLOW, 30)).toBeLessThan(LONGEST_HOLD_MS + 10_000);
  });
});

test('a record is kept for as long as it says anything, and ten minutes more', () => {
  enter('a', WIDE);
  expect(record.expireAt.getTime() - START).toBe(SLOT_LEASE_MS + 600_000);
  hold(3_600_000, WIDE);
  expect(record.expireAt.getTime() - START).toBe(3_600_000 + 600_000);
});
