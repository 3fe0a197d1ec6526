import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import type { FileStore, NewFile } from './files.js';

let fixture: StoreFixture;
let files: FileStore;
beforeAll(async () => {
  fixture = await storeFixture('files');
  files = fixture.store.files;
});
afterAll(() => fixture.remove());

const inAnHour = () => new Date(Date.now() + 3_600_000);
const upload = (change: Partial<NewFile> = {}): NewFile => ({
  owner: 'a',
  name: 'x.bin',
  type: 'application/octet-stream',
  expireAt: inAnHour(),
  ...change,
});
const count = (collection: string) => fixture.store.connection.mongo.collection(collection).countDocuments();

describe('files', () => {
  test('come back byte for byte, with size and checksum, whole or in part', async () => {
    const body = randomBytes(5_000_000);
    const stored = await files.save(upload(), Readable.from([body.subarray(0, 77), body.subarray(77)]));
    expect(stored).toMatchObject({
      size: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    });
    const found = await files.upload(stored.id, 'a');
    if (!found) throw new Error('not found');
    expect((await buffer(files.read(found))).equals(body)).toBe(true);
    const part = await buffer(files.read(found, { start: 1_040_000, end: 1_060_000 }));
    expect(part.equals(body.subarray(1_040_000, 1_060_001))).toBe(true);
  });

  test.each([0, 1, 2])('whose chunk %d is gone fail in reading instead of ending early', async (n) => {
    const stored = await files.save(upload(), randomBytes(2_500_000));
    await fixture.store.connection.mongo
      .collection<{ files_id: string }>('files.chunks')
      .deleteOne({ files_id: stored.id, n });
    await expect(buffer(files.read(stored))).rejects.toThrow();
    const from = 1024 * 1024 * 2;
    if (n === 2) await expect(buffer(files.read(stored, { start: from, end: from + 9 }))).rejects.toThrow();
    else expect(await buffer(files.read(stored, { start: from, end: from + 9 }))).toHaveLength(10);
  });

  test('whose reader goes away stop reading', async () => {
    const reading = files.read(await files.save(upload(), randomBytes(5_000_000)));
    reading.destroy();
    await expect(buffer(reading)).rejects.toThrow(/premature|abort|destroyed/i);
  });

  test("of one owner are not another's (P8), and not found past their time", async () => {
    const stored = await files.save(upload(), Buffer.from('x'));
    expect(await files.upload(stored.id, 'b')).toBeNull();
    const old = await files.save(upload({ expireAt: new Date(Date.now() - 1_000) }), Buffer.from('x'));
    expect(await files.upload(old.id, 'a')).toBeNull();
  });

  test('whose body breaks off leave nothing', async () => {
    const before = [await count('files.files'), await count('files.chunks')];
    const broken = Readable.from(
      (async function* () {
        yield randomBytes(3_000_000);
        throw new Error('cut off');
      })(),
    );
    await expect(files.save(upload(), broken)).rejects.toThrow('cut off');
    expect([await count('files.files'), await count('files.chunks')]).toEqual(before);
  });

  test('of a task are those of the lease that ended it; a loser deletes only its own', async () => {
    const of = (token: string): NewFile => ({
      owner: 'a',
      name: 'r.txt',
      type: 'text/plain',
      task: 't',
      token,
    });
    await files.save(of('winner'), Buffer.from('won'));
    await files.save(of('loser'), Buffer.from('lost'));
    await files.removeOfLease('t', 'loser');
    const kept = await files.taskFile('t', 'winner', 'r.txt');
    if (!kept) throw new Error('not found');
    expect((await buffer(files.read(kept))).toString()).toBe('won');
    expect(await files.taskFile('t', 'loser', 'r.txt')).toBeNull();
  });

  test('saved again under one name are replaced', async () => {
    const file: NewFile = { owner: 'a', name: 'same', type: 'text/plain', task: 't2', token: 'k' };
    await files.save(file, Buffer.from('one'));
    await files.save(file, Buffer.from('two'));
    const all = await files.taskFiles('t2', 'k');
    expect(all.map((each) => each.size)).toEqual([3]);
    expect((await buffer(files.read(all[0] as never))).toString()).toBe('two');
  });

  test('past their time are removed with their chunks', async () => {
    await files.save(upload({ expireAt: new Date(Date.now() - 1_000) }), randomBytes(2_000_000));
    const removed = await files.removeExpired(fixture.store.tasks.now(), 100);
    expect(removed).toBeGreaterThan(0);
    expect(await files.removeExpired(fixture.store.tasks.now(), 100)).toBe(0);
  });

  test('go with their expired task', async () => {
    const task = await fixture.insert({ state: 'succeeded', expireAt: new Date(Date.now() - 1_000) });
    await files.save(
      { owner: 'a', name: 'r', type: 'text/plain', task: task._id, token: 'k' },
      Buffer.from('x'),
    );
    expect(await fixture.store.sweeps.removeExpired(100)).toBe(1);
    expect(await files.taskFiles(task._id, 'k')).toEqual([]);
    expect(await fixture.store.tasks.get(task._id)).toBeNull();
  });
});
