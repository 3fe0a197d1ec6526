import { expect, test } from '@jest/globals';
import type { HistoryEntry } from '@offload/store/task-record';
import { attemptsOf, movesOf } from './attempts.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const iso = (second: number) => at(second).toISOString();
const entry = (move: string, second: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  move,
  at: at(second),
  ...more,
});

test.each<[string, HistoryEntry[], unknown[]]>([
  ['nothing', [], []],
  ['an attempt that runs', [entry('claim', 1, { worker: 'w' })], [['w', 1, null, null, null]]],
  [
    'a retry that succeeds',
    [
      entry('claim', 1, { worker: 'w' }),
      entry('retry', 2, { code: 'timeout' }),
      entry('claim', 3, { worker: 'v' }),
      entry('finish', 4),
    ],
    [
      ['w', 1, 2, 'retry', 'timeout'],
      ['v', 3, 4, 'finish', null],
    ],
  ],
  [
    'a take over, which ends one and begins another',
    [
      entry('claim', 1, { worker: 'w' }),
      entry('take-over', 5, { worker: 'v', code: 'worker-crashed' }),
      entry('fail', 6, { code: 'x' }),
    ],
    [
      ['w', 1, 5, 'take-over', 'worker-crashed'],
      ['v', 5, 6, 'fail', 'x'],
    ],
  ],
  ['an end without an attempt', [entry('put-off', 1), entry('cancel', 2), entry('requeue', 3)], []],
  [
    'a history whose beginning is gone',
    [entry('retry', 1), entry('claim', 2, { worker: 'w' }), entry('cancel', 3)],
    [['w', 2, 3, 'cancel', null]],
  ],
])('the attempts of %s', (_name, history, expected) => {
  const shown = attemptsOf(history).map(({ worker, startedAt, endedAt, outcome, code }) => [
    worker,
    startedAt,
    endedAt,
    outcome,
    code,
  ]);
  const wanted = expected.map((row) => {
    const [worker, started, ended, ...rest] = row as [string, number, number | null, unknown, unknown];
    return [worker, iso(started), ended === null ? null : iso(ended), ...rest];
  });
  expect(shown).toEqual(wanted);
});

test('moves are shown with what is known of them', () => {
  expect(movesOf([entry('claim', 1, { worker: 'w' }), entry('fail', 2, { code: 'x' })])).toEqual([
    { move: 'claim', at: iso(1), worker: 'w', code: null },
    { move: 'fail', at: iso(2), worker: null, code: 'x' },
  ]);
  expect(movesOf(undefined)).toEqual([]);
});
