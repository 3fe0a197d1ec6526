import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createPublisher } from '@offload/broker/publish';
import { systemEcho } from '@offload/contracts/system-echo';
import { messageOf } from '@offload/store/new-task';
import { FIRST_HOLD_MS } from '@offload/store/task-record';
import { brokerFixture, type BrokerFixture } from '../support/broker-fixture.js';
import { startInProcessRelay } from '../support/in-process-clock.js';
import { startInProcessWorker } from '../support/in-process-worker.js';
import { when } from '../support/signals.js';
import { storeFixture, type StoreFixture } from '../support/store-fixture.js';
import { until } from '../support/until.js';

jest.setTimeout(90_000);

let stored: StoreFixture;
let broker: BrokerFixture;
const running: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  stored = await storeFixture('full-queue');
  broker = await brokerFixture('full-queue');
});
afterAll(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
  await broker.remove();
  await stored.remove();
});

const TASKS = 300;

test('more tasks than a queue takes wait in the store and end soon after there is room (P1)', async () => {
  const { store, log } = stored;
  const contract = { ...systemEcho, concurrency: 5, prefetch: 5 };
  const connection = await broker.connect('relay');
  const publisher = broker.track(createPublisher(connection, { log, contracts: [contract] }));
  await when(publisher, () => publisher.ready, 'the queues to be there');
  await broker.vhost.setPolicy('short', '^system', { 'max-length': 10, overflow: 'reject-publish' });
  const first = await stored.insert();
  // The limit is a soft one, and a policy takes a moment: copies of one message (they are harmless) fill the queue.
  await until('the queue to be full', async () => {
    const outcome = await publisher.publish(messageOf(first));
    return outcome === 'refused' ? outcome : undefined;
  });
  const tasks = [first, ...(await Promise.all(Array.from({ length: TASKS }, () => stored.insert())))];
  running.push(startInProcessRelay({ contracts: [contract], store, connection, log }));
  await log.lines.find(
    ({ message, fields }) => /not taken/.test(message) && /refused/.test(JSON.stringify(fields)),
    'a refusal',
  );
  const states = await Promise.all(tasks.map((task) => stored.read(task._id)));
  const waiting = states.filter((task) => task.state === 'scheduled');
  expect(waiting.length).toBeGreaterThan(TASKS / 3);

  const consuming = await broker.connect('worker');
  const handler = async () => ({ message: '', attempt: 1 });
  running.push(startInProcessWorker({ contract, handler, store, connection: consuming, log, name: 'w' }));
  const done = await until('all tasks to end', async () => {
    const now = await Promise.all(tasks.map((task) => stored.read(task._id)));
    return now.every((task) => task.state === 'succeeded') ? now : undefined;
  });
  expect(done.every((task) => task.attempt === 1 && task.seq === 0)).toBe(true);
  // Nobody waited for the end of a doubled hold.
  expect(done.every((task) => task.holdMs <= 2 * FIRST_HOLD_MS)).toBe(true);
});
