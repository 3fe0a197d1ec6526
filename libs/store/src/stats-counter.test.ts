import { describe, expect, test } from '@jest/globals';
import { echoTask } from '../../../test/support/store-fixture.js';
import { createStatsCounter, queueMsOf } from './stats-counter.js';
import type { TaskRecord } from './task-record.js';

const START = new Date('2026-01-31T08:00:00.000Z');
const at = (ms: number): Date => new Date(START.getTime() + ms);

function counting() {
  const clock = { now: START };
  return { clock, counter: createStatsCounter(() => clock.now) };
}

const begun = (change: Partial<TaskRecord>): TaskRecord => ({
  ...echoTask(START),
  attempt: 1,
  startedAt: at(40),
  history: [{ move: 'claim', at: at(40) }],
  ...change,
});

describe('the counter', () => {
  test('adds up by minute, type and lane, and gives each sum once', () => {
    const { clock, counter } = counting();
    const [one, bulk] = [echoTask(START), echoTask(START, 'bulk')];
    counter.accepted(one);
    counter.accepted(one);
    counter.started(begun({}));
    counter.ended(one, 'succeeded', 120);
    counter.accepted(bulk);
    clock.now = at(60_000);
    counter.ended(bulk, 'failed');
    counter.retried(one, 5);
    counter.putOff(one);
    const minute = START.getTime() / 60_000;
    expect(counter.take()).toMatchObject([
      {
        minute,
        series: 'system.echo interactive',
        numbers: {
          accepted: 2,
          started: 1,
          succeeded: 1,
          queueMs: { count: 1, sum: 40 },
          runMs: { sum: 120 },
        },
      },
      { minute, series: 'system.echo bulk', numbers: { accepted: 1, failed: 0 } },
      {
        minute: minute + 1,
        series: 'system.echo bulk',
        numbers: { accepted: 0, failed: 1, runMs: { count: 0 } },
      },
      { minute: minute + 1, series: 'system.echo interactive', numbers: { retried: 1, putOff: 1 } },
    ]);
    expect(counter.take()).toEqual([]);
    expect(counter.sinceStart().get('system.echo interactive')).toMatchObject({ accepted: 2, retried: 1 });
  });

  test('holds at most some hours of a store that is away, and gives up the oldest', () => {
    const { clock, counter } = counting();
    for (let minute = 0; minute < 5_010; minute++) {
      clock.now = at(minute * 60_000);
      counter.accepted(echoTask(START));
    }
    const rows = counter.take();
    expect(rows).toHaveLength(5_000);
    expect(rows[0]?.minute).toBe(START.getTime() / 60_000 + 10);
  });
});

describe('the time in the queue', () => {
  test.each<[string, Partial<TaskRecord>, number | undefined]>([
    ['since the broker had it', { queuedAt: at(10) }, 30],
    ['since it was made, when the worker was faster than the note of the confirm', {}, 40],
    [
      'since it was released',
      {
        history: [
          { move: 'release', at: at(25) },
          { move: 'claim', at: at(40) },
        ],
      },
      15,
    ],
    [
      'unknown after a pause between attempts',
      {
        attempt: 2,
        history: [
          { move: 'retry', at: at(5) },
          { move: 'claim', at: at(40) },
        ],
      },
      undefined,
    ],
    ['unknown of one that was for later', { startedAt: at(60_000) }, undefined],
    ['unknown of one that never started', { startedAt: undefined }, undefined],
  ])('%s', (_what, change, expected) => {
    expect(queueMsOf(begun(change))).toBe(expected);
  });
});
