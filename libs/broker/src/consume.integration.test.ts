import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import { brokerFixture, type BrokerFixture } from '../../../test/support/broker-fixture.js';
import { Inbox, when } from '../../../test/support/signals.js';
import { within } from '../../../test/support/within.js';
import type { BrokerConnection } from './connect.js';
import { consume, type ConsumeOptions, type Consumer, type Delivery } from './consume.js';
import { queueDepth } from './queue-depth.js';
import { declareTopology } from './topology.js';

const queue = systemEcho.queue;
// The management API may take 5 s to hear of a connection, and so does giving up on a dead link.
jest.setTimeout(30_000);

let fixture: BrokerFixture;
/** Publishes and looks; nothing happens to it. */
let operator: BrokerConnection;
let inbox: Inbox<Delivery>;

beforeAll(async () => {
  fixture = await brokerFixture('consume');
});
beforeEach(async () => {
  operator = await fixture.connect('operator');
  inbox = new Inbox();
  await operator.withChannel(async (channel) => {
    await declareTopology(channel, [systemEcho]);
    await channel.purgeQueue(queue);
  });
});
afterEach(() => fixture.closeAll());
afterAll(() => fixture.remove());

async function consumerOn(
  connection: BrokerConnection,
  options: Partial<ConsumeOptions> = {},
): Promise<Consumer> {
  const consumer = consume(connection, {
    queue,
    prefetch: 10,
    onDelivery: inbox.add,
    log: fixture.log,
    declare: (channel) => declareTopology(channel, [systemEcho]),
    ...options,
  });
  if (!options.paused) await when(consumer, () => consumer.consuming, 'the consumer to consume');
  return consumer;
}

async function send(...bodies: string[]): Promise<void> {
  await operator.withChannel(async (channel) => {
    for (const body of bodies) channel.publish('tasks', queue, Buffer.from(body), { persistent: true });
    // A round trip on the same channel: the broker has them all.
    await channel.checkQueue(queue);
  });
}

const body = ({ message }: Delivery) => message.content.toString();

/** What is left in the queue once nobody consumes. */
async function left(): Promise<string[]> {
  return operator.withChannel(async (channel) => {
    const bodies: string[] = [];
    for (;;) {
      const message = await channel.get(queue);
      if (!message) return bodies;
      bodies.push(message.content.toString());
    }
  });
}

test('a message that was acked does not come back, and one that was not does', async () => {
  const consumer = await consumerOn(await fixture.connect('acks'));
  await send('a', 'b');
  const deliveries = await inbox.first(2);
  expect(deliveries.map(body)).toEqual(['a', 'b']);
  expect(deliveries[0]!.ack()).toBe(true);
  await consumer.close();
  expect(await left()).toEqual(['b']);
});

test('a message is acked once, and a second ack sends nothing', async () => {
  const connection = await fixture.connect('double-ack');
  const consumer = await consumerOn(connection);
  await send('a', 'b');
  const [a, b] = await inbox.first(2);
  expect([a!.ack(), a!.ack()]).toEqual([true, false]);
  // A second ack on the wire would be a 406 that closes the channel.
  expect(b!.ack()).toBe(true);
  await consumer.stop();
  expect([a!.generation, b!.channelOpen]).toEqual([1, true]);
});

test('a message is acked only on the channel that delivered it', async () => {
  const connection = await fixture.connect('own-channel');
  await consumerOn(connection);
  await send('a', 'b');
  const before = await inbox.first(2);
  await fixture.vhost.closeConnections('own-channel');
  const after = (await inbox.first(4)).slice(2);
  // The same tags on another channel: an ack there would be of another message.
  expect(after.map(({ message }) => message.fields.deliveryTag)).toEqual([1, 2]);
  expect(after.map(({ redelivered, generation }) => [redelivered, generation])).toEqual([
    [true, 2],
    [true, 2],
  ]);
  expect(before.map((delivery) => [delivery.channelOpen, delivery.ack()])).toEqual([
    [false, false],
    [false, false],
  ]);
  await connection.close();
  expect((await left()).sort()).toEqual(['a', 'b']);
});

test('a consumer cancelled by the server consumes again, from a queue that it declares again', async () => {
  const connection = await fixture.connect('cancelled');
  const consumer = await consumerOn(connection);
  const states: boolean[] = [];
  consumer.onChange(() => states.push(consumer.consuming));
  await fixture.vhost.deleteQueue(queue);
  await when(consumer, () => states.length === 2, 'the consumer to be lost and found');
  expect(states).toEqual([false, true]);
  await send('after');
  expect(body((await inbox.first(1))[0]!)).toBe('after');
  expect(connection.connected).toBe(true);
});

test('a consumer that cannot begin keeps trying, and says for how long it has been lost', async () => {
  const connection = await fixture.connect('no-queue');
  const declared = new Inbox<void>();
  const consumer = await consumerOn(connection, {
    queue: 'made.later',
    paused: true,
    declare: async () => declared.add(),
  });
  expect(consumer.lostSinceMs).toBeUndefined();
  await consumer.resume();
  await declared.first(3);
  expect(consumer.consuming).toBe(false);
  expect(consumer.lostSinceMs).toBeGreaterThan(0);
  await operator.withChannel((channel) => channel.assertQueue('made.later', { durable: true }));
  await when(consumer, () => consumer.consuming, 'the consumer to consume');
  expect(consumer.lostSinceMs).toBeUndefined();
});

test('a lost connection is recovered, and consumed again within 5 s of the link being back', async () => {
  const proxy = await fixture.proxy();
  const connection = await fixture.connect('cut', { url: fixture.vhost.urlAt(proxy.port) });
  const consumer = await consumerOn(connection);
  const lost = when(consumer, () => !consumer.consuming, 'the consumer to be lost');
  proxy.cut();
  await lost;
  await send('meanwhile');
  proxy.resume();
  expect(body((await inbox.first(1, 5_000))[0]!)).toBe('meanwhile');
});

test('no more than the prefetch is in hand', async () => {
  const connection = await fixture.connect('prefetch');
  await consumerOn(connection, { prefetch: 3 });
  await send('1', '2', '3', '4', '5');
  const first = await inbox.first(3);
  expect(await queueDepth(operator, queue)).toEqual({ ready: 2, consumers: 1 });
  first[0]!.ack();
  await inbox.first(4);
  expect(inbox.received).toHaveLength(4);
});

test('after stop nothing is delivered, what is in hand can be acked, and close makes sure that acks arrive', async () => {
  const connection = await fixture.connect('stop');
  const consumer = await consumerOn(connection, { prefetch: 500 });
  await send(...Array.from({ length: 500 }, (_, n) => `${n}`));
  const deliveries = await inbox.first(500);
  await consumer.stop();
  expect(consumer.consuming).toBe(false);
  await send('late');
  // In the order of a busy worker. 500 single acks before a close would lose 466 of them (see AckWindow).
  expect(deliveries.toReversed().map((delivery) => delivery.ack())).not.toContain(false);
  await consumer.close();
  expect(inbox.received).toHaveLength(500);
  expect(await left()).toEqual(['late']);
  await consumer.resume();
  expect(consumer.consuming).toBe(false);
});

test('pause and resume take turns, and the last one wins', async () => {
  const connection = await fixture.connect('pause');
  const consumer = await consumerOn(connection);
  await Promise.all([
    consumer.pause(),
    consumer.resume(),
    consumer.pause(),
    consumer.resume(),
    consumer.pause(),
  ]);
  expect(consumer.consuming).toBe(false);
  expect(consumer.lostSinceMs).toBeUndefined();
  expect(await queueDepth(operator, queue)).toMatchObject({ consumers: 0 });
  await Promise.all([consumer.resume(), consumer.resume()]);
  expect(consumer.consuming).toBe(true);
  expect(await queueDepth(operator, queue)).toMatchObject({ consumers: 1 });
});

test('a paused consumer stays paused when its connection is lost and comes back', async () => {
  const connection = await fixture.connect('paused-lost');
  const declared = new Inbox<void>();
  const consumer = await consumerOn(connection, { declare: async () => declared.add() });
  await consumer.pause();
  await fixture.vhost.closeConnections('paused-lost');
  await declared.first(2);
  // Whoever subscribes now does so after the setup: its turn comes last.
  await consumer.pause();
  expect(await queueDepth(operator, queue)).toMatchObject({ consumers: 0 });
});

test('stop over a link that swallows everything ends in bounded time', async () => {
  const proxy = await fixture.proxy();
  const connection = await fixture.connect('stop-half-open', { url: fixture.vhost.urlAt(proxy.port) });
  const consumer = await consumerOn(connection);
  await send('a');
  const [delivery] = await inbox.first(1);
  proxy.halfOpen();
  await within(6_000, consumer.stop(), 'stopping');
  expect([consumer.consuming, delivery!.channelOpen, delivery!.ack()]).toEqual([false, false, false]);
  proxy.cut();
});

test('a listener that throws at one message does not keep the consumer from the next', async () => {
  const connection = await fixture.connect('throws');
  const consumer = await consumerOn(connection, {
    onDelivery: (delivery) => {
      inbox.add(delivery);
      if (body(delivery) === 'bad') throw new Error('a bug');
      delivery.ack();
    },
  });
  await send('bad');
  await inbox.first(2);
  await send('good');
  await inbox.find((delivery) => body(delivery) === 'good', 'the good one');
  expect(fixture.log.text).toContain('Error: a bug');
  await consumer.close();
});

test('what is given back comes again to who consumes then, and what was acked before does not', async () => {
  const connection = await fixture.connect('give-back');
  const consumer = await consumerOn(connection);
  await send('a', 'b');
  const [a, b] = await inbox.first(2);
  expect(a!.ack()).toBe(true);
  await consumer.pause();
  consumer.giveBack();
  expect([b!.channelOpen, b!.ack()]).toEqual([false, false]);
  expect(consumer.lostSinceMs).toBeUndefined();
  await consumer.resume();
  const again = (await inbox.first(3))[2]!;
  expect([body(again), again.redelivered, again.generation]).toEqual(['b', true, 2]);
  expect(again.ack()).toBe(true);
  await consumer.close();
  expect(await left()).toEqual([]);
});
