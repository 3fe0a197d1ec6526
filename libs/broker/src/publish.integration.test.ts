import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import { queueName, type TaskMessage } from '@offload/contracts/task';
import { CONNECTION_BLOCKED, CONNECTION_UNBLOCKED } from '../../../test/support/amqp-frames.js';
import { brokerFixture, type BrokerFixture } from '../../../test/support/broker-fixture.js';
import { when } from '../../../test/support/signals.js';
import type { BrokerConnection } from './connect.js';
import { createPublisher, type Publisher, type PublisherOptions } from './publish.js';
import { queueDepth } from './queue-depth.js';
import { DEAD_QUEUE } from './topology.js';

// The management API may take 5 s to hear of a connection, and so does giving up on a dead link.
jest.setTimeout(30_000);

let fixture: BrokerFixture;
beforeAll(async () => {
  fixture = await brokerFixture('publish');
});
afterEach(() => fixture.closeAll());
afterAll(() => fixture.remove());

const message = (seq: number, queue: string = systemEcho.queue): TaskMessage => ({
  task: `task-${seq}`,
  alone: false,
  type: systemEcho.type,
  lane: 'interactive',
  queue,
  version: 1,
  owner: 'ann',
  seq,
  input: { message: `${seq}` },
});

async function publisherOn(
  connection: BrokerConnection,
  options: Partial<PublisherOptions> = {},
): Promise<Publisher> {
  const publisher = createPublisher(connection, { log: fixture.log, contracts: [systemEcho], ...options });
  await when(publisher, () => publisher.ready, 'the publisher to be ready');
  return publisher;
}

const count = (settled: PromiseSettledResult<string>[]) => {
  const counts: Record<string, number> = {};
  for (const each of settled) {
    const outcome = each.status === 'fulfilled' ? each.value : (each.reason as { code: string }).code;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
};

test('a confirmed message is in its queue, persistent and under its properties', async () => {
  const connection = await fixture.connect('confirmed');
  const publisher = await publisherOn(connection);
  await expect(publisher.publish(message(1))).resolves.toBe('confirmed');
  const got = await connection.withChannel((channel) => channel.get(systemEcho.queue, { noAck: true }));
  expect(got).toMatchObject({
    content: Buffer.from('{"message":"1"}'),
    properties: { correlationId: 'task-1', type: 'system.echo', deliveryMode: 2, headers: { 'x-seq': 1 } },
  });
});

test('returned messages are never reported as confirmed, 1,000 interleaved', async () => {
  const publisher = await publisherOn(await fixture.connect('interleaved'));
  const outcomes = await Promise.all(
    Array.from({ length: 1_000 }, (_, n) =>
      publisher.publish(message(n, n % 2 ? 'no.such.queue' : undefined)),
    ),
  );
  expect(outcomes.map((outcome, n) => outcome === (n % 2 ? 'returned' : 'confirmed'))).not.toContain(false);
  expect(publisher.unconfirmed).toBe(0);
});

test('a deleted queue is declared again when a message comes back', async () => {
  const connection = await fixture.connect('deleted');
  const publisher = await publisherOn(connection);
  await fixture.vhost.deleteQueue(systemEcho.queue);
  const outcomes: string[] = [];
  // Declared at most once a second; a task that was returned is published again by the relay.
  for (let seq = 0; outcomes.at(-1) !== 'confirmed' && seq < 10_000; seq += 1)
    outcomes.push(await publisher.publish(message(seq)));
  expect([outcomes[0], outcomes.at(-1)]).toEqual(['returned', 'confirmed']);
});

test('a message that a full queue refuses is neither confirmed nor an error', async () => {
  const connection = await fixture.connect('full');
  const publisher = await publisherOn(connection);
  const queue = queueName(systemEcho.queue, 'bulk');
  await fixture.vhost.setPolicy('short', '^system\\.echo\\.bulk$', { 'max-length': 5 });
  const outcomes = new Set<string>();
  for (let seq = 0; !outcomes.has('refused') && seq < 10_000; seq += 1)
    outcomes.add(await publisher.publish(message(seq, queue)));
  expect([...outcomes]).toEqual(['confirmed', 'refused']);
});

test('publishes in flight when the connection drops reject as unconfirmed; afterwards it publishes again', async () => {
  const proxy = await fixture.proxy();
  const connection = await fixture.connect('drops', { url: fixture.vhost.urlAt(proxy.port) });
  const publisher = await publisherOn(connection);
  proxy.halfOpen();
  const settled = Promise.allSettled(Array.from({ length: 100 }, (_, n) => publisher.publish(message(n))));
  expect(publisher.unconfirmed).toBe(100);
  proxy.cut();
  expect(count(await settled)).toEqual({ unconfirmed: 100 });

  expect(publisher.ready).toBe(false);
  await expect(publisher.publish(message(1))).rejects.toMatchObject({
    name: 'NotPublished',
    code: 'disconnected',
  });
  proxy.resume();
  await when(publisher, () => publisher.ready, 'the publisher to be ready again');
  await expect(publisher.publish(message(2))).resolves.toBe('confirmed');
});

test('a channel error rejects what was in flight, and the publisher goes on', async () => {
  const connection = await fixture.connect('channel-error');
  const publisher = await publisherOn(connection, { contracts: [] });
  await connection.withChannel((channel) => channel.deleteExchange('tasks'));
  const settled = await Promise.allSettled(
    Array.from({ length: 50 }, (_, n) => publisher.publish(message(n))),
  );
  expect(count(settled)).toEqual({ unconfirmed: 50 });
  await when(publisher, () => publisher.ready, 'the publisher to be ready again');
  // Setting up has declared the exchange again, and the binding went with the old one.
  await expect(publisher.publish(message(51))).resolves.toBe('returned');
});

test('while the broker is blocked nothing is published; afterwards all goes on', async () => {
  const proxy = await fixture.proxy();
  const connection = await fixture.connect('blocked', { url: fixture.vhost.urlAt(proxy.port) });
  const publisher = await publisherOn(connection);
  const before = await publisher.publish(message(0));
  const depth = await queueDepth(connection, systemEcho.queue);

  proxy.inject(CONNECTION_BLOCKED);
  await when(connection, () => connection.blocked, 'being blocked');
  expect(publisher.ready).toBe(false);
  await expect(publisher.publish(message(1))).rejects.toMatchObject({ code: 'blocked' });
  expect(publisher.unconfirmed).toBe(0);

  proxy.inject(CONNECTION_UNBLOCKED);
  await when(connection, () => !connection.blocked, 'being unblocked');
  expect(await queueDepth(connection, systemEcho.queue)).toEqual(depth);
  expect([before, await publisher.publish(message(2))]).toEqual(['confirmed', 'confirmed']);
});

test('at most a window of messages is unconfirmed, as many wait, and more are told that it is busy', async () => {
  const proxy = await fixture.proxy();
  const connection = await fixture.connect('window', { url: fixture.vhost.urlAt(proxy.port) });
  const publisher = await publisherOn(connection, { window: 10 });
  proxy.delay(50);
  const all = Array.from({ length: 25 }, (_, n) => publisher.publish(message(n)));
  expect(publisher.unconfirmed).toBe(10);
  expect(count(await Promise.allSettled(all))).toEqual({ confirmed: 20, busy: 5 });
});

test('large messages beyond the write buffer wait for drain and all arrive', async () => {
  const connection = await fixture.connect('drain');
  const publisher = await publisherOn(connection);
  const input = { message: 'x'.repeat(10_000) };
  const all = Array.from({ length: 2_000 }, (_, n) => publisher.publish({ ...message(n), input }));
  expect(count(await Promise.allSettled(all))).toEqual({ confirmed: 2_000 });
});

test('poison goes to tasks.dead with its reason, its body and its task', async () => {
  const connection = await fixture.connect('poison');
  const publisher = await publisherOn(connection);
  const received = {
    content: Buffer.from('{ not json'),
    fields: { exchange: 'tasks', routingKey: systemEcho.queue, redelivered: false, deliveryTag: 1 },
    properties: {
      correlationId: 'task-9',
      type: systemEcho.type,
      headers: { 'x-seq': 3, CC: ['elsewhere'] },
    },
  };
  await expect(publisher.publishDead(received, 'not-json', 'Unexpected token')).resolves.toBe('confirmed');
  const got = await connection.withChannel((channel) => channel.get(DEAD_QUEUE, { noAck: true }));
  expect(got).toMatchObject({
    content: received.content,
    fields: { routingKey: systemEcho.queue },
    properties: {
      correlationId: 'task-9',
      headers: { 'x-code': 'not-json', 'x-detail': 'Unexpected token', 'x-seq': 3 },
    },
  });
});

test('what AMQP cannot carry rejects, and harms nothing else', async () => {
  const publisher = await publisherOn(await fixture.connect('unencodable'));
  await expect(publisher.publish({ ...message(1), owner: 'x'.repeat(100_000) })).rejects.toThrow(RangeError);
  await expect(publisher.publish(message(2))).resolves.toBe('confirmed');
});

test('close waits for the confirms of what was sent, and takes no more', async () => {
  const publisher = await publisherOn(await fixture.connect('close'));
  const all = Array.from({ length: 500 }, (_, n) => publisher.publish(message(n)));
  const closed = publisher.close();
  await expect(publisher.publish(message(501))).rejects.toMatchObject({ code: 'closed' });
  await closed;
  expect(count(await Promise.allSettled(all))).toEqual({ confirmed: 500 });
});
