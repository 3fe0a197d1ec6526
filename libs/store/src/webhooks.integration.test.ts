import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Callback } from '@offload/contracts/webhook-event';
import { echoTask, storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { openStore, type Store } from './open-store.js';
import * as moves from './moves.js';
import type { BatchRecord } from './batch-record.js';
import { newId } from './new-task.js';
import type { TaskRecord } from './task-record.js';
import { createWebhookEvents, DELIVERIES } from './webhook-events.js';
import type { WebhookAttempt, WebhookDelivery } from './webhook-record.js';

let fixture: StoreFixture;
let store: Store;
beforeAll(async () => {
  fixture = await storeFixture('webhooks');
  store = fixture.store;
});
afterAll(() => fixture.remove());

const ALL: Callback['events'] = ['task.succeeded', 'task.failed', 'task.cancelled'];
const callback = (change: Partial<Callback> = {}): Callback => ({
  url: 'https://hooks.example.org/a',
  events: ALL,
  secretName: 'default',
  ...change,
});

const insert = (change: Partial<TaskRecord> = {}): Promise<TaskRecord> =>
  fixture.insert({ callback: callback(), effects: ['webhook'], ...change });

async function end(id: string, how: 'succeeded' | 'failed', result: unknown = { message: 'hi' }) {
  const { seq, keepMs } = await fixture.read(id);
  const claim = await store.tasks.claim({ task: id, seq }, 'w', new Set());
  if (claim.kind !== 'claimed') throw new Error('not claimed');
  const lease = { id, token: claim.token };
  const p = { ...lease, keepMs, now: store.tasks.now() };
  const error = { code: 'some-error', message: 'It went wrong.' };
  await store.tasks.settle(
    how === 'succeeded' ? moves.finish({ ...p, result }) : moves.fail({ ...p, error }),
    lease,
  );
}

const deliveriesOf = async (task: string): Promise<WebhookDelivery[]> => {
  const listed = await store.webhooks.list({ owner: 'local', task }, { order: 'asc', limit: 50 });
  return Promise.all(listed.map(async ({ _id }) => (await store.webhooks.get('local', _id))!));
};

async function onlyDeliveryOf(task: string): Promise<WebhookDelivery> {
  const [delivery, ...others] = await deliveriesOf(task);
  expect(others).toEqual([]);
  if (!delivery) throw new Error('There is no delivery.');
  return delivery;
}

/** One that is pending. */
async function delivered(): Promise<WebhookDelivery> {
  const { _id } = await insert();
  await end(_id, 'succeeded');
  await store.dependencies.carryOut([_id]);
  return onlyDeliveryOf(_id);
}

describe('exactly one delivery is made of the end of a task', () => {
  test('with its payload and the task that sends it, whose own end sets off nothing', async () => {
    const { _id } = await insert({ tags: ['a'] });
    await end(_id, 'succeeded');
    await store.dependencies.carryOut([_id]);
    const delivery = await onlyDeliveryOf(_id);
    expect(delivery).toMatchObject({ event: 'task.succeeded', state: 'pending', run: 1, attempts: [] });
    expect(JSON.parse(delivery.payload)).toMatchObject({
      type: 'task.succeeded',
      data: { id: _id, state: 'succeeded', tags: ['a'], result: { message: 'hi' }, resultOmitted: false },
    });
    expect((await fixture.read(_id)).effects).toBeUndefined();
    const sender = await fixture.read(delivery.sender);
    expect(sender).toMatchObject({ type: 'webhook.send', owner: ':system', state: 'scheduled' });
    expect([sender.callback, sender.effects]).toEqual([undefined, undefined]);
  });

  test('when its finisher dies before it does anything', async () => {
    const { _id } = await insert();
    await end(_id, 'failed');
    expect(await deliveriesOf(_id)).toEqual([]);
    await store.dependencies.sweepEffects(100);
    const { payload, event } = await onlyDeliveryOf(_id);
    expect(event).toBe('task.failed');
    expect(JSON.parse(payload)).toMatchObject({ data: { error: { code: 'some-error' }, result: null } });
  });

  test('when its finisher dies after the delivery, before the task that sends it', async () => {
    const { _id } = await insert();
    await end(_id, 'succeeded');
    await createWebhookEvents(store.connection, store.stats).tasksEnded([_id]);
    const { sender } = await onlyDeliveryOf(_id);
    await store.connection.mongo.collection<{ _id: string }>('tasks').deleteMany({ _id: sender });
    await store.dependencies.sweepEffects(100);
    await onlyDeliveryOf(_id);
    expect((await fixture.read(sender)).type).toBe('webhook.send');
  });

  test('when its finisher dies after both, before it clears the effect', async () => {
    const { _id } = await insert();
    await end(_id, 'succeeded');
    await createWebhookEvents(store.connection, store.stats).tasksEnded([_id]);
    expect((await fixture.read(_id)).effects).toEqual(['webhook']);
    await store.dependencies.sweepEffects(100);
    await onlyDeliveryOf(_id);
    expect((await fixture.read(_id)).effects).toBeUndefined();
  });

  test('when many carry it out at the same moment, in several processes', async () => {
    const second = openStore({ uri: fixture.database.uri, name: 'second', log: fixture.log });
    await second.connection.ready();
    const { _id } = await insert();
    await end(_id, 'succeeded');
    await Promise.all(
      [store, second, store, second, store, second].map((each) => each.dependencies.carryOut([_id])),
    );
    await onlyDeliveryOf(_id);
    await second.connection.close();
  });

  test('when it is cancelled, or fails with the one that it waits for', async () => {
    const cancelled = await insert();
    await store.many.cancel([cancelled]);
    await store.dependencies.carryOut([cancelled._id]);
    expect((await onlyDeliveryOf(cancelled._id)).event).toBe('task.cancelled');

    const parent = await fixture.insert();
    const waiting = await insert({ state: 'blocked', dueAt: undefined, waitsFor: [parent._id] });
    await store.dependencies.settleBlocked(waiting);
    await end(parent._id, 'failed');
    await store.dependencies.carryOut([parent._id]);
    expect((await onlyDeliveryOf(waiting._id)).event).toBe('task.failed');
  });

  test('and none of an end that its callback did not ask for', async () => {
    const { _id } = await insert({ callback: callback({ events: ['task.failed'] }) });
    await end(_id, 'succeeded');
    await store.dependencies.carryOut([_id]);
    expect(await deliveriesOf(_id)).toEqual([]);
    expect((await fixture.read(_id)).effects).toBeUndefined();
  });

  test('whose payload leaves out a large result', async () => {
    const { _id } = await insert();
    await end(_id, 'succeeded', { message: 'x'.repeat(20_000) });
    await store.dependencies.carryOut([_id]);
    const { payload } = await onlyDeliveryOf(_id);
    expect(JSON.parse(payload)).toMatchObject({ data: { result: null, resultOmitted: true } });
    expect(payload.length).toBeLessThan(2_000);
  });
});

describe('a task that people have run again', () => {
  test('is told of at its next end, too, and its first end is told of before it runs', async () => {
    const task = await insert();
    await end(task._id, 'failed');
    const untold = await fixture.read(task._id);
    expect(
      await store.tasks.apply(moves.requeue({ id: task._id, attempts: 1, now: store.tasks.now() })),
    ).toBe(false);
    expect(await store.many.requeue([untold], () => 1)).toBe(1);
    expect((await deliveriesOf(task._id)).map(({ event }) => event)).toEqual(['task.failed']);
    await end(task._id, 'succeeded');
    await store.dependencies.carryOut([task._id]);
    const both = await deliveriesOf(task._id);
    expect(both.map(({ event }) => event)).toEqual(['task.failed', 'task.succeeded']);
    expect(new Set(both.map(({ sender }) => sender)).size).toBe(2);
  });

  test('is told of again when it fails again while it still waits for others', async () => {
    const parent = await fixture.insert();
    const task = await insert({ state: 'blocked', dueAt: undefined, waitsFor: [parent._id] });
    await store.dependencies.settleBlocked(task);
    await end(parent._id, 'failed');
    await store.dependencies.carryOut([parent._id]);
    expect(await store.many.requeue([await fixture.read(task._id)], () => 1)).toBe(1);
    expect((await deliveriesOf(task._id)).map(({ event }) => event)).toEqual(['task.failed', 'task.failed']);
  });

  test('is removed only after its end has been told', async () => {
    const { _id } = await insert();
    await end(_id, 'succeeded');
    expect(await store.many.remove([_id])).toBe(1);
    await onlyDeliveryOf(_id);
  });
});

describe('the completion of a batch', () => {
  async function batchOf(tasks: TaskRecord[]): Promise<string> {
    const batch: BatchRecord = {
      _id: newId(),
      owner: 'local',
      tasks: tasks.map(({ _id }) => ({ id: _id })),
      callback: callback({ events: ['batch.completed'] }),
      effects: ['webhook'],
      createdAt: store.tasks.now(),
      completedAt: null,
    };
    for (const task of tasks) await store.tasks.create({ ...task, batch: batch._id });
    expect(await store.batches.commit(batch)).toBe('committed');
    return batch._id;
  }
  const told = (batch: string) => store.webhooks.list({ owner: 'local', batch }, { limit: 10 });

  test('is told once, whoever else looks for it', async () => {
    const [one, two] = [echoTask(store.tasks.now()), echoTask(store.tasks.now())] as const;
    const id = await batchOf([one, two]);
    await end(one._id, 'succeeded');
    await store.dependencies.carryOut([one._id]);
    expect(await told(id)).toEqual([]);
    await end(two._id, 'failed');
    await Promise.all([1, 2, 3].map(() => store.dependencies.carryOut([two._id])));
    await store.batches.sweepEffects(100);
    const [delivery, ...others] = await told(id);
    expect([delivery?.event, others]).toEqual(['batch.completed', []]);
    const { payload } = (await store.webhooks.get('local', delivery!._id))!;
    expect(JSON.parse(payload)).toMatchObject({
      data: { id, total: 2, counts: { succeeded: 1, failed: 1 } },
    });
  });

  test('is told by the clock when its finisher died', async () => {
    const task = echoTask(store.tasks.now());
    const id = await batchOf([task]);
    await end(task._id, 'succeeded');
    const batches = store.connection.mongo.collection<{ _id: string }>('batches');
    await batches.updateOne({ _id: id }, { $set: { completedAt: store.tasks.now() } });
    expect(await store.batches.sweepEffects(100)).toBe(1);
    expect(await store.batches.sweepEffects(100)).toBe(0);
    expect(await told(id)).toHaveLength(1);
  });
});

const attemptOf = (delivery: WebhookDelivery): WebhookAttempt => ({
  at: store.tasks.now(),
  run: delivery.run,
  ms: 5,
  status: 500,
  error: { code: 'http-500', message: 'no' },
  answer: null,
});

describe('a delivery', () => {
  test('is replayed under its own id by another task, once for two at the same moment', async () => {
    const delivery = await delivered();
    await store.webhooks.note(delivery, { state: 'delivered' }, attemptOf(delivery));
    const again = await Promise.all([store.webhooks.replay(delivery), store.webhooks.replay(delivery)]);
    for (const each of again) expect(each).toMatchObject({ _id: delivery._id, run: 2, state: 'pending' });
    expect(new Set(again.map((each) => each?.sender)).size).toBe(1);
    expect(again[0]?.sender).not.toBe(delivery.sender);
    expect(again[0]?.payload).toBe(delivery.payload);
    expect(await store.webhooks.toSend(delivery._id, delivery.sender)).toBeNull();
    expect(await store.webhooks.toSend(delivery._id, again[0]?.sender ?? '')).not.toBeNull();
  });

  test('keeps the attempt of a task that was superseded meanwhile, and its own state', async () => {
    const delivery = await delivered();
    await store.webhooks.replay(delivery);
    await store.webhooks.note(delivery, { state: 'failed' }, attemptOf(delivery));
    const now = await store.webhooks.get('local', delivery._id);
    expect(now).toMatchObject({ state: 'pending', run: 2, tried: 0, attemptCount: 1 });
    expect(now?.attempts).toMatchObject([{ run: 1, status: 500 }]);
  });

  test('has failed when the task that sends it ended without a word; one without a task gets it', async () => {
    const [ended, lost] = [await delivered(), await delivered()];
    await store.many.cancel([await fixture.read(ended.sender)]);
    await store.connection.mongo.collection<{ _id: string }>('tasks').deleteMany({ _id: lost.sender });
    const past = new Date(store.tasks.now().getTime() - 1);
    await store.connection.mongo
      .collection<WebhookDelivery>(DELIVERIES)
      .updateMany({ _id: { $in: [ended._id, lost._id] } }, { $set: { lookAt: past } });
    expect(await store.webhooks.sweep(100)).toBe(2);
    expect(await store.webhooks.get('local', ended._id)).toMatchObject({
      state: 'failed',
      error: { code: 'not-finished' },
    });
    expect((await store.webhooks.get('local', lost._id))?.state).toBe('pending');
    expect((await fixture.read(lost.sender)).state).toBe('scheduled');
    expect(await store.webhooks.sweep(100)).toBe(0);
  });

  test('is seen by its owner alone, and by what it is about', async () => {
    const delivery = await delivered();
    const { _id, task = '' } = delivery;
    expect(await store.webhooks.get('somebody', _id)).toBeNull();
    const list = async (filter: object) =>
      (await store.webhooks.list({ owner: 'local', ...filter }, { limit: 100 })).map((each) => each._id);
    for (const filter of [
      { task },
      { state: 'pending' },
      { event: 'task.succeeded' },
      { url: callback().url },
    ])
      expect(await list(filter)).toContain(_id);
    for (const filter of [{ task: newId() }, { state: 'delivered' }, { url: 'https://other.example.org/' }])
      expect(await list(filter)).not.toContain(_id);
    expect(await store.webhooks.list({ owner: 'somebody', task }, { limit: 10 })).toEqual([]);
  });
});
