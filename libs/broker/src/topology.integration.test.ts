import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { feedFetch } from '@offload/contracts/feed-fetch';
import { queuesOf } from '@offload/contracts/queues';
import { systemEcho } from '@offload/contracts/system-echo';
import { brokerFixture, type BrokerFixture } from '../../../test/support/broker-fixture.js';
import { queueDepth } from './queue-depth.js';
import { DEAD_QUEUE, declareTopology, TASK_QUEUE_ARGUMENTS, TopologyConflict } from './topology.js';

// The management API may take 5 s to hear of a connection, and so does giving up on a dead link.
jest.setTimeout(30_000);

let fixture: BrokerFixture;
const contracts = [systemEcho, feedFetch];
beforeAll(async () => {
  fixture = await brokerFixture('topology');
});
afterEach(() => fixture.closeAll());
afterAll(() => fixture.remove());

interface QueueInfo {
  name: string;
  type: string;
  arguments: Record<string, unknown>;
}

test('every type has a quorum queue a lane, and there is one for the dead', async () => {
  const connection = await fixture.connect('declare');
  await connection.withChannel((channel) => declareTopology(channel, contracts));
  const queues = (await (await fixture.vhost.api(`queues/${fixture.vhost.name}`)).json()) as QueueInfo[];
  expect(queues.map(({ name }) => name).sort()).toEqual([
    'feed.fetch',
    'feed.fetch.bulk',
    'system.echo',
    'system.echo.bulk',
    DEAD_QUEUE,
  ]);
  expect(new Set(queues.map(({ type }) => type))).toEqual(new Set(['quorum']));
  for (const { name, arguments: args } of queues)
    if (name !== DEAD_QUEUE) expect(args).toMatchObject(TASK_QUEUE_ARGUMENTS);
});

test('declaring is harmless when it is done again, by ten processes at once', async () => {
  const all = Array.from({ length: 10 }, (_, n) => fixture.connect(`declare-${n}`));
  const declared = (await Promise.all(all)).map((connection) =>
    connection.withChannel((channel) => declareTopology(channel, contracts)),
  );
  await expect(Promise.all(declared)).resolves.toHaveLength(10);
});

test('a queue that exists with other arguments is named, with what to do', async () => {
  const connection = await fixture.connect('conflict');
  const contract = { ...feedFetch, queue: 'old.shape' };
  await connection.withChannel((channel) => channel.assertQueue('old.shape', { durable: true }));
  const declared = connection.withChannel((channel) => declareTopology(channel, [contract]));
  await expect(declared).rejects.toThrow(TopologyConflict);
  await expect(declared).rejects.toThrow(/queue old\.shape exists with other properties.*'some\.type\.v2'/);
});

test('an exchange of another kind is named, too', async () => {
  const other = await brokerFixture('exchange-conflict');
  const connection = await other.connect('conflict');
  await connection.withChannel((channel) => channel.assertExchange('tasks', 'fanout'));
  const declared = connection.withChannel((channel) => declareTopology(channel, []));
  await expect(declared).rejects.toThrow(/exchange tasks exists with other properties.*Delete the exchange/);
  await other.remove();
});

test('a message that the broker gives up on is in tasks.dead, under its own routing key', async () => {
  const connection = await fixture.connect('give-up');
  await connection.withChannel((channel) => declareTopology(channel, contracts));
  const [queue] = queuesOf(feedFetch);
  await connection.withChannel(async (channel) => {
    channel.publish('tasks', queue!, Buffer.from('x'), { persistent: true });
    const dead = new Promise<string>((resolve) => {
      void channel.consume(DEAD_QUEUE, (message) => {
        channel.ack(message!);
        resolve(message!.fields.routingKey);
      });
    });
    // A reject stands for the delivery limit of 100; both are dead-lettered the same way.
    await channel.consume(queue!, (message) => channel.reject(message!, false));
    expect(await dead).toBe(queue);
  });
});

test('the depth of a queue is read without changing it; a missing queue is no error', async () => {
  const connection = await fixture.connect('depth');
  const changes: boolean[] = [];
  connection.onChange(() => changes.push(connection.connected));
  await connection.withChannel(async (channel) => {
    await channel.assertQueue('deep', { durable: true });
    await channel.purgeQueue('deep');
  });
  expect(await queueDepth(connection, 'deep')).toEqual({ ready: 0, consumers: 0 });
  expect(await queueDepth(connection, 'nowhere')).toBe('missing');
  expect(changes).toEqual([]);
});
