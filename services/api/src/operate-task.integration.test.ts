import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { imageResize } from '@offload/contracts/image-resize';
import { systemEcho } from '@offload/contracts/system-echo';
import * as moves from '@offload/store/moves';
import type { TaskRecord } from '@offload/store/task-record';
import { ECHO_FAILURE, operateFixture, type OperateFixture } from '../../../test/support/operate-fixture.js';
import type { TaskResource } from './task-resource.js';

let fixture: OperateFixture;
let tests = 0;
beforeAll(async () => {
  fixture = await operateFixture('api-operate-task');
}, 30_000);
beforeEach(() => {
  fixture.tag = `test-${(tests += 1)}`;
});
afterAll(() => fixture.remove());

const taskOf = ({ body }: { body: unknown }) => body as TaskResource;
const bodyOf = ({ body }: { body: unknown }) => body;
const now = () => fixture.api.store.tasks.now();
const cancel = (id: string) => fixture.post(`tasks/${id}/cancel`);
const retry = (id: string, body?: object) => fixture.post(`tasks/${id}/retry`, body);

describe('POST /v1/tasks/{id}/cancel', () => {
  test('ends a running task at once, tells its worker and listeners, and lets it store nothing', async () => {
    const { task, lease } = await fixture.running();
    expect(taskOf(await cancel(task._id).expect(200))).toMatchObject({ state: 'cancelled', result: null });
    await fixture.control.find((it) => it.kind === 'cancel' && it.task === task._id, 'the control message');
    await fixture.events.find((it) => it.task === task._id && it.state === 'cancelled', 'the event');
    const late = moves.finish({ ...lease, result: { message: 'late' }, keepMs: 1, now: now() });
    await expect(fixture.api.store.tasks.settle(late, lease)).resolves.toBe('lost');
    await expect(fixture.api.store.tasks.beat([lease])).resolves.toEqual([{ ...lease, cancelled: true }]);
  });

  test.each(['blocked', 'scheduled', 'queued'] as const)('ends a task that is %s', async (state) => {
    const { _id } = await fixture.insert({ state });
    await cancel(_id).expect(200);
    expect(await fixture.read(_id)).toMatchObject({ state: 'cancelled' });
  });

  test('is the same the second time', async () => {
    const { _id } = await fixture.insert();
    const first = taskOf(await cancel(_id).expect(200));
    expect(taskOf(await cancel(_id).expect(200))).toEqual(first);
  });

  test.each(['succeeded', 'failed'] as const)('of a task that has %s is a 409', async (state) => {
    const { _id } = await fixture.ended(state);
    expect(bodyOf(await cancel(_id).expect(409))).toMatchObject({ code: 'already-ended' });
    expect(await fixture.read(_id)).toMatchObject({ state });
  });

  test('fails what waits for it', async () => {
    const parent = await fixture.insert();
    const child = await fixture.dependent(parent);
    await cancel(parent._id).expect(200);
    expect(await fixture.read(child._id)).toMatchObject({
      state: 'failed',
      error: { code: 'dependency-failed' },
    });
  });

  test("P8: another owner's task is a 404 and stays as it is", async () => {
    const { _id } = await fixture.insert({ owner: 'other' });
    await cancel(_id).expect(404);
    await retry(_id).expect(404);
    await fixture.client.delete(`/v1/tasks/${_id}`).expect(404);
    expect(await fixture.read(_id)).toMatchObject({ state: 'scheduled' });
  });
});

describe('POST /v1/tasks/{id}/retry', () => {
  test.each(['failed', 'cancelled'] as const)('has a task that is %s run again', async (state) => {
    const { _id } = await fixture.ended(state, { attempt: 5, attemptLimit: 5 });
    const answer = await retry(_id).expect(202);
    expect(answer.get('Location')).toBe(`/v1/tasks/${_id}`);
    expect(taskOf(answer)).toMatchObject({ state: 'scheduled', attemptLimit: 5 + systemEcho.maxAttempts });
    expect(await fixture.read(_id)).toMatchObject({ seq: 1 });
    expect((await fixture.read(_id)).expireAt).toBeUndefined();
  });

  test('by two operators at the same moment is done once', async () => {
    const { _id } = await fixture.ended('failed');
    const answers = await Promise.all([retry(_id, { attempts: 1 }), retry(_id, { attempts: 1 })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(await fixture.read(_id)).toMatchObject({ seq: 1, attemptLimit: systemEcho.maxAttempts + 1 });
  });

  test.each(['succeeded', 'queued'] as const)('of a task that is %s is a 409', async (state) => {
    const { _id } = await fixture.insert({ state });
    expect(bodyOf(await retry(_id).expect(409))).toMatchObject({ code: 'not-retryable' });
  });

  test('takes another input, as a new task would', async () => {
    const { _id } = await fixture.ended('failed');
    await retry(_id, { input: { message: 'edited' } }).expect(202);
    expect(await fixture.read(_id)).toMatchObject({ input: { message: 'edited', delayMs: 0 } });
  });

  test.each([
    [{ input: { delayMs: -1 } }, 'invalid-task', '/input/delayMs'],
    [{ attempts: 0 }, 'invalid-request', '/attempts'],
    [{ foo: 1 }, 'invalid-request', '/foo'],
  ])('refuses %j and changes nothing', async (body, code, pointer) => {
    const { _id } = await fixture.ended('failed');
    expect(bodyOf(await retry(_id, body).expect(422))).toMatchObject({ code, errors: [{ pointer }] });
    expect(await fixture.read(_id)).toMatchObject({ state: 'failed', seq: 0 });
  });

  test('of one that its parent had failed waits for that again, once the parent runs again', async () => {
    const parent = await fixture.ended('failed');
    const child = await fixture.dependent(parent);
    expect(await fixture.read(child._id)).toMatchObject({ state: 'failed' });
    expect(bodyOf(await retry(child._id).expect(409))).toMatchObject({
      code: 'not-retryable',
      detail: expect.stringContaining(parent._id),
    });
    await retry(parent._id).expect(202);
    expect(taskOf(await retry(child._id).expect(202))).toMatchObject({ state: 'blocked' });
  });

  describe('with another source', () => {
    const resize = (task: string) => ({ ...imageResize.example, source: { task, file: 'a.png' } });
    /** A resize that failed because its source did. */
    async function failedWith(parent: TaskRecord) {
      const input = imageResize.input.parse(resize(parent._id));
      const change = { type: imageResize.type, input, state: 'blocked', dueAt: undefined } as const;
      const task = await fixture.insert({ ...change, waitsFor: [parent._id] });
      await fixture.api.store.dependencies.settleBlocked(task);
      return task;
    }

    test('does not wait any more for what the old input named', async () => {
      const task = await failedWith(await fixture.ended('failed'));
      const answer = await retry(task._id, { input: imageResize.example }).expect(202);
      expect(taskOf(answer)).toMatchObject({ state: 'scheduled', waitsFor: [] });
    });

    test('takes the file of a task that has succeeded, and of no other', async () => {
      const task = await failedWith(await fixture.ended('failed'));
      const others = [await fixture.insert(), await fixture.ended('succeeded', { owner: 'other' })];
      for (const { _id } of others) await retry(task._id, { input: resize(_id) }).expect(422);
      await retry(task._id, { input: resize((await fixture.ended('succeeded'))._id) }).expect(202);
    });
  });
});

describe('DELETE /v1/tasks/{id}', () => {
  test('removes an ended task with its files', async () => {
    const { _id } = await fixture.ended('succeeded', { lastToken: 't' });
    const file = { owner: 'local', name: 'x', type: 'text/plain', task: _id, token: 't' };
    await fixture.api.store.files.save(file, Buffer.from('x'));
    await fixture.client.delete(`/v1/tasks/${_id}`).expect(204);
    await fixture.client.get(`/v1/tasks/${_id}`).expect(404);
    expect(await fixture.api.store.files.taskFiles(_id, 't')).toEqual([]);
    await fixture.client.delete(`/v1/tasks/${_id}`).expect(404);
  });

  test('of a task that runs is a 409: it is cancelled first', async () => {
    const { task } = await fixture.running();
    expect(bodyOf(await fixture.client.delete(`/v1/tasks/${task._id}`).expect(409))).toMatchObject({
      code: 'not-ended',
    });
    await cancel(task._id).expect(200);
    await fixture.client.delete(`/v1/tasks/${task._id}`).expect(204);
  });

  test('first tells those who wait for it how it ended', async () => {
    const { task, lease } = await fixture.running();
    const child = await fixture.dependent(task);
    const move = moves.finish({ ...lease, result: {}, keepMs: 60_000, now: now() });
    await fixture.api.store.tasks.settle(move, lease);
    await fixture.client.delete(`/v1/tasks/${task._id}`).expect(204);
    expect(await fixture.read(child._id)).toMatchObject({ state: 'scheduled', waitsFor: [] });
  });
});

test('a task shows its moves and attempts, with times, workers and codes, but no stack', async () => {
  const { task, lease } = await fixture.running();
  await fixture.api.store.tasks.settle(
    moves.fail({ ...lease, error: ECHO_FAILURE, stack: 'Error: at secret.ts', keepMs: 60_000, now: now() }),
    lease,
  );
  const answer = await fixture.client.get(`/v1/tasks/${task._id}`);
  expect(taskOf(answer)).toMatchObject({
    attempts: [{ worker: 'a worker', outcome: 'fail', code: ECHO_FAILURE.code, endedAt: expect.any(String) }],
    history: [
      { move: 'claim', worker: 'a worker' },
      { move: 'fail', code: ECHO_FAILURE.code },
    ],
  });
  expect(answer.text).not.toContain('secret.ts');
});
