import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Lease, LostLease } from '@offload/store/tasks';
import type { Progress } from '@offload/contracts/task';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { BEAT_MS, keepLeases, type HeldLease } from './leases.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

type Beat = (leases: (Lease & { progress?: Progress })[]) => Promise<LostLease[]>;

function keeper(beat: Beat) {
  const told: Progress[] = [];
  const log = new RecordedLog();
  const leases = keepLeases({
    tasks: { beat },
    log,
    onProgress: (_lease, progress) => void told.push(progress),
  });
  return { leases, told, log };
}

const lease = (id: string, lost: string[] = []): HeldLease => ({
  id,
  token: `token of ${id}`,
  task: { _id: id, type: 'system.echo', lane: 'interactive', owner: 'local', attempt: 1 },
  onLost: (why) => void lost.push(`${id} ${why}`),
});

describe('the beats', () => {
  test('go out for all leases in one call a second, and stop with the release', async () => {
    const calls: string[][] = [];
    const { leases } = keeper(async (all) => {
      calls.push(all.map((each) => each.id));
      return [];
    });
    const [a, b] = [lease('a'), lease('b')];
    leases.hold(a);
    leases.hold(b);
    await jest.advanceTimersByTimeAsync(BEAT_MS);
    leases.release(a);
    await jest.advanceTimersByTimeAsync(BEAT_MS);
    leases.release(b);
    await jest.advanceTimersByTimeAsync(BEAT_MS);
    expect(calls).toEqual([['a', 'b'], ['b']]);
    await leases.stop();
  });

  test('tell a holder that its lease is lost, but not one that has just released it', async () => {
    const lost: string[] = [];
    let answer: (leases: LostLease[]) => void = () => undefined;
    const { leases } = keeper(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const held = ['a', 'b', 'c'].map((id) => lease(id, lost));
    for (const each of held) leases.hold(each);
    await jest.advanceTimersByTimeAsync(BEAT_MS);
    leases.release(held[1]!);
    answer(held.map(({ id, token }) => ({ id, token, cancelled: id === 'c' })));
    await leases.stop();
    expect(lost).toEqual(['a lease-lost', 'c cancelled']);
  });

  test('come at once when a task may be lost, also while one is under way, but not for a stranger', async () => {
    let beats = 0;
    const answers: (() => void)[] = [];
    const { leases } = keeper(() => {
      beats += 1;
      return new Promise((resolve) => answers.push(() => resolve([])));
    });
    leases.hold(lease('a'));
    leases.look('stranger');
    expect(beats).toBe(0);
    leases.look('a');
    leases.look('a');
    expect(beats).toBe(1);
    answers.shift()?.();
    await jest.advanceTimersByTimeAsync(0);
    expect(beats).toBe(2);
    answers.shift()?.();
    await leases.stop();
    expect(beats).toBe(2);
  });

  test('carry the last progress, once', async () => {
    const sent: (Progress | undefined)[] = [];
    const { leases, told } = keeper(async (all) => {
      sent.push(all[0]?.progress);
      return [];
    });
    const a = lease('a');
    leases.hold(a);
    a.progress = { done: 1, total: 2, note: null };
    await jest.advanceTimersByTimeAsync(2 * BEAT_MS);
    expect(sent).toEqual([{ done: 1, total: 2, note: null }, undefined]);
    expect(told).toEqual([{ done: 1, total: 2, note: null }]);
    await leases.stop();
  });

  test('go on when the store was away, and the progress is not lost', async () => {
    const sent: (Progress | undefined)[] = [];
    let away = true;
    const { leases, log } = keeper(async (all) => {
      if (away) throw new Error('away');
      sent.push(all[0]?.progress);
      return [];
    });
    const a = lease('a');
    leases.hold(a);
    a.progress = { done: 1, total: 2, note: null };
    await jest.advanceTimersByTimeAsync(3 * BEAT_MS);
    away = false;
    await jest.advanceTimersByTimeAsync(BEAT_MS);
    expect(sent).toEqual([{ done: 1, total: 2, note: null }]);
    expect(log.text.match(/did not reach the store/g)).toHaveLength(1);
    await leases.stop();
  });
});
