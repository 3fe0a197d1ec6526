import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createPublisher } from '@offload/broker/publish';
import { queueDepth } from '@offload/broker/queue-depth';
import { defineTask, type TaskContract } from '@offload/contracts/define-task';
import { formerQueuesOf, queuesOf } from '@offload/contracts/queues';
import type { Lane } from '@offload/contracts/task';
import { messageOf, newTask } from '@offload/store/new-task';
import type { TaskRecord } from '@offload/store/task-record';
import { z } from 'zod';
import { FormerQueues } from '../../services/clock/src/former-queues.js';
import { brokerFixture, type BrokerFixture } from '../support/broker-fixture.js';
import { startInProcessRelay } from '../support/in-process-clock.js';
import { startInProcessWorker } from '../support/in-process-worker.js';
import { when } from '../support/signals.js';
import { storeFixture, type StoreFixture } from '../support/store-fixture.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

let stored: StoreFixture;
let broker: BrokerFixture;
const running: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  stored = await storeFixture('upgrades');
  broker = await brokerFixture('upgrades');
});
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
  await broker.closeAll();
});
afterAll(async () => {
  await broker.remove();
  await stored.remove();
});

const contractOf = (type: string, change: Partial<TaskContract> = {}) =>
  defineTask({
    type,
    summary: 'Says who did it.',
    input: z.strictObject({ n: z.int() }),
    result: z.strictObject({ by: z.string() }),
    timeoutMs: 10_000,
    maxAttempts: 3,
    backoff: { baseMs: 100, maxMs: 1_000 },
    concurrency: 5,
    example: { n: 1 },
    ...change,
  });
type Contract = ReturnType<typeof contractOf>;

async function insert(contract: Contract, count: number, lane: Lane = 'interactive'): Promise<TaskRecord[]> {
  const now = stored.store.tasks.now();
  const tasks = Array.from({ length: count }, (_, n) => ({
    ...newTask(contract, { n }, { owner: 'local', lane, now }),
    dueAt: now,
  }));
  await Promise.all(tasks.map((task) => stored.store.tasks.create(task)));
  return tasks;
}

async function work(contract: Contract, name: string): Promise<void> {
  const connection = await broker.connect(name);
  const handler = async () => ({ by: name });
  running.push(
    startInProcessWorker({ contract, handler, store: stored.store, connection, log: stored.log, name }),
  );
}

/** @param before lets time pass: a task that was put off for 30 s is due at once */
async function relay(contracts: Contract[], before?: () => Promise<void>): Promise<void> {
  const connection = await broker.connect('relay');
  running.push(startInProcessRelay({ contracts, store: stored.store, connection, log: stored.log, before }));
}

const ended = (tasks: TaskRecord[]) =>
  until('all tasks to succeed', async () => {
    const now = await Promise.all(tasks.map((task) => stored.read(task._id)));
    return now.every((task) => task.state === 'succeeded') ? now : undefined;
  });

describe('with workers of two versions side by side', () => {
  const old = contractOf('upgrade.version');
  const next = contractOf('upgrade.version', { version: 2 });
  const hurry = async (): Promise<void> => {
    await stored.store.connection.mongo
      .collection('tasks')
      .updateMany(
        { state: 'scheduled', 'error.code': 'needs-newer-worker' },
        { $set: { dueAt: stored.store.tasks.now() } },
      );
  };

  test('a newer message waits for a newer worker, which is said and not counted; none is lost', async () => {
    const tasks = [...(await insert(next, 30)), ...(await insert(old, 10))];
    await work(old, 'old');
    await relay([next]);
    const waiting = await until('the newer ones to be put off', async () => {
      const now = await Promise.all(tasks.slice(0, 30).map((task) => stored.read(task._id)));
      return now.every((task) => task.error?.code === 'needs-newer-worker') ? now : undefined;
    });
    for (const task of waiting) {
      expect(task).toMatchObject({ state: 'scheduled', attempt: 0 });
      expect(task.error?.message).toContain('version 2');
    }
    expect(stored.log.text).toContain('message is of a newer version; put off');

    await running.pop()?.stop();
    await relay([next], hurry);
    await work(next, 'new');
    const done = await ended(tasks);
    const by = done.map((task) => (task.result as { by: string }).by);
    expect(new Set(by.slice(0, 30))).toEqual(new Set(['new']));
    expect(done.every((task) => task.attempt === 1 && task.error === undefined)).toBe(true);
  });
});

describe('a queue that has a new name, because its arguments had to change', () => {
  const old = contractOf('upgrade.queue');
  const next = contractOf('upgrade.queue', { queue: 'upgrade.queue.v2', formerQueues: ['upgrade.queue'] });

  test('is filled from the old one, which is removed once it is empty: no task is lost, no step by hand', async () => {
    const tasks = [...(await insert(old, 30)), ...(await insert(old, 10, 'bulk'))];
    const connection = await broker.connect('before');
    const publisher = broker.track(createPublisher(connection, { log: broker.log, contracts: [old] }));
    await when(publisher, () => publisher.ready, 'the publisher');
    for (const task of tasks) {
      expect(await publisher.publish(messageOf(task))).toBe('confirmed');
      await stored.store.tasks.confirmed({ task: task._id, seq: 0 });
    }
    // One whose message is in neither queue: what the API stored under the old name before it could publish.
    tasks.push(...(await insert(old, 1)));

    const { store, log } = stored;
    const queues = formerQueuesOf(next);
    const former = new FormerQueues({
      store,
      log,
      queues,
      connection,
      until: new AbortController().signal,
      unusedMs: 0,
    });
    running.push(former);
    await former.look();
    await relay([next]);
    await work(next, 'new');
    const done = await ended(tasks);
    expect(done.every((task) => task.attempt === 1)).toBe(true);
    expect(new Set(done.map((task) => task.queue))).toEqual(new Set(queuesOf(next)));

    await until('the old queues to be removed', async () => {
      await former.look();
      const depths = await Promise.all(queues.map((queue) => queueDepth(connection, queue)));
      return depths.every((depth) => depth === 'missing') ? depths : undefined;
    });
  });
});
