import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TaskRecord } from '@offload/store/task-record';
import { operateFixture, type OperateFixture } from '../../../test/support/operate-fixture.js';

const QUOTA = 600;

let fixture: OperateFixture;
let tests = 0;
beforeAll(async () => {
  fixture = await operateFixture('api-requeue', { ownerOpenTasks: QUOTA });
}, 30_000);
beforeEach(() => {
  fixture.tag = `test-${(tests += 1)}`;
});
afterAll(() => fixture.remove());

const failed = (count: number): Promise<TaskRecord[]> =>
  Promise.all(Array.from({ length: count }, () => fixture.ended('failed')));
const bodyOf = ({ body }: { body: unknown }) => body;
const refused = { code: 'quota-exceeded', status: 429 };

describe('tasks that run again count for the quota of open tasks', () => {
  test('group by group: what there was room for runs, and the next request hears why the rest does not', async () => {
    await failed(1_100);
    const first = await fixture.post('dead-letters/requeue', { tag: fixture.tag });
    expect([first.status, bodyOf(first)]).toEqual([200, { matched: 500, done: 500, more: true }]);
    const next = await fixture.post('tasks/retry', { tag: fixture.tag });
    expect(next.status).toBe(429);
    expect(next.headers['retry-after']).toMatch(/^\d+$/);
    expect(bodyOf(next)).toMatchObject({
      ...refused,
      detail: expect.stringMatching(/no room for 500 more.*cancel/),
    });
  });

  test('one by one', async () => {
    const small = await operateFixture('api-requeue-one', { ownerOpenTasks: 1 });
    try {
      const [first, second] = [await small.ended('failed'), await small.ended('failed')];
      await small.post(`tasks/${first._id}/retry`).expect(202);
      expect(bodyOf(await small.post(`tasks/${second._id}/retry`))).toMatchObject(refused);
      expect(await small.read(second._id)).toMatchObject({ state: 'failed', seq: 0 });
    } finally {
      await small.remove();
    }
  }, 30_000);
});
