import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import type { TaskRecord } from './task-record.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('orphans');
});
afterAll(() => fixture.remove());

const HOURS = 3_600_000;

/** A result file that was stored so long ago, by lease `mine`, of a task that is this now (null: it is gone). */
async function stored(task: Partial<TaskRecord> | null, ageMs = 2 * HOURS): Promise<string> {
  const { store } = fixture;
  const id = task ? (await fixture.insert(task))._id : `gone-${Math.random()}`;
  const body = Buffer.from('x');
  const file = await store.files.save(
    { owner: 'a', name: 'r', type: 'text/plain', task: id, token: 'mine' },
    body,
  );
  await store.connection.mongo
    .collection<{ _id: string }>('files.files')
    .updateOne({ _id: file.id }, { $set: { uploadDate: new Date(Date.now() - ageMs) } });
  return file.id;
}

const left = async (): Promise<string[]> => {
  const found = await fixture.store.connection.mongo.collection('files.files').find().toArray();
  return found.map((file) => String(file._id)).sort();
};

test('result files that nobody can reach are removed in groups, all others are kept', async () => {
  const kept = [
    await stored({ state: 'succeeded', lastToken: 'mine' }),
    await stored({ state: 'running', lease: { token: 'mine', worker: 'w', beat: 0 } }),
    await stored({ state: 'scheduled' }),
    await stored(null, 0),
  ];
  const upload = { owner: 'a', name: 'u', type: 'text/plain', expireAt: new Date(Date.now() + HOURS) };
  kept.push((await fixture.store.files.save(upload, Buffer.from('x'))).id);
  await stored(null);
  await stored({ state: 'succeeded', lastToken: 'another' });
  await stored({ state: 'failed', lastToken: 'mine' });
  await stored({ state: 'cancelled' });

  let removed = 0;
  for (let turn = 0; turn < 6; turn++) removed += await fixture.store.sweeps.removeOrphanFiles(2);
  expect(removed).toBe(4);
  expect(await left()).toEqual(kept.sort());
  expect(await fixture.store.connection.mongo.collection('files.chunks').countDocuments()).toBe(kept.length);
});
