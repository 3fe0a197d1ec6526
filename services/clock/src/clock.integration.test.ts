import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consume, type Delivery } from '@offload/broker/consume';
import type { BrokerConnection } from '@offload/broker/connect';
import { decodeTask } from '@offload/broker/message';
import { createPublisher, type Publisher } from '@offload/broker/publish';
import { DEAD_QUEUE } from '@offload/broker/topology';
import { systemEcho } from '@offload/contracts/system-echo';
import { messageOf } from '@offload/store/new-task';
import { brokerFixture, type BrokerFixture } from '../../../test/support/broker-fixture.js';
import { Inbox, when } from '../../../test/support/signals.js';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import type { Announce } from './announce.js';
import { settleDeadLetter } from './dead-letters.js';
import { relayDueTasks } from './relay.js';

let stored: StoreFixture;
let broker: BrokerFixture;
let connection: BrokerConnection;
let publisher: Publisher;
beforeAll(async () => {
  stored = await storeFixture('clock');
  broker = await brokerFixture('clock');
  connection = await broker.connect('clock');
  publisher = createPublisher(connection, { log: broker.log, contracts: [systemEcho] });
  await when(publisher, () => publisher.ready, 'the publisher to be ready');
});
afterAll(async () => {
  await publisher.close();
  await broker.remove();
  await stored.remove();
});

const relay = (by: Publisher = publisher) =>
  relayDueTasks({ store: stored.store, publisher: by, log: stored.log, queueOf: ({ queue }) => queue });

/** What the clock told of tasks that it changed. */
const told: string[] = [];
const announce: Announce = (task, state) => void told.push(`${task._id} ${state}`);

/** Takes what arrives in a queue; unacked unless the test acks. */
function listen(queue: string) {
  const inbox = new Inbox<Delivery>();
  const consumer = consume(connection, { queue, prefetch: 100, onDelivery: inbox.add, log: broker.log });
  return { inbox, close: () => consumer.close() };
}

describe('the relay', () => {
  test('publishes what is due and marks it queued once the broker has confirmed it (P1)', async () => {
    const tasks = await Promise.all(Array.from({ length: 20 }, () => stored.insert()));
    const { inbox, close } = listen('system.echo');
    await expect(relay()).resolves.toMatchObject({ taken: 20 });
    const deliveries = await inbox.first(20);
    const ids = deliveries.map((delivery) => {
      const decoded = decodeTask(delivery.message, () => true);
      delivery.ack();
      return decoded.ok && decoded.message.task;
    });
    expect(new Set(ids)).toEqual(new Set(tasks.map((task) => task._id)));
    for (const task of tasks) expect((await stored.read(task._id)).state).toBe('queued');
    await close();
  });

  test('leaves a task scheduled whose message came back for want of a queue', async () => {
    const task = await stored.insert({ queue: 'nowhere' });
    await relay();
    expect((await stored.read(task._id)).state).toBe('scheduled');
    expect(stored.log.text).toContain('returned');
  });

  test('takes nothing while the broker is away, so that nothing is held back when it returns', async () => {
    const away = createPublisher(await broker.connect('away'), { log: broker.log });
    await away.close();
    const task = await stored.insert();
    await expect(relay(away)).resolves.toMatchObject({ taken: 0 });
    expect((await stored.read(task._id)).holdMs).toBe(task.holdMs);
  });
});

describe('a dead letter', () => {
  /** Sends a task's message to tasks.dead, as a worker would, and gives the clock's delivery of it. */
  async function deadLetter(message: Parameters<Publisher['publish']>[0], code: string): Promise<Delivery> {
    const work = listen(message.queue);
    await publisher.publish(message);
    const [delivery] = await work.inbox.first(1);
    if (!delivery) throw new Error('nothing came');
    const dead = listen(DEAD_QUEUE);
    await publisher.publishDead(delivery.message, code, 'a test');
    delivery.ack();
    const [letter] = await dead.inbox.first(1);
    if (!letter) throw new Error('no dead letter came');
    await settleDeadLetter({ store: stored.store, log: stored.log, announce }, letter);
    expect(letter.ack()).toBe(false);
    await work.close();
    await dead.close();
    return letter;
  }

  test('of a waiting task has it published again, and at the third time fails it (P6)', async () => {
    const { _id } = await stored.insert();
    for (const deaths of [1, 2]) {
      await deadLetter(messageOf(await stored.read(_id)), 'delivery_limit');
      expect(await stored.read(_id)).toMatchObject({ state: 'scheduled', brokerDeaths: deaths, seq: deaths });
    }
    await deadLetter(messageOf(await stored.read(_id)), 'delivery_limit');
    expect(await stored.read(_id)).toMatchObject({ state: 'failed', error: { code: 'delivery-limit' } });
    expect(told).toEqual([`${_id} scheduled`, `${_id} scheduled`, `${_id} failed`]);
  });

  test('of an earlier publication changes nothing', async () => {
    const task = await stored.insert({ seq: 4 });
    await deadLetter({ ...messageOf(task), seq: 3 }, 'delivery_limit');
    expect(await stored.read(task._id)).toMatchObject({ state: 'scheduled', seq: 4, brokerDeaths: 0 });
  });

  test('that stands for no task is kept for operators with its reason', async () => {
    const message = { ...messageOf(await stored.insert()), task: 'not-there' };
    await deadLetter(message, 'no-task');
    const [kept] = await stored.store.unreadable.list(10);
    expect(kept).toMatchObject({ reason: 'no-task', correlationId: 'not-there', queue: 'system.echo' });
  });
});
