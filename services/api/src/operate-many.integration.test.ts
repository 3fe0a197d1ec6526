import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemEcho } from '@offload/contracts/system-echo';
import { newId } from '@offload/store/new-task';
import { operateFixture, type OperateFixture } from '../../../test/support/operate-fixture.js';

let fixture: OperateFixture;
let tests = 0;
beforeAll(async () => {
  fixture = await operateFixture('api-operate-many');
}, 30_000);
beforeEach(() => {
  fixture.tag = `test-${(tests += 1)}`;
});
afterAll(() => fixture.remove());

const bodyOf = ({ body }: { body: unknown }) => body;

describe('many at once', () => {
  test('are cancelled by tag, and nothing else is', async () => {
    const mine = await Promise.all([fixture.insert(), fixture.insert(), fixture.insert({ state: 'queued' })]);
    const others = [
      await fixture.insert({ tags: ['another'] }),
      await fixture.insert({ owner: 'other' }),
      await fixture.ended('failed'),
    ];
    const { task } = await fixture.running();
    expect(bodyOf(await fixture.post('tasks/cancel', { tag: fixture.tag }).expect(200))).toEqual({
      matched: 4,
      done: 4,
      more: false,
    });
    for (const { _id } of [...mine, task])
      expect(await fixture.read(_id)).toMatchObject({ state: 'cancelled' });
    for (const { _id, state } of others) expect(await fixture.read(_id)).toMatchObject({ state });
    await fixture.control.find((it) => it.kind === 'cancel' && it.task === task._id, 'the control message');
  });

  test('are cancelled with what waits for them', async () => {
    const parent = await fixture.insert();
    const child = await fixture.dependent(parent);
    await fixture.post('tasks/cancel', { tag: fixture.tag }).expect(200);
    expect(await fixture.read(child._id)).toMatchObject({ state: 'cancelled' });
  });

  test('are cancelled by ids, type, state and age', async () => {
    const old = await fixture.insert({ createdAt: new Date(0) });
    const fresh = await fixture.insert();
    const createdBefore = new Date(1).toISOString();
    expect(bodyOf(await fixture.post('tasks/cancel', { tag: fixture.tag, createdBefore }))).toMatchObject({
      done: 1,
    });
    expect(
      bodyOf(await fixture.post('tasks/cancel', { tag: fixture.tag, type: 'feed.fetch' })),
    ).toMatchObject({ matched: 0 });
    expect(bodyOf(await fixture.post('tasks/cancel', { tag: fixture.tag, state: 'queued' }))).toMatchObject({
      matched: 0,
    });
    expect(bodyOf(await fixture.post('tasks/cancel', { ids: [old._id, fresh._id, newId()] }))).toMatchObject({
      matched: 1,
      done: 1,
    });
  });

  test('run again, those that failed by another one with it', async () => {
    const parent = await fixture.ended('failed');
    const child = await fixture.dependent(parent);
    const stays = await fixture.ended('cancelled');
    expect(
      bodyOf(await fixture.post('tasks/retry', { tag: fixture.tag, attempts: 2 }).expect(200)),
    ).toMatchObject({ done: 2 });
    expect(await fixture.read(parent._id)).toMatchObject({
      state: 'scheduled',
      attemptLimit: systemEcho.maxAttempts + 2,
    });
    expect(await fixture.read(child._id)).toMatchObject({ state: 'blocked', waitsFor: [parent._id] });
    expect(await fixture.read(stays._id)).toMatchObject({ state: 'cancelled' });
    expect(bodyOf(await fixture.post('tasks/retry', { tag: fixture.tag, state: 'cancelled' }))).toMatchObject(
      { done: 1 },
    );
  });

  test('are deleted once they have ended', async () => {
    const gone = await Promise.all([
      fixture.ended('succeeded'),
      fixture.ended('failed'),
      fixture.ended('cancelled'),
    ]);
    const stays = await fixture.insert();
    const answer = await fixture.client.delete(`/v1/tasks?tag=${fixture.tag}`).expect(200);
    expect(bodyOf(answer)).toEqual({ matched: 3, done: 3, more: false });
    for (const { _id } of gone) expect(await fixture.api.store.tasks.get(_id)).toBeNull();
    expect(await fixture.read(stays._id)).toMatchObject({ state: 'scheduled' });
  });

  test('are treated group by group', async () => {
    await Promise.all(Array.from({ length: 1_200 }, () => fixture.insert()));
    const answer = await fixture.post('tasks/cancel', { tag: fixture.tag });
    expect(bodyOf(answer)).toEqual({ matched: 1_200, done: 1_200, more: false });
  }, 30_000);

  test('of all tasks there are none by mistake: a condition is needed', async () => {
    for (const path of ['tasks/cancel', 'tasks/retry', 'dead-letters/requeue'])
      expect(bodyOf(await fixture.post(path, {}).expect(422))).toMatchObject({ code: 'invalid-request' });
    await fixture.post('tasks/retry', { attempts: 3, state: 'failed' }).expect(422);
    for (const path of ['tasks', 'dead-letters', 'dead-letters/unreadable'])
      expect(bodyOf(await fixture.client.delete(`/v1/${path}`).expect(422))).toMatchObject({
        code: 'invalid-query',
      });
  });

  test.each([
    [{ tag: 'a b' }, '/tag'],
    [{ ids: ['x'] }, '/ids/0'],
    [{ createdAfter: 'yesterday' }, '/createdAfter'],
    [{ state: 'succeeded' }, '/state'],
    [{ tags: 'a' }, '/tags'],
  ])('refuse %j', async (conditions, pointer) => {
    expect(bodyOf(await fixture.post('tasks/cancel', conditions).expect(422))).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer }],
    });
  });
});

test('a query takes as many ids as an address may be long, and says when there are more', async () => {
  const ids = Array.from({ length: 201 }, newId);
  expect(
    bodyOf(await fixture.client.delete(`/v1/tasks?ids=${ids.slice(1).join(',')}`).expect(200)),
  ).toMatchObject({
    matched: 0,
  });
  expect(bodyOf(await fixture.client.delete(`/v1/tasks?ids=${ids.join(',')}`).expect(422))).toMatchObject({
    errors: [{ parameter: 'ids' }],
  });
});

test('GET /v1/tasks?tag= lists the tasks of a tag', async () => {
  const { _id } = await fixture.insert();
  await fixture.insert({ tags: ['another'] });
  const { items } = bodyOf(await fixture.client.get(`/v1/tasks?tag=${fixture.tag}`).expect(200)) as {
    items: { id: string }[];
  };
  expect(items.map(({ id }) => id)).toEqual([_id]);
});
