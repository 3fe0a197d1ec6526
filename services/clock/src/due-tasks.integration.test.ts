import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consume } from '@offload/broker/consume';
import type { BrokerConnection } from '@offload/broker/connect';
import { decodeTask } from '@offload/broker/message';
import { systemEcho } from '@offload/contracts/system-echo';
import { newTask } from '@offload/store/new-task';
import { brokerFixture, type BrokerFixture } from '../../../test/support/broker-fixture.js';
import { startInProcessRelay } from '../../../test/support/in-process-clock.js';
import { Inbox } from '../../../test/support/signals.js';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';

let stored: StoreFixture;
let broker: BrokerFixture;
let connection: BrokerConnection;
beforeAll(async () => {
  stored = await storeFixture('due-tasks');
  broker = await brokerFixture('due-tasks');
  connection = await broker.connect('due tasks');
});
afterAll(async () => {
  await broker.remove();
  await stored.remove();
});

const at = (ms: number) => new Date(stored.store.tasks.now().getTime() + ms);
const taskDueAt = (runAt: Date) =>
  newTask(systemEcho, systemEcho.input.parse({}), {
    owner: 'local',
    lane: 'interactive',
    now: stored.store.tasks.now(),
    runAt,
  });

interface Arrival {
  task: string;
  at: number;
}

/** Starts the relay and collects what it publishes, with the database's time of its arrival. */
function relaying() {
  const inbox = new Inbox<Arrival>();
  const consumer = consume(connection, {
    queue: 'system.echo',
    prefetch: 2_000,
    log: broker.log,
    onDelivery: (delivery) => {
      const decoded = decodeTask(delivery.message, () => true);
      delivery.ack();
      if (decoded.ok) inbox.add({ task: decoded.message.task, at: stored.store.tasks.now().getTime() });
    },
  });
  const relay = startInProcessRelay({
    contracts: [systemEcho],
    store: stored.store,
    connection,
    log: stored.log,
  });
  return {
    inbox,
    async stop() {
      await relay.stop();
      await consumer.close();
    },
  };
}

describe('a thousand tasks that are due in the same second', () => {
  test('are all published, each once, none before its time', async () => {
    const first = at(3_000).getTime();
    const tasks = Array.from({ length: 1_000 }, (_, n) => taskDueAt(new Date(first + n)));
    await Promise.all(tasks.map((task) => stored.store.tasks.create(task)));
    const relay = relaying();
    const arrivals = await relay.inbox.first(1_000, 30_000);
    await relay.stop();
    expect(relay.inbox.received.map(({ task }) => task).sort()).toEqual(tasks.map(({ _id }) => _id).sort());
    const due = new Map(tasks.map((task) => [task._id, Number(task.dueAt)]));
    const late = arrivals.map(({ task, at }) => at - (due.get(task) ?? 0)).sort((a, b) => a - b);
    expect(late[0]).toBeGreaterThanOrEqual(0);
    // The measured times stand in docs/performance.md; here only that it is seconds, not holds of the relay.
    expect(late.at(-1)).toBeLessThan(10_000);
    for (const task of tasks.slice(0, 5)) expect((await stored.read(task._id)).state).toBe('queued');
  }, 60_000);
});
