import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import type { RemnantRecord } from './remnants.js';

let stored: StoreFixture;
beforeAll(async () => {
  stored = await storeFixture('remnants');
});
afterAll(() => stored.remove());

const collection = () => stored.store.connection.mongo.collection<RemnantRecord>('remnants');
const read = (id: string) => collection().findOne({ _id: id });
const note = (task: string, token: string, type = 's3.upload') =>
  stored.store.remnants.note({ type, task, token, facts: { key: 'k' } });
/** As if the time of its look had come. */
const makeDue = (...ids: string[]) =>
  collection().updateMany({ _id: { $in: ids } }, { $set: { lookAt: new Date(0) } });

test('what an attempt holds is left alone, and what it held no more is taken, by one worker', async () => {
  const { remnants } = stored.store;
  const running = await stored.insert({
    state: 'running',
    lease: { token: 'mine', worker: 'w', beat: 0 },
  });
  const held = await note(running._id, 'mine');
  const lost = await note(running._id, 'an older attempt');
  const gone = await note('0193b5d4-0000-7000-8000-000000000000', 'x');
  const other = await note(running._id, 'x', 'other.type');
  expect(await remnants.takeLeft('s3.upload', 10)).toEqual([]);

  await makeDue(held, lost, gone, other);
  const taken = await Promise.all([1, 2, 3].map(() => remnants.takeLeft('s3.upload', 10)));
  const ids = taken.flat().map(({ _id }) => _id);
  expect(ids.sort()).toEqual([lost, gone].sort());
  expect((await read(held))?.lookAt.getTime()).toBeGreaterThan(Date.now());
  expect((await read(other))?.lookAt.getTime()).toBe(0);
});

test('facts are added, and a cleared note is gone', async () => {
  const { remnants } = stored.store;
  const id = await note('t', 'x');
  await remnants.add(id, { uploadId: 'u' });
  expect((await read(id))?.facts).toEqual({ key: 'k', uploadId: 'u' });
  await remnants.clear(id);
  expect(await read(id)).toBeNull();
});

describe('what could not be ended', () => {
  test.each([
    [0, 60_000],
    [3, 480_000],
    [50, 6 * 3_600_000],
  ])('after %d failures is looked at again %d ms later', async (failures, ms) => {
    const _id = await note('t', 'x');
    await stored.store.remnants.putOff({ _id, failures });
    const after = (await read(_id))!;
    expect(after.failures).toBe(1);
    expect(Math.abs(after.lookAt.getTime() - stored.store.tasks.now().getTime() - ms)).toBeLessThan(5_000);
  });
});
