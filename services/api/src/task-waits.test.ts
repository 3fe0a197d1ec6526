import { expect, test } from '@jest/globals';
import { echoTask } from '../../../test/support/store-fixture.js';
import { within } from '../../../test/support/within.js';
import type { TaskRecord } from '@offload/store/task-record';
import { createTaskWaits } from './task-waits.js';

const NEVER = new AbortController().signal;
/** So long that only a hint can end a test's wait. */
const LONG = 60_000;

/** A task that the test can end, and how often it was read. */
function oneTask() {
  const task: TaskRecord = { ...echoTask(new Date()), state: 'running' };
  const reads: (() => void)[] = [];
  let count = 0;
  return {
    task,
    get count() {
      return count;
    },
    /** Resolves at the next read. */
    nextRead: () => new Promise<void>((resolve) => reads.push(resolve)),
    get: async (id: string) => {
      count += 1;
      reads.splice(0).forEach((read) => read());
      return id === task._id ? { ...task } : null;
    },
  };
}

test('a wait ends with the task, told by a hint', async () => {
  const one = oneTask();
  const waits = createTaskWaits(one.get, LONG);
  const read = one.nextRead();
  const waiting = waits.untilEnded(one.task._id, LONG, NEVER);
  await read;
  one.task.state = 'succeeded';
  waits.hint(one.task._id);
  expect(await within(2_000, waiting, 'the end of the wait')).toMatchObject({ state: 'succeeded' });
  expect(waits.count).toBe(0);
});

test('a hint that comes while the task is being read is not missed', async () => {
  const one = oneTask();
  const waits = createTaskWaits(async (id) => {
    const seen = await one.get(id);
    if (seen?.state === 'running') {
      one.task.state = 'failed';
      waits.hint(id);
    }
    return seen;
  }, LONG);
  expect(await within(2_000, waits.untilEnded(one.task._id, LONG, NEVER), 'the end')).toMatchObject({
    state: 'failed',
  });
});

test('without any hint, the end is seen by reading again', async () => {
  const one = oneTask();
  const waits = createTaskWaits(one.get, 10);
  const read = one.nextRead();
  const waiting = waits.untilEnded(one.task._id, LONG, NEVER);
  await read;
  one.task.state = 'cancelled';
  expect(await within(2_000, waiting, 'the end of the wait')).toMatchObject({ state: 'cancelled' });
});

test('a hint without an end changes nothing', async () => {
  const one = oneTask();
  const waits = createTaskWaits(one.get, LONG);
  const first = one.nextRead();
  const waiting = waits.untilEnded(one.task._id, LONG, NEVER);
  await first;
  const second = one.nextRead();
  waits.hint(one.task._id);
  await second;
  one.task.state = 'succeeded';
  waits.hint(one.task._id);
  expect(await within(2_000, waiting, 'the end of the wait')).toMatchObject({ state: 'succeeded' });
});

test('when the time is over, the task is given as it is', async () => {
  const one = oneTask();
  const waits = createTaskWaits(one.get, LONG);
  expect(await waits.untilEnded(one.task._id, 20, NEVER)).toMatchObject({ state: 'running' });
});

test('a wait of no time reads once', async () => {
  const one = oneTask();
  expect(await createTaskWaits(one.get).untilEnded(one.task._id, 0, NEVER)).toMatchObject({
    state: 'running',
  });
  expect(one.count).toBe(1);
});

test('a stopping server ends every wait, and lets none begin', async () => {
  const one = oneTask();
  const waits = createTaskWaits(one.get, LONG);
  const read = one.nextRead();
  const waiting = waits.untilEnded(one.task._id, LONG, NEVER);
  await read;
  waits.endAll();
  expect(await within(2_000, waiting, 'the end of the wait')).toMatchObject({ state: 'running' });
  const next = waits.untilEnded(one.task._id, LONG, NEVER);
  expect(await within(2_000, next, 'no wait')).toMatchObject({ state: 'running' });
});

test('a client that left ends its wait', async () => {
  const one = oneTask();
  const waits = createTaskWaits(one.get, LONG);
  const stop = new AbortController();
  const read = one.nextRead();
  const waiting = waits.untilEnded(one.task._id, LONG, stop.signal);
  await read;
  stop.abort();
  expect(await within(2_000, waiting, 'the end of the wait')).toMatchObject({ state: 'running' });
  expect(waits.count).toBe(0);
});

test('a task that is gone is null, and a database that is away is an error', async () => {
  const one = oneTask();
  expect(await createTaskWaits(one.get).untilEnded('other', LONG, NEVER)).toBeNull();
  const waits = createTaskWaits(async () => Promise.reject(new Error('away')));
  await expect(waits.untilEnded('x', LONG, NEVER)).rejects.toThrow('away');
  expect(waits.count).toBe(0);
});
