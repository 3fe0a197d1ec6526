import { describe, expect, test } from '@jest/globals';
import type { Move } from '@offload/store/move';
import type { RunningTask } from '@offload/store/sweeps';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import type { Announce } from './announce.js';
import { LeaseSweep, STILL_MS } from './lease-sweep.js';

/** A sweep on a clock that the test turns, which notes what it would do to the store. */
function sweeper() {
  const applied: Move[] = [];
  const ended: string[][] = [];
  const told: string[] = [];
  const counted: string[] = [];
  const announce: Announce = (task, state) => void told.push(`${task._id} ${state}`);
  const time = { now: 1_000_000 };
  const store = {
    tasks: {
      now: () => new Date(0),
      apply: async (move: Move) => applied.push(move) > 0,
    },
    dependencies: { carryOut: async (ids: string[]) => void ended.push(ids) },
    stats: {
      ended: (_task: unknown, state: string) => void counted.push(state),
      retried: () => void counted.push('retried'),
    },
  };
  const sweep = new LeaseSweep(store as never, new RecordedLog(), announce, () => time.now);
  /** Sweeps each second for so many milliseconds. */
  const watch = async (ms: number, task: (second: number) => RunningTask[]): Promise<void> => {
    for (let second = 0; second * 1_000 <= ms; second++) {
      await sweep.sweep(task(second));
      time.now += 1_000;
    }
  };
  return { applied, ended, told, counted, time, sweep, watch };
}

const running = (beat: number, change: Partial<RunningTask> = {}): RunningTask => ({
  _id: 't',
  type: 'system.echo',
  lane: 'interactive',
  owner: 'local',
  queue: 'system.echo',
  seq: 0,
  attempt: 1,
  attemptLimit: 5,
  keepMs: 1_000,
  lease: { token: 'k', worker: 'w', beat },
  ...change,
});

describe('the lease sweep', () => {
  test('ends a lease whose beat stood still, and the task is scheduled again (P5)', async () => {
    const { watch, applied, told, counted } = sweeper();
    await watch(STILL_MS, () => [running(7)]);
    expect([told, counted]).toEqual([['t scheduled'], ['retried']]);
    expect(applied).toHaveLength(1);
    expect(applied[0]?.guard).toMatchObject({ 'lease.token': 'k', 'lease.beat': 7, seq: 0 });
    expect(applied[0]?.update.$set).toMatchObject({ state: 'scheduled', error: { code: 'worker-crashed' } });
  });

  test('leaves a lease that beats', async () => {
    const { watch, applied } = sweeper();
    await watch(10 * STILL_MS, (second) => [running(Math.floor(second / 5))]);
    expect(applied).toEqual([]);
  });

  test('fails a task that has no attempt left, and carries out its effects (P6)', async () => {
    const { watch, applied, ended, told } = sweeper();
    await watch(STILL_MS, () => [running(1, { attempt: 5 })]);
    expect(told).toEqual(['t failed']);
    expect(applied[0]?.update.$set).toMatchObject({ state: 'failed', error: { code: 'worker-crashed' } });
    expect(ended).toEqual([['t']]);
  });

  test('that was itself frozen begins anew: it saw nothing stand still', async () => {
    const { watch, applied, time } = sweeper();
    await watch(2_000, () => [running(1)]);
    time.now += 10 * STILL_MS;
    await watch(STILL_MS - 1_000, () => [running(1)]);
    expect(applied).toEqual([]);
  });

  test('counts anew for a new holder of the same task', async () => {
    const { watch, applied } = sweeper();
    await watch(STILL_MS - 2_000, () => [running(0)]);
    await watch(STILL_MS - 2_000, () => [running(0, { lease: { token: 'other', worker: 'w2', beat: 0 } })]);
    expect(applied).toEqual([]);
  });
});
