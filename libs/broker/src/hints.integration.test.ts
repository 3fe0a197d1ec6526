import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { TaskEvent } from '@offload/contracts/task';
import { CONNECTION_BLOCKED } from '../../../test/support/amqp-frames.js';
import { brokerFixture, type BrokerFixture } from '../../../test/support/broker-fixture.js';
import { Inbox, when } from '../../../test/support/signals.js';
import type { BrokerConnection } from './connect.js';
import { createControlSender, subscribeControl, type ControlMessage } from './control.js';
import { createEventPublisher, subscribeEvents, type EventPublisher } from './events.js';

// The management API may take 5 s to hear of a connection, and so does giving up on a dead link.
jest.setTimeout(30_000);

let fixture: BrokerFixture;
beforeAll(async () => {
  fixture = await brokerFixture('hints');
});
afterEach(() => fixture.closeAll());
afterAll(() => fixture.remove());

const event = (change: Partial<TaskEvent> = {}): TaskEvent => ({
  task: 't-1',
  type: 'image.resize',
  owner: 'ann',
  state: 'succeeded',
  attempt: 1,
  at: '2026-01-01T00:00:00.000Z',
  ...change,
});

async function listen(connection: BrokerConnection, pattern?: string) {
  const inbox = new Inbox<TaskEvent>();
  const subscription = subscribeEvents(connection, { pattern, onEvent: inbox.add, log: fixture.log });
  await when(subscription, () => subscription.subscribed, 'the subscription');
  return { inbox, subscription };
}

/** The channel opens a moment after the connection; until then events are dropped. */
async function readyPublisher(connection: BrokerConnection): Promise<EventPublisher> {
  const { inbox, subscription } = await listen(connection, 'probe.#');
  const publisher = createEventPublisher(connection);
  while (inbox.received.length === 0) {
    publisher.publishEvent(event({ type: 'probe' }));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await subscription.close();
  return publisher;
}

test('each listener gets the events of its pattern', async () => {
  const connection = await fixture.connect('events');
  const all = await listen(await fixture.connect('listener 1'), '*.*.*');
  const failed = await listen(await fixture.connect('listener 2'), '*.*.failed');
  const publisher = await readyPublisher(connection);
  publisher.publishEvent(event());
  publisher.publishEvent(event({ state: 'failed' }));
  expect((await all.inbox.first(2)).map(({ state }) => state)).toEqual(['succeeded', 'failed']);
  expect(await failed.inbox.first(1)).toEqual([event({ state: 'failed' })]);
});

test('a listener whose connection was lost gets events again', async () => {
  const publisher = await readyPublisher(await fixture.connect('events'));
  const { inbox, subscription } = await listen(await fixture.connect('lost-listener'));
  await fixture.vhost.closeConnections('lost-listener');
  await when(subscription, () => subscription.subscribed, 'the subscription');
  publisher.publishEvent(event());
  expect(await inbox.first(1)).toEqual([event()]);
});

test('without a broker, events are dropped and counted, and cost nobody anything', async () => {
  const proxy = await fixture.proxy();
  const connection = await fixture.connect('no-broker', { url: fixture.vhost.urlAt(proxy.port) });
  const publisher = await readyPublisher(connection);
  const before = publisher.dropped;
  proxy.cut();
  await when(connection, () => !connection.connected, 'the loss');
  for (let n = 0; n < 1_000; n += 1) publisher.publishEvent(event());
  expect(publisher.dropped - before).toBe(1_000);
});

test('while the broker is blocked, events are dropped and counted', async () => {
  const proxy = await fixture.proxy();
  const connection = await fixture.connect('blocked', { url: fixture.vhost.urlAt(proxy.port) });
  const publisher = await readyPublisher(connection);
  proxy.inject(CONNECTION_BLOCKED);
  await when(connection, () => connection.blocked, 'being blocked');
  const before = publisher.dropped;
  publisher.publishEvent(event());
  expect(publisher.dropped - before).toBe(1);
});

test('events beyond the write buffer are dropped, not kept in memory', async () => {
  const proxy = await fixture.proxy();
  const connection = await fixture.connect('slow', { url: fixture.vhost.urlAt(proxy.port) });
  const publisher = await readyPublisher(connection);
  const before = publisher.dropped;
  for (let n = 0; n < 10_000; n += 1) publisher.publishEvent(event());
  // amqplib's two buffers of 1,024 frames each take the first ones.
  expect(publisher.dropped - before).toBeGreaterThan(7_000);
});

test('a listener that stops reading costs its own hints only: its queue is bounded, and nobody waits', async () => {
  const proxy = await fixture.proxy();
  const connection = await fixture.connect('deaf', { url: fixture.vhost.urlAt(proxy.port) });
  const deaf = await listen(connection);
  const well = await listen(await fixture.connect('well'));
  const publisher = await readyPublisher(await fixture.connect('events'));
  const dropped = publisher.dropped;
  proxy.stall();
  let slowest = 0;
  const sent = 25_000;
  for (let n = 1; n <= sent; n += 1) {
    const began = performance.now();
    publisher.publishEvent(event({ attempt: n }));
    slowest = Math.max(slowest, performance.now() - began);
    // As fast as the write buffer empties: otherwise it would drop them itself.
    if (n % 500 === 0) await well.inbox.find(({ attempt }) => attempt === n, `event ${n}`);
  }
  expect(slowest).toBeLessThan(500);
  expect(publisher.dropped - dropped).toBe(0);
  const queues = await fixture.vhost.api(`queues/${fixture.vhost.name}`);
  const limits = ((await queues.json()) as { arguments: Record<string, unknown> }[]).map(
    (queue) => queue.arguments['x-max-length'],
  );
  expect(limits.filter((limit) => limit === 10_000).length).toBeGreaterThanOrEqual(2);
  expect(deaf.inbox.received.length).toBeLessThan(sent);
});

test('what is no event is ignored, and the next one arrives', async () => {
  const connection = await fixture.connect('strange');
  const { inbox } = await listen(connection);
  const publisher = await readyPublisher(connection);
  await connection.withChannel(async (channel) => {
    channel.publish('tasks.events', 'a.b.c', Buffer.from('{'));
    channel.publish('tasks.events', 'a.b.c', Buffer.from('{"task":5}'));
    await channel.checkExchange('tasks.events');
  });
  publisher.publishEvent(event());
  expect((await inbox.find(({ type }) => type !== 'probe', 'the event')).task).toBe('t-1');
});

test('a control message reaches every process; one of an unknown kind is ignored', async () => {
  const [first, second] = [new Inbox<ControlMessage>(), new Inbox<ControlMessage>()];
  for (const [inbox, name] of [
    [first, 'worker 1'],
    [second, 'worker 2'],
  ] as const) {
    const connection = await fixture.connect(name);
    const subscription = subscribeControl(connection, { onControl: inbox.add, log: fixture.log });
    await when(subscription, () => subscription.subscribed, 'the subscription');
  }
  const connection = await fixture.connect('sender');
  const sender = createControlSender(connection);
  await connection.withChannel(async (channel) => {
    channel.publish('tasks.control', '', Buffer.from('{"kind":"explode"}'));
    await channel.checkExchange('tasks.control');
  });
  while (first.received.length === 0) {
    sender.sendControl({ kind: 'cancel', task: 't-1' });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(first.received[0]).toEqual({ kind: 'cancel', task: 't-1' });
  expect(await second.first(1)).toEqual([{ kind: 'cancel', task: 't-1' }]);
});
