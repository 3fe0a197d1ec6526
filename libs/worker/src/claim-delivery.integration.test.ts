import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PublishOutcome } from '@offload/broker/publish';
import { systemEcho } from '@offload/contracts/system-echo';
import { NotPublished } from '@offload/broker/publish';
import * as moves from '@offload/store/moves';
import { messageOf } from '@offload/store/new-task';
import type { TaskRecord } from '@offload/store/task-record';
import { deliver } from '../../../test/support/delivery.js';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { claimDelivery, dead, putOffNewer, type ClaimDeps } from './claim-delivery.js';
import { BEAT_MS } from './leases.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('claim');
});
afterAll(() => fixture.remove());

function deps(change: Partial<ClaimDeps> = {}): ClaimDeps & { told: string[] } {
  const told: string[] = [];
  return {
    contract: systemEcho,
    store: fixture.store,
    publisher: { publishDead: async () => 'confirmed' },
    log: fixture.log,
    worker: 'taker',
    beAlone: async () => told.push('alone') > 0,
    until: new AbortController().signal,
    onChanged: (task, state) => void told.push(`${task._id} ${state}`),
    told,
    ...change,
  };
}

/** A task that a worker holds, with the message it came by. */
async function held(change: Partial<TaskRecord> = {}) {
  const task = await fixture.insert(change);
  const claim = await fixture.store.tasks.claim(messageOf(task), 'holder', new Set());
  if (claim.kind !== 'claimed') throw new Error('not claimed');
  return { task, message: messageOf(task), lease: { id: task._id, token: claim.token } };
}

describe('a delivery', () => {
  test('of a waiting task is claimed and stays unacked', async () => {
    const task = await fixture.insert();
    const delivery = deliver(messageOf(task));
    const given = deps();
    const claimed = await claimDelivery(given, delivery, messageOf(task));
    expect(claimed?.task).toMatchObject({ state: 'running', attempt: 1, lease: { worker: 'taker' } });
    expect(delivery.acks).toBe(0);
    expect(given.told).toEqual([`${task._id} running`]);
  });

  test('of an earlier publication is acked and dropped', async () => {
    const task = await fixture.insert({ seq: 2 });
    const stale = { ...messageOf(task), seq: 1 };
    const delivery = deliver(stale);
    await expect(claimDelivery(deps(), delivery, stale)).resolves.toBeNull();
    expect(delivery.acks).toBe(1);
    expect((await fixture.read(task._id)).attempt).toBe(0);
  });

  test('of a task that has ended is acked and dropped (P3)', async () => {
    const { task, message, lease } = await held();
    const now = fixture.store.tasks.now();
    await fixture.store.tasks.settle(moves.finish({ ...lease, result: 1, keepMs: 1, now }), lease);
    const delivery = deliver(message, true);
    await expect(claimDelivery(deps(), delivery, message)).resolves.toBeNull();
    expect(delivery.acks).toBe(1);
    expect((await fixture.read(task._id)).result).toBe(1);
  });

  test('that is a second copy of one in work is acked and dropped', async () => {
    const { task, message } = await held();
    const delivery = deliver(message);
    await expect(claimDelivery(deps(), delivery, message)).resolves.toBeNull();
    expect(delivery.acks).toBe(1);
    expect(await fixture.read(task._id)).toMatchObject({ attempt: 1, lease: { worker: 'holder' } });
  });

  test('without a task goes to tasks.dead, and is acked only when it is there', async () => {
    const outcomes: (PublishOutcome | Error)[] = [new NotPublished('disconnected'), 'refused', 'confirmed'];
    const codes: string[] = [];
    const message = { ...messageOf(await fixture.insert()), task: 'none' };
    const delivery = deliver(message);
    const publishDead = async (_raw: unknown, code: string): Promise<PublishOutcome> => {
      expect(delivery.acks).toBe(0);
      codes.push(code);
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome as PublishOutcome;
    };
    await expect(claimDelivery(deps({ publisher: { publishDead } }), delivery, message)).resolves.toBeNull();
    expect(codes).toEqual(['no-task', 'no-task', 'no-task']);
    expect(delivery.acks).toBe(1);
  });

  test('of a newer version waits for a newer worker, uncounted, and says so', async () => {
    const task = await fixture.insert({ version: 2 });
    const delivery = deliver(messageOf(task));
    await putOffNewer(deps(), delivery, messageOf(task));
    const after = await fixture.read(task._id);
    expect(after).toMatchObject({
      state: 'scheduled',
      seq: 1,
      attempt: 0,
      error: { code: 'needs-newer-worker' },
    });
    expect((after.dueAt?.getTime() ?? 0) - fixture.store.tasks.now().getTime()).toBeGreaterThan(20_000);
    expect(delivery.acks).toBe(1);
  });

  test('that is poison is kept by the broker until its dead letter is stored, also through the stop', async () => {
    const until = AbortSignal.abort();
    const message = messageOf(await fixture.insert());
    const delivery = deliver(message);
    const publishDead = async (): Promise<PublishOutcome> => 'refused';
    await expect(
      dead(deps({ until, publisher: { publishDead } }), delivery, 'not-json', 'x'),
    ).rejects.toThrow('given up');
    expect(delivery.acks).toBe(0);
  });
});

describe('a redelivery', () => {
  test('of a task with one attempt left is taken over only when nothing else runs (rule 10)', async () => {
    const { task, message } = await held({ attemptLimit: 2 });
    const given = deps();
    const claimed = await claimDelivery(given, deliver(message, true), message);
    expect(claimed?.task).toMatchObject({ attempt: 2, crashes: 1 });
    expect(given.told).toEqual(['alone', `${task._id} running`]);
  });

  test('whose holder beats is acked and dropped: the holder goes on (rule 2)', async () => {
    const { task, message, lease } = await held();
    const delivery = deliver(message, true);
    const beating = setInterval(() => void fixture.store.tasks.beat([lease]), BEAT_MS / 2);
    try {
      await expect(claimDelivery(deps(), delivery, message)).resolves.toBeNull();
    } finally {
      clearInterval(beating);
    }
    expect(delivery.acks).toBe(1);
    expect(await fixture.read(task._id)).toMatchObject({ attempt: 1, lease: { worker: 'holder' } });
  });

  test('whose holder is dead is taken over in seconds, and the crash counts (P5)', async () => {
    const { message } = await held();
    const delivery = deliver(message, true);
    const began = performance.now();
    const claimed = await claimDelivery(deps(), delivery, message);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(claimed?.task).toMatchObject({ attempt: 2, crashes: 1, lease: { worker: 'taker' } });
    expect(delivery.acks).toBe(0);
  });

  test('whose holder died at the last attempt fails with worker-crashed (P6)', async () => {
    const { task, message } = await held({ attemptLimit: 1 });
    const delivery = deliver(message, true);
    const given = deps();
    await expect(claimDelivery(given, delivery, message)).resolves.toBeNull();
    expect(await fixture.read(task._id)).toMatchObject({
      state: 'failed',
      error: { code: 'worker-crashed' },
    });
    expect(delivery.acks).toBe(1);
    expect(given.told).toEqual([`${task._id} failed`]);
  });
});
