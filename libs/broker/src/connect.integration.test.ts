import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { brokerFixture, type BrokerFixture } from '../../../test/support/broker-fixture.js';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { Inbox, when } from '../../../test/support/signals.js';
import { within } from '../../../test/support/within.js';
import { BrokerClosed, connectBroker, NotConnected, type BrokerConnection } from './connect.js';

// The management API may take 5 s to hear of a connection, and so does giving up on a dead link.
jest.setTimeout(30_000);

let fixture: BrokerFixture;
beforeAll(async () => {
  fixture = await brokerFixture('connect');
});
afterEach(() => fixture.closeAll());
afterAll(() => fixture.remove());

const connected = (connection: BrokerConnection) =>
  when(connection, () => connection.connected, 'the connection');
const lost = (connection: BrokerConnection) => when(connection, () => !connection.connected, 'the loss');

test('connecting does not need the broker to be up, and it is in use within 5 s of its return', async () => {
  const proxy = await fixture.proxy();
  proxy.cut();
  const log = new RecordedLog();
  const url = fixture.vhost.urlAt(proxy.port);
  const connection = fixture.track(await connectBroker({ url, name: 'early', log }));
  await log.lines.find(({ level }) => level === 'error', 'a report of the failure');
  expect(connection.connected).toBe(false);
  await expect(connection.withChannel(async () => {})).rejects.toThrow(NotConnected);

  proxy.resume();
  await within(5_000, connected(connection), 'being connected');
  expect(connection.brokerVersion).toMatch(/^\d+\.\d+/);
});

test.each([
  ['password', (url: URL) => (url.password = 'wrong'), /refuses user '.+': check the user and password/],
  ['vhost', (url: URL) => (url.pathname = '/none'), /does not let user '.+' into vhost 'none'.*add_vhost/],
])('a wrong %s is reported with what to do, once, and tried again', async (_, spoil, words) => {
  const url = new URL(fixture.vhost.url);
  spoil(url);
  const log = new RecordedLog();
  const connection = fixture.track(await connectBroker({ url: url.href, name: 'refused', log }));
  const { message } = await log.lines.find(({ level }) => level === 'error', 'a report');
  expect(message).toMatch(words);
  expect(log.text).not.toContain('wrong');
  await connection.close();
  expect(log.lines.received.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('a connection closed by an operator comes back, and its channels with it', async () => {
  const connection = await fixture.connect('closed-by-operator');
  const setups = new Inbox<void>();
  const kept = connection.openChannel('kept', async () => setups.add());
  await setups.first(1);
  const gone = lost(connection);
  await fixture.vhost.closeConnections('closed-by-operator');
  await gone;
  expect(kept.current).toBeUndefined();
  await setups.first(2);
  await when(kept, () => kept.current !== undefined, 'the channel to be ready');
});

test.each([
  [404, 'not found'],
  [406, 'other arguments'],
])('a channel closed by a %s (%s) is opened and set up again, on the same connection', async (code) => {
  const connection = await fixture.connect(`error-${code}`);
  const changes = new Inbox<boolean>();
  connection.onChange(() => changes.add(connection.connected));
  const setups = new Inbox<void>();
  const kept = connection.openChannel('kept', async (channel) => {
    await channel.assertQueue('durable-one', { durable: true });
    setups.add();
  });
  await when(kept, () => kept.current !== undefined, 'the channel to be ready');
  const first = kept.current!;
  const error = await (
    code === 404 ? first.checkQueue('nowhere') : first.assertQueue('durable-one', { durable: false })
  ).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code });
  expect(kept.isOpen(first)).toBe(false);
  await setups.first(2);
  await when(kept, () => kept.current !== undefined, 'the channel to be ready again');
  expect(kept.current).not.toBe(first);
  expect(changes.received).toEqual([]);
});

test('a setup that fails is tried again on a new channel until it succeeds', async () => {
  const connection = await fixture.connect('setup-fails');
  const tries = new Inbox<unknown>();
  const kept = connection.openChannel('kept', async (channel) => {
    tries.add(channel);
    if (tries.received.length < 4) await channel.checkQueue('nowhere');
  });
  const channels = await tries.first(4);
  expect(new Set(channels).size).toBe(4);
  await when(kept, () => kept.current !== undefined, 'the channel to be ready');
});

test('one loop reopens, however often a channel is lost and given up at the same moment', async () => {
  const connection = await fixture.connect('single-flight');
  let running = 0;
  let most = 0;
  const kept = connection.openChannel('kept', async (channel) => {
    most = Math.max(most, (running += 1));
    await channel.assertExchange('any', 'fanout', { durable: false });
    running -= 1;
  });
  for (let round = 0; round < 5; round += 1) {
    await when(kept, () => kept.current !== undefined, 'the channel to be ready');
    kept.current!.checkQueue('nowhere').catch(() => {});
    kept.replace('test');
    kept.replace('test again');
  }
  await when(kept, () => kept.current !== undefined, 'the channel to be ready');
  expect(most).toBe(1);
});

test('a listener that throws costs its channel, neither the connection nor the process', async () => {
  const connection = await fixture.connect('throws');
  const changes = new Inbox<boolean>();
  connection.onChange(() => changes.add(connection.connected));
  const setups = new Inbox<void>();
  connection.openChannel('kept', async (channel) => {
    setups.add();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.consume(queue, () => {
      throw new Error('a bug in a listener');
    });
    if (setups.received.length === 1) channel.sendToQueue(queue, Buffer.from('x'));
  });
  await setups.first(2);
  expect(fixture.log.text).toContain('a bug in a listener');
  expect(changes.received).toEqual([]);
});

test('a half-open link is noticed by its heartbeats, and the connection comes back over another', async () => {
  const proxy = await fixture.proxy();
  const url = fixture.vhost.urlAt(proxy.port);
  const connection = await fixture.connect('half-open', { url, heartbeatSeconds: 1 });
  const setups = new Inbox<void>();
  connection.openChannel('kept', async () => setups.add());
  await setups.first(1);
  proxy.halfOpen();
  await within(5_000, lost(connection), 'noticing that nothing comes');
  proxy.resume();
  await within(13_000, connected(connection), 'being connected again');
  await setups.first(2);
});

test('close ends over a half-open link, too, in bounded time', async () => {
  const proxy = await fixture.proxy();
  const url = fixture.vhost.urlAt(proxy.port);
  const connection = await fixture.connect('close-half-open', { url });
  const kept = connection.openChannel('kept', async () => {});
  await when(kept, () => kept.current !== undefined, 'the channel to be ready');
  proxy.halfOpen();
  await within(6_000, connection.close(), 'closing');
  expect(connection.connected).toBe(false);
});

test('after close nothing comes back, and waiting for it rejects', async () => {
  const connection = await fixture.connect('closed');
  const kept = connection.openChannel('kept', async () => {});
  await when(kept, () => kept.current !== undefined, 'the channel to be ready');
  await connection.close();
  expect([connection.connected, kept.current]).toEqual([false, undefined]);
  await expect(connection.untilConnected()).rejects.toThrow(BrokerClosed);
  expect(() => connection.openChannel('late', async () => {})).toThrow(BrokerClosed);
});

test('the connection has its name in the management UI', async () => {
  await fixture.connect('feed-fetcher 42');
  await expect(fixture.vhost.closeConnections('feed-fetcher 42')).resolves.toBe(1);
});
