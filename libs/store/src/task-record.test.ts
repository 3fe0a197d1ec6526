import { expect, test } from '@jest/globals';
import { runsAlone } from './task-record.js';

test.each([
  ['has not crashed', { crashes: 0, attempt: 5, attemptLimit: 5 }, false],
  ['crashed once and has attempts to spare', { crashes: 1, attempt: 2, attemptLimit: 3 }, false],
  ['crashed once and has its last attempt', { crashes: 1, attempt: 3, attemptLimit: 3 }, true],
  ['crashed twice', { crashes: 2, attempt: 3, attemptLimit: 25 }, true],
])('a task that %s runs alone or not (rule 10)', (_name, task, alone) => {
  expect(runsAlone(task)).toBe(alone);
});
