import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { takeDueTasks } from './due-tasks.js';
import * as moves from './moves.js';
import type { TaskRecord } from './task-record.js';
import type { Claim } from './tasks.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('tasks');
});
afterAll(() => fixture.remove());

const messageOf = (task: TaskRecord) => ({ task: task._id, seq: task.seq });
const claimed = (claim: Claim) => {
  if (claim.kind !== 'claimed') throw new Error(`refused: ${claim.task?.state}`);
  return claim;
};

/** A running task and its lease. */
async function running(change: Partial<TaskRecord> = {}) {
  const task = await fixture.insert(change);
  return claimed(await fixture.store.tasks.claim(messageOf(task), 'w1', new Set()));
}

describe('a claim', () => {
  test('has one winner of fifty, each attempt counted once', async () => {
    const task = await fixture.insert();
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, n) => fixture.store.tasks.claim(messageOf(task), `w${n}`, new Set())),
    );
    expect(claims.filter((claim) => claim.kind === 'claimed')).toHaveLength(1);
    expect(await fixture.read(task._id)).toMatchObject({ state: 'running', attempt: 1 });
  });

  test('of many tasks at once claims each for its own worker', async () => {
    const tasks = await Promise.all(Array.from({ length: 100 }, () => fixture.insert()));
    const claims = await Promise.all(
      tasks.map((task) => fixture.store.tasks.claim(messageOf(task), 'w1', new Set())),
    );
    expect(claims.map((claim) => claimed(claim).task._id)).toEqual(tasks.map((task) => task._id));
  });

  test('with a message of an earlier publication is refused', async () => {
    const task = await fixture.insert({ seq: 3 });
    const claim = await fixture.store.tasks.claim({ task: task._id, seq: 2 }, 'w1', new Set());
    expect(claim).toMatchObject({ kind: 'refused', task: { state: 'scheduled', attempt: 0 } });
  });

  test('whose reply was lost is recognised by its token when it is made again (P4)', async () => {
    const doubts = new Set<string>();
    const task = await fixture.insert();
    const first = claimed(await fixture.store.tasks.claim(messageOf(task), 'w1', doubts));
    const again = claimed(await fixture.store.tasks.claim(messageOf(task), 'w1', doubts));
    expect(again.token).toBe(first.token);
    expect(again.task.attempt).toBe(1);
  });

  test('of a task that does not exist says so', async () => {
    const claim = await fixture.store.tasks.claim({ task: 'none', seq: 0 }, 'w1', new Set());
    expect(claim).toEqual({ kind: 'refused', task: null });
  });
});

describe('the end of an attempt', () => {
  test('is stored once: a second finish of a lost holder changes nothing (P3)', async () => {
    const { task, token } = await running();
    const holder = { id: task._id, seq: 0, token, beat: 0 };
    const taker = claimed(await fixture.store.tasks.takeOver(holder, 'w2', new Set()));
    const finish = (of: string, result: unknown) =>
      fixture.store.tasks.settle(
        moves.finish({ id: task._id, token: of, result, keepMs: 1_000, now: fixture.store.tasks.now() }),
        { id: task._id, token: of },
      );
    await expect(finish(taker.token, 'second')).resolves.toBe('applied');
    await expect(finish(token, 'first')).resolves.toBe('lost');
    expect(await fixture.read(task._id)).toMatchObject({ state: 'succeeded', result: 'second', attempt: 2 });
  });

  test('whose reply was lost is recognised, not repeated (P4)', async () => {
    const { task, token } = await running();
    const lease = { id: task._id, token };
    const move = moves.giveBack({
      ...lease,
      kind: 'retry',
      dueAt: fixture.store.tasks.now(),
      now: fixture.store.tasks.now(),
    });
    await expect(fixture.store.tasks.settle(move, lease)).resolves.toBe('applied');
    await expect(fixture.store.tasks.settle(move, lease)).resolves.toBe('applied');
    expect((await fixture.read(task._id)).seq).toBe(1);
  });

  test('of many tasks at once, some lost: each is told its own outcome', async () => {
    const held = await Promise.all(Array.from({ length: 20 }, () => running()));
    const outcomes = await Promise.all(
      held.map(({ task, token }, n) => {
        const lease = { id: task._id, token: n % 2 === 0 ? token : 'not-the-token' };
        const move = moves.finish({ ...lease, result: n, keepMs: 1_000, now: fixture.store.tasks.now() });
        return fixture.store.tasks.settle(move, lease);
      }),
    );
    expect(outcomes).toEqual(held.map((_, n) => (n % 2 === 0 ? 'applied' : 'lost')));
  });
});

describe('beats', () => {
  test('rise for all leases of a worker, carry their progress, and name the lost ones', async () => {
    const kept = await running();
    const lost = await running();
    await fixture.store.tasks.apply(
      moves.cancel({ id: lost.task._id, keepMs: 1, now: fixture.store.tasks.now() }),
    );
    const progress = { done: 1, total: 2, note: null };
    const gone = await fixture.store.tasks.beat([
      { id: kept.task._id, token: kept.token, progress },
      { id: lost.task._id, token: lost.token },
    ]);
    expect(gone).toEqual([{ id: lost.task._id, token: lost.token, cancelled: true }]);
    expect(await fixture.read(kept.task._id)).toMatchObject({ lease: { beat: 1 }, progress });
  });
});

describe('the relay', () => {
  test('takes what is due, once for two clocks, and holds it twice as long each time', async () => {
    const own = await storeFixture('relay');
    try {
      const task = await own.insert();
      await own.insert({ dueAt: new Date(Date.now() + 3_600_000) });
      const takes = await Promise.all([
        takeDueTasks(own.store.connection, 10),
        takeDueTasks(own.store.connection, 10),
      ]);
      expect(takes.flat().map((taken) => taken._id)).toEqual([task._id]);
      const { dueAt, holdMs } = await own.read(task._id);
      expect(holdMs).toBe(2 * task.holdMs);
      expect(dueAt?.getTime()).toBeGreaterThan(own.store.tasks.now().getTime());
      await own.store.tasks.confirmed(messageOf(task));
      expect(await own.read(task._id)).toMatchObject({ state: 'queued', seq: 0 });
    } finally {
      await own.remove();
    }
  });

  test('takes the interactive lane before a bulk backlog that was due earlier', async () => {
    const own = await storeFixture('relay-lanes');
    try {
      const since = (ms: number) => new Date(own.store.tasks.now().getTime() - ms);
      for (const ms of [3_000, 2_000]) await own.insert({ lane: 'bulk', dueAt: since(ms) });
      const prompt = await own.insert({ dueAt: since(1_000) });
      const first = await takeDueTasks(own.store.connection, 2);
      expect(first.map(({ lane }) => lane).sort()).toEqual(['bulk', 'interactive']);
      expect(first.map(({ _id }) => _id)).toContain(prompt._id);
      expect(await takeDueTasks(own.store.connection, 2)).toHaveLength(1);
    } finally {
      await own.remove();
    }
  });

  test('a confirm that comes after the claim changes nothing', async () => {
    const { task } = await running();
    await fixture.store.tasks.confirmed(messageOf(task));
    expect((await fixture.read(task._id)).state).toBe('running');
  });
});
