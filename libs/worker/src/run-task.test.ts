import { describe, expect, test } from '@jest/globals';
import { Snooze, TaskError } from '@offload/contracts/errors';
import { systemEcho } from '@offload/contracts/system-echo';
import { decide, type Facts, type Outcome } from './run-task.js';

const now = new Date('2026-01-01T00:00:00Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);
const facts = (task: Partial<Facts['task']> = {}, random = 0.5): Facts => ({
  contract: systemEcho,
  task: { attempt: 1, attemptLimit: 5, handBacks: 0, timeoutMs: 9_000, ...task },
  now,
  random,
});
const threw = (error: unknown): Outcome => ({ kind: 'threw', error });
const transient = new TaskError('busy', 'Try later.', { retry: 'yes' });
const permanent = new TaskError('bad', 'Mend it.', { retry: 'no' });
const at = (date: Date) => threw(new TaskError('busy', 'Try later.', { retry: date }));

describe('the decision after an attempt', () => {
  const table: [string, Outcome, Facts, Record<string, unknown>][] = [
    [
      'a result that fits is done',
      { kind: 'returned', result: { message: 'x', attempt: 1 } },
      facts(),
      { kind: 'done', result: { message: 'x', attempt: 1 } },
    ],
    [
      'a result that does not fit is dead at once (a bug of ours)',
      { kind: 'returned', result: { message: 7 } },
      facts(),
      { kind: 'dead', error: expect.objectContaining({ code: 'result-invalid' }) },
    ],
    [
      'a result above 1 MiB is dead: it belongs in a file',
      { kind: 'returned', result: { message: 'x'.repeat(1024 * 1024), attempt: 1 } },
      facts(),
      { kind: 'dead', error: expect.objectContaining({ code: 'result-too-large' }) },
    ],
    [
      'a permanent error is dead at once',
      threw(permanent),
      facts(),
      { kind: 'dead', error: { code: 'bad', message: 'Mend it.' } },
    ],
    [
      'a transient error is retried after the backoff, with full jitter',
      threw(transient),
      facts({}, 0.5),
      { kind: 'retry', dueAt: later(250) },
    ],
    [
      'the backoff doubles with each attempt',
      threw(transient),
      facts({ attempt: 4 }, 1),
      { dueAt: later(4_000) },
    ],
    [
      'the backoff has a limit',
      threw(transient),
      facts({ attempt: 40, attemptLimit: 50 }, 1),
      { dueAt: later(30_000) },
    ],
    [
      'an error with a date is not retried before it',
      at(later(60_000)),
      facts(),
      { kind: 'retry', dueAt: later(60_000) },
    ],
    ['a date in the past does not shorten the backoff', at(later(-1)), facts({}, 1), { dueAt: later(500) }],
    [
      'the last attempt is dead, whatever the error wishes (P6)',
      at(later(60_000)),
      facts({ attempt: 5 }),
      { kind: 'dead', error: expect.objectContaining({ code: 'busy' }) },
    ],
    [
      'an unknown error is retried, and says nothing internal',
      threw(new TypeError('secret is undefined')),
      facts(),
      { kind: 'retry', error: { code: 'unexpected-error', message: expect.not.stringContaining('secret') } },
    ],
    ['an unknown error on the last attempt is dead', threw('text'), facts({ attempt: 5 }), { kind: 'dead' }],
    [
      'a time limit counts as an error',
      { kind: 'timed-out' },
      facts(),
      { kind: 'retry', error: expect.objectContaining({ code: 'timeout' }) },
    ],
    [
      'a time limit on the last attempt is dead',
      { kind: 'timed-out' },
      facts({ attempt: 5 }),
      { kind: 'dead' },
    ],
    [
      'a snooze is put off to its time, also on the last attempt',
      threw(new Snooze('polite', 'One a second.', later(1_000))),
      facts({ attempt: 5 }),
      { kind: 'snooze', dueAt: later(1_000) },
    ],
    [
      'a stopped attempt is handed back uncounted (P5)',
      { kind: 'stopped' },
      facts(),
      { kind: 'handed-back', counted: false },
    ],
    [
      'a stopped attempt is handed back on the last attempt, too',
      { kind: 'stopped' },
      facts({ attempt: 5 }),
      { kind: 'handed-back', counted: false },
    ],
    [
      'hand-backs past ten count',
      { kind: 'stopped' },
      facts({ handBacks: 10 }),
      { kind: 'handed-back', counted: true },
    ],
    [
      'a counted hand-back of the last attempt is dead (P6)',
      { kind: 'stopped' },
      facts({ handBacks: 10, attempt: 5 }),
      { kind: 'dead', error: expect.objectContaining({ code: 'handed-back' }) },
    ],
  ];
  test.each(table)('%s', (_name, outcome, given, expected) => {
    expect(decide(outcome, given)).toMatchObject(expected);
  });
});
