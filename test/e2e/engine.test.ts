import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import amqp from 'amqplib';
import { bytes, hang, startOrigin, type Origin } from '../support/origin.js';
import { sampleFeed } from '../support/sample-content.js';
import { startSystem, type System } from '../support/system.js';

let system: System;
let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
  system = await startSystem({
    label: 'engine',
    processes: { web: 1, clock: 1, 'feed-fetcher': 1, echo: 1 },
  });
}, 60_000);
afterAll(async () => {
  await system.stop();
  await origin.close();
}, 30_000);

describe('a task', () => {
  test('that fails at first is retried until it succeeds', async () => {
    const task = await system.submit('system.echo', { message: 'x', fail: 'transient', failTimes: 2 });
    expect(await system.ended(task.id)).toMatchObject({ state: 'succeeded', attempt: 3, error: null });
  });

  test('that fails permanently ends at once and says why', async () => {
    const task = await system.submit('system.echo', { fail: 'permanent' });
    expect(await system.ended(task.id)).toMatchObject({
      state: 'failed',
      attempt: 1,
      error: { code: 'echo-permanent' },
    });
  });

  test('that always fails ends within its attempts (P6)', async () => {
    const task = await system.submit('system.echo', { fail: 'transient' });
    expect(await system.ended(task.id, 60_000)).toMatchObject({ state: 'failed', attempt: 5 });
  }, 70_000);

  test('on a hanging origin harms nobody: a healthy feed beside it is read at once (P2)', async () => {
    const hanging = Array.from({ length: 20 }, (_, n) => origin.serve(`/hang/${n}`, hang()));
    for (const url of hanging) await system.submit('feed.fetch', { url });
    await origin.asked('/hang/19');
    const feed = origin.serve('/feed.xml', bytes(sampleFeed(2), { 'content-type': 'application/rss+xml' }));
    const began = performance.now();
    const task = await system.ended((await system.submit('feed.fetch', { url: feed })).id);
    expect(task).toMatchObject({ state: 'succeeded', result: { title: 'Sample feed', total: 2 } });
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('poison in a queue', () => {
  test('stops no consumer: what is no task is kept for operators, and the next task is done', async () => {
    const connection = await amqp.connect(system.vhost.url);
    const channel = await connection.createConfirmChannel();
    const properties = { correlationId: 'stranger', type: 'system.echo', headers: {} };
    channel.publish('tasks', 'system.echo', Buffer.from('{not json'), properties);
    channel.publish('tasks', 'system.echo', Buffer.from('"x"'), {});
    channel.publish('tasks', 'system.echo', Buffer.from('{}'), { ...properties, type: 'no.such' });
    await channel.waitForConfirms();
    const task = await system.submit('system.echo', { message: 'after the poison' });
    expect((await system.ended(task.id)).state).toBe('succeeded');
    const clock = system.processes.find((each) => each.type === 'clock');
    const kept = () => clock?.lines.received.filter((line) => line.includes('without a task was kept')) ?? [];
    await clock?.lines.find(() => kept().length >= 3, 'the clock to keep three messages');
    expect(kept()).toHaveLength(3);
    const { messageCount } = await channel.checkQueue('system.echo');
    expect(messageCount).toBe(0);
    await connection.close();
  });
});
