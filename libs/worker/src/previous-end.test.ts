import { expect, test } from '@jest/globals';
import type { HistoryEntry } from '@offload/store/task-record';
import { previousEnd } from './previous-end.js';

const at = new Date(0);
const history = (...moves: (string | [string, string])[]): HistoryEntry[] =>
  moves.map((each) => (typeof each === 'string' ? { move: each, at } : { move: each[0], code: each[1], at }));

test.each<[string, HistoryEntry[] | undefined, ReturnType<typeof previousEnd>]>([
  ['a task without a history', undefined, null],
  ['a first attempt', history('claim'), null],
  [
    'one after a retry',
    history('claim', ['retry', 'http-503'], 'claim'),
    { kind: 'retry', code: 'http-503' },
  ],
  ['one after a snooze', history('claim', ['snooze', 'busy'], 'claim'), { kind: 'snooze', code: 'busy' }],
  ['one after a hand-back', history('claim', 'hand-back', 'claim'), { kind: 'hand-back', code: null }],
  [
    'one that took over from a crashed worker',
    history('claim', ['take-over', 'worker-crashed']),
    { kind: 'crash', code: 'worker-crashed' },
  ],
  [
    'one after the sweep of a lease',
    history('claim', ['lease-sweep', 'worker-crashed'], 'claim'),
    { kind: 'crash', code: 'worker-crashed' },
  ],
  [
    'one after moves that are no attempts',
    history('claim', ['retry', 'timeout'], ['put-off', 'needs-newer-worker'], 'publish-again', 'claim'),
    { kind: 'retry', code: 'timeout' },
  ],
  ['the first after an operator had it run again', history('claim', ['fail', 'x'], 'requeue', 'claim'), null],
  [
    'the second after that',
    history('requeue', 'claim', ['retry', 'timeout'], 'claim'),
    { kind: 'retry', code: 'timeout' },
  ],
])('%s knows how the attempt before it ended', (_what, moves, expected) => {
  expect(previousEnd(moves)).toEqual(expected);
});
