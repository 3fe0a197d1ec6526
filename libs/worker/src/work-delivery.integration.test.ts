import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import { messageOf } from '@offload/store/new-task';
import { Inbox } from '../../../test/support/signals.js';
import { deliver } from '../../../test/support/delivery.js';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import type { Handler } from './handler.js';
import { keepLeases, type Leases } from './leases.js';
import { AttemptAborted } from './run-attempt.js';
import { createSlots } from './slots.js';
import { workDelivery, type WorkDeps } from './work-delivery.js';

let fixture: StoreFixture;
let leases: Leases;
beforeAll(async () => {
  fixture = await storeFixture('work');
  leases = keepLeases({ tasks: fixture.store.tasks, log: fixture.log, onProgress: () => undefined });
});
afterAll(async () => {
  await leases.stop();
  await fixture.remove();
});

function deps(handler: Handler<typeof systemEcho>, change: Partial<WorkDeps> = {}): WorkDeps {
  const never = new AbortController().signal;
  return {
    contract: systemEcho,
    handler: handler,
    store: fixture.store,
    publisher: { publishDead: async () => 'confirmed' },
    log: fixture.log,
    worker: 'w',
    leases,
    slots: createSlots(1),
    draining: never,
    handBack: never,
    until: never,
    mayBegin: () => true,
    onChanged: () => undefined,
    ...change,
  };
}

describe('a task that is cancelled in the middle of its work', () => {
  /** Saves a file, says that it runs, and ends as `end` does once its signal fires. */
  const working = (
    begun: Inbox<unknown>,
    reasons: unknown[],
    end: () => { message: string; attempt: number },
  ) => {
    const handler: Handler<typeof systemEcho> = async (_input, { signal, files }) => {
      await files.save('half.txt', 'text/plain', Buffer.from('half'));
      begun.add(undefined);
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
      reasons.push(signal.reason);
      return end();
    };
    return handler;
  };

  test.each([
    [
      'obeys its signal',
      () => {
        throw new Error('aborted');
      },
    ],
    ['returns a result all the same', () => ({ message: 'late', attempt: 1 })],
  ])('stores nothing and leaves no file when its handler %s; its message is acked', async (_name, end) => {
    const [begun, reasons] = [new Inbox<unknown>(), [] as unknown[]];
    const task = await fixture.insert();
    const delivery = deliver(messageOf(task));
    const worked = workDelivery(deps(working(begun, reasons, end)), delivery);
    await begun.first(1);
    const held = await fixture.read(task._id);
    expect(await fixture.store.files.taskFiles(task._id, held.lease!.token)).toHaveLength(1);
    await fixture.store.many.cancel([task]);
    leases.look(task._id);
    await worked;
    expect(reasons).toEqual([new AttemptAborted('cancelled')]);
    expect(delivery.acks).toBe(1);
    const after = await fixture.read(task._id);
    expect(after.state).toBe('cancelled');
    expect([after.result, after.error]).toEqual([undefined, undefined]);
    expect(await fixture.store.files.taskFiles(task._id, held.lease!.token)).toEqual([]);
  });
});

test('a delivery that may not begin is left as it is: neither claimed nor acked', async () => {
  const task = await fixture.insert();
  const delivery = deliver(messageOf(task));
  const handler: Handler<typeof systemEcho> = async () => {
    throw new Error('must not be called');
  };
  await workDelivery(deps(handler, { mayBegin: () => false }), delivery);
  expect(delivery.acks).toBe(0);
  expect(await fixture.read(task._id)).toMatchObject({ state: 'scheduled', attempt: 0 });
});
