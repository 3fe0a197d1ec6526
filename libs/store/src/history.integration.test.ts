import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { sampleMoves } from './model/sample.js';
import * as moves from './moves.js';
import { messageOf } from './new-task.js';
import { HISTORY_KEPT } from './task-record.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('history');
});
afterAll(() => fixture.remove());

/** Moves that change nothing that people would call a step, or come with every task: times and fields tell of them. */
const SILENT = ['beat', 'progress', 'confirmed', 'relayTake', 'relayRelease', 'parentsDone', 'clearEffects'];

describe('the history of a task', () => {
  test('has an entry of every move of the guard table but those that happen to all tasks', () => {
    for (const [name, forms] of Object.entries(sampleMoves(moves)))
      for (const { update } of forms) {
        const noted = update.$push?.history.$each.map(({ move }) => move) ?? [];
        expect([name, noted.length]).toEqual([name, SILENT.includes(name) ? 0 : 1]);
        expect(noted.every((move) => /^[a-z-]+$/.test(move))).toBe(true);
      }
    expect.hasAssertions();
  });

  test('tells the whole way in order, with times, workers and codes', async () => {
    const { store } = fixture;
    const { _id: id } = await fixture.insert({ attemptLimit: 20 });
    const now = () => store.tasks.now();
    const error = { code: 'a-code', message: '' };
    const claim = async (worker: string) => {
      const claimed = await store.tasks.claim(messageOf(await fixture.read(id)), worker, new Set());
      if (claimed.kind !== 'claimed') throw new Error('not claimed');
      return { id, token: claimed.token, seq: claimed.task.seq, beat: 0 };
    };
    for (const kind of ['retry', 'snooze', 'hand-back'] as const) {
      const lease = await claim(`worker of ${kind}`);
      const given = { ...lease, kind, dueAt: now(), now: now(), ...(kind === 'retry' && { error }) };
      expect(await store.tasks.settle(moves.giveBack(given), lease)).toBe('applied');
    }
    const dead = await claim('dead');
    const taken = await store.tasks.takeOver(dead, 'taker', new Set());
    if (taken.kind !== 'claimed') throw new Error('not taken over');
    const holder = { ...dead, token: taken.token };
    await store.tasks.apply(moves.sweepLease(holder, { error, now: now() }));
    await store.many.cancel([await fixture.read(id)]);
    await store.tasks.apply(moves.requeue({ id, attempts: 1, now: now() }));
    const last = await claim('last');
    await store.tasks.settle(moves.fail({ ...last, error, keepMs: 1_000, now: now() }), last);

    const { history = [] } = await fixture.read(id);
    expect(history.map(({ move, worker, code }) => [move, worker ?? code])).toEqual([
      ['claim', 'worker of retry'],
      ['retry', 'a-code'],
      ['claim', 'worker of snooze'],
      ['snooze', undefined],
      ['claim', 'worker of hand-back'],
      ['hand-back', undefined],
      ['claim', 'dead'],
      ['take-over', 'taker'],
      ['lease-sweep', 'a-code'],
      ['cancel', undefined],
      ['requeue', undefined],
      ['claim', 'last'],
      ['fail', 'a-code'],
    ]);
    const times = history.map(({ at }) => at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test(`keeps the last ${HISTORY_KEPT} moves, however many there were`, async () => {
    const { store } = fixture;
    const { _id: id } = await fixture.insert({ attemptLimit: 1_000 });
    for (let n = 0; n < HISTORY_KEPT; n++) {
      const claimed = await store.tasks.claim(messageOf(await fixture.read(id)), `w${n}`, new Set());
      if (claimed.kind !== 'claimed') throw new Error('not claimed');
      const lease = { id, token: claimed.token };
      const now = store.tasks.now();
      await store.tasks.settle(moves.giveBack({ ...lease, kind: 'snooze', dueAt: now, now }), lease);
    }
    const { history = [] } = await fixture.read(id);
    expect(history).toHaveLength(HISTORY_KEPT);
    expect(history[0]).toMatchObject({ move: 'claim', worker: `w${HISTORY_KEPT / 2}` });
    expect(history.at(-1)).toMatchObject({ move: 'snooze' });
  });
});
