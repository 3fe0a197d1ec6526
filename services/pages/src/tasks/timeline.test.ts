import { expect, test } from '@jest/globals';
import type { Task } from '../data/client.js';
import { stepsOf, stretchesOf } from './timeline.js';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 24, 12, 0, second)).toISOString();

const task = (
  history: [move: string, second: number, code?: string][],
  endedAt: string | null = null,
): Task =>
  ({
    createdAt: at(0),
    endedAt,
    history: history.map(([move, second, code]) => ({
      move,
      at: at(second),
      worker: null,
      code: code ?? null,
    })),
  }) as unknown as Task;

test('a timeline begins with the acceptance and tells each move in words; an unknown one by its name', () => {
  const steps = stepsOf(
    task([
      ['claim', 1],
      ['retry', 2, 'timeout'],
      ['new-move', 3],
    ]),
  );
  expect(steps.map(({ text, more, tone }) => [text, more, tone])).toEqual([
    ['Accepted', null, 'plain'],
    ['An attempt began', null, 'run'],
    ['The attempt failed; it is tried again', 'timeout', 'bad'],
    ['new-move', null, 'plain'],
  ]);
});

test('the strip has a stretch for each wait and each attempt, with how it ended', () => {
  const failedOnce = task(
    [
      ['claim', 2],
      ['retry', 5],
      ['claim', 9],
      ['finish', 10],
    ],
    at(10),
  );
  expect(stretchesOf(failedOnce, Date.parse(at(60)))).toEqual([
    { kind: 'wait', ms: 2_000, tone: 'plain' },
    { kind: 'run', ms: 3_000, tone: 'bad' },
    { kind: 'wait', ms: 4_000, tone: 'plain' },
    { kind: 'run', ms: 1_000, tone: 'good' },
  ]);
});

test('what has not ended lasts until now; an attempt that was taken over is followed by the next', () => {
  const running = task([
    ['claim', 1],
    ['take-over', 6],
  ]);
  expect(stretchesOf(running, Date.parse(at(8)))).toEqual([
    { kind: 'wait', ms: 1_000, tone: 'plain' },
    { kind: 'run', ms: 5_000, tone: 'bad' },
    { kind: 'run', ms: 2_000, tone: 'plain' },
  ]);
});
