import { describe, expect, test } from '@jest/globals';
import type { TaskMessage } from '@offload/contracts/task';
import type { RunningTask } from '@offload/store/sweeps';
import type { TaskRecord } from '@offload/store/task-record';
import { echoTask } from '../../../test/support/store-fixture.js';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { MessageSweep } from './message-sweep.js';

const QUEUE = 'system.echo';
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

/** A sweep over a queue whose queued tasks and depth the test says, on a clock that it turns. */
function sweeper(given: { queued: number[]; ready: number | 'missing' }) {
  const time = { now: 0 };
  const published: TaskMessage[] = [];
  const tasks: TaskRecord[] = given.queued.map((at) => ({
    ...echoTask(new Date(START)),
    state: 'queued',
    queuedAt: new Date(START + at),
  }));
  const at = (task: TaskRecord) => task.queuedAt as Date;
  const store = {
    tasks: { now: () => new Date(START + time.now) },
    sweeps: {
      oldestQueued: async () => tasks.map(at).sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
      queuedBefore: async (_queue: string, before: Date) => tasks.filter((task) => at(task) < before),
      requeueLost: async (task: TaskRecord) => {
        task.queuedAt = new Date(START + time.now);
        return true;
      },
    },
  };
  const sweep = new MessageSweep({
    store: store as never,
    publisher: {
      publish: async (message) => {
        published.push(message);
        return 'confirmed';
      },
    },
    depth: async () => (given.ready === 'missing' ? 'missing' : { ready: given.ready, consumers: 1 }),
    queues: [QUEUE],
    queueOf: ({ queue }) => queue,
    log: new RecordedLog(),
    monotonic: () => time.now,
  });
  const claimed = (queuedAt: number) =>
    sweep.observe([
      { queue: QUEUE, queuedAt: new Date(START + queuedAt), startedAt: new Date(START + time.now) },
    ] as RunningTask[]);
  return { sweep, time, published, tasks, claimed };
}

describe('the message sweep', () => {
  test('publishes again, with the same seq, what was passed over by more than a minute (rule 7)', async () => {
    const { sweep, time, published, tasks, claimed } = sweeper({ queued: [0, 3 * MINUTE], ready: 5 });
    time.now = 4 * MINUTE;
    claimed(2 * MINUTE);
    await expect(sweep.sweep()).resolves.toBe(1);
    expect(published).toMatchObject([{ task: tasks[0]?._id, seq: 0 }]);
  });

  test('leaves a backlog alone whose oldest are claimed in order', async () => {
    const { sweep, time, claimed } = sweeper({ queued: [2 * MINUTE, 3 * MINUTE], ready: 1_000 });
    time.now = 60 * MINUTE;
    claimed(2 * MINUTE);
    await expect(sweep.sweep()).resolves.toBe(0);
  });

  test('forgets claims older than a minute', async () => {
    const { sweep, time, claimed } = sweeper({ queued: [0], ready: 5 });
    time.now = 2 * MINUTE;
    claimed(2 * MINUTE);
    time.now += MINUTE + 1;
    sweep.observe([]);
    await expect(sweep.sweep()).resolves.toBe(0);
  });

  test('without claims publishes again only when the queue was empty on two readings', async () => {
    const { sweep, time, published } = sweeper({ queued: [0], ready: 0 });
    time.now = 5 * MINUTE;
    await expect(sweep.sweep()).resolves.toBe(0);
    await expect(sweep.sweep()).resolves.toBe(1);
    expect(published).toHaveLength(1);
    await expect(sweep.sweep()).resolves.toBe(0);
  });

  test('takes a queue that is missing for an empty one', async () => {
    const { sweep, time } = sweeper({ queued: [0], ready: 'missing' });
    time.now = 5 * MINUTE;
    await sweep.sweep();
    await expect(sweep.sweep()).resolves.toBe(1);
  });

  test('without claims leaves a queue alone that has messages (no worker is there)', async () => {
    const { sweep, time } = sweeper({ queued: [0], ready: 1 });
    time.now = 60 * MINUTE;
    await sweep.sweep();
    await expect(sweep.sweep()).resolves.toBe(0);
  });

  test('leaves tasks alone that were queued less than a minute ago', async () => {
    const { sweep, time } = sweeper({ queued: [0], ready: 0 });
    time.now = MINUTE - 1;
    await sweep.sweep();
    await expect(sweep.sweep()).resolves.toBe(0);
  });
});
