import { expect, test } from '@jest/globals';
import { StoreUnavailable } from '@offload/store/store-unavailable';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { echoTask } from '../../../test/support/store-fixture.js';
import { withdrawTask } from './withdraw-task.js';

/** Withdraws over a store that answers each look as told (the last answer again and again). */
async function withdraw(answers: (boolean | Error)[], lateMs = 60_000) {
  const task = echoTask(new Date());
  const log = new RecordedLog();
  let looks = 0;
  const apply = async () => {
    const answer = answers[Math.min(looks, answers.length - 1)];
    looks += 1;
    if (answer instanceof Error) throw answer;
    return answer === true;
  };
  // A timer of its own: those of the withdrawal hold no process.
  const alive = setInterval(() => undefined, 1_000);
  const options = { tasks: { apply, now: () => new Date() }, log, everyMs: 1, lateMs };
  await withdrawTask(task, options).finally(() => clearInterval(alive));
  return { looks, log };
}

const away = new StoreUnavailable('no answer');

test('a task whose insert arrives after the 503 is cancelled when it is there', async () => {
  expect((await withdraw([away, false, false, true])).looks).toBe(4);
});

test('one that never arrived is looked for until no write can be late, and once more', async () => {
  const { looks, log } = await withdraw([false], 20);
  expect(looks).toBeGreaterThan(2);
  expect(log.text).toBe('');
});

test('a store that stays away is given up, and the log names the task', async () => {
  const { looks, log } = await withdraw([away]);
  expect(looks).toBe(60);
  expect(log.text).toMatch(/warn .*answered 503 .*task/);
});

test('an error of another kind is told', async () => {
  await expect(withdraw([new Error('a mistake')])).rejects.toThrow('a mistake');
});
