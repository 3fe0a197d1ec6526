import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { startTcpProxy } from '../../../test/support/tcp-proxy.js';
import { until } from '../../../test/support/until.js';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import type { NewFile } from './files.js';
import { newId } from './new-task.js';
import { openStore } from './open-store.js';
import { StoreUnavailable } from './store-unavailable.js';
import { writeFile, type GridFile } from './write-file.js';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await storeFixture('write-file');
});
afterAll(() => fixture.remove());

const ofTask = (task: string): NewFile => ({ owner: 'a', name: 'r', type: 'text/plain', task, token: 'k' });
const files = () => fixture.store.connection.mongo.collection<GridFile>('files.files');
const chunks = () => fixture.store.connection.mongo.collection('files.chunks');
const MIB = 1024 * 1024;

test('a body comes back whole, however it is cut into pieces, and GridFS readers of others can read it', async () => {
  const body = randomBytes(2 * MIB + 5);
  const cuts = [0, 1, 1, MIB - 1024, MIB - 1023, 2 * MIB, body.length];
  const pieces = cuts.slice(1).map((cut, index) => body.subarray(cuts[index], cut));
  const stored = await fixture.store.files.save(ofTask('cut'), Readable.from(pieces));
  expect(stored.size).toBe(body.length);
  expect((await buffer(fixture.store.files.read(stored))).equals(body)).toBe(true);
  const [{ chunkSize, length } = { chunkSize: 0, length: 0 }] = await files()
    .find({ _id: stored.id })
    .toArray();
  const found = await chunks().find({ files_id: stored.id }).sort({ n: 1 }).toArray();
  expect(found.map(({ n }) => Number(n))).toEqual([0, 1, 2]);
  expect(length).toBe(body.length);
  expect((found[0]?.data as { length(): number }).length()).toBe(chunkSize);
});

test.each(['', 'text in one piece'])('a body of %j is stored', async (text) => {
  const stored = await fixture.store.files.save(ofTask(`text${text.length}`), Readable.from([text]));
  expect((await buffer(fixture.store.files.read(stored))).toString()).toBe(text);
});

test('a write that is cut off by a crash is seen by nobody, and removed after a day with its chunks', async () => {
  const body = new PassThrough();
  const saving = fixture.store.files.save(ofTask('crashed'), body);
  const ends = expect(saving).rejects.toMatchObject({ code: 'file-removed' });
  body.write(randomBytes(3 * MIB));
  const [written] = await until('its chunks', async () => {
    const found = await files().find({ 'metadata.task': 'crashed' }).toArray();
    const id = found[0]?._id ?? '';
    return (await chunks().countDocuments({ files_id: id })) >= 2 ? found : undefined;
  });
  if (!written) throw new Error('nothing written');
  expect(await fixture.store.files.taskFiles('crashed', 'k')).toEqual([]);
  expect(await fixture.store.files.removeExpired(new Date(), 100)).toBe(0);
  await files().updateOne(
    { _id: written._id },
    { $set: { uploadDate: new Date(Date.now() - 25 * 3_600_000) } },
  );
  expect(await fixture.store.files.removeExpired(new Date(), 100)).toBe(1);
  expect(await chunks().countDocuments({ files_id: written._id })).toBe(0);

  // Had it not crashed after all, it learns that it has nothing any more, and leaves nothing.
  body.end(randomBytes(MIB));
  await ends;
  expect(await chunks().countDocuments({ files_id: written._id })).toBe(0);
});

test('a body that breaks before it is read is an error of the write, not of the process', async () => {
  const body = new PassThrough();
  const saving = fixture.store.files.save(ofTask('broken'), body);
  body.destroy(new Error('reset by the origin'));
  await expect(saving).rejects.toThrow('reset by the origin');
  expect(await files().countDocuments({ 'metadata.task': 'broken' })).toBe(0);
});

test('a body that nobody reads, since the database is away, is ended', async () => {
  const body = new PassThrough();
  const away = { insertOne: () => Promise.reject(new StoreUnavailable('away')) };
  const mongo = { collection: () => away } as never;
  const file = { _id: newId(), filename: 'r', metadata: { owner: 'a', type: 'text/plain' } };
  await expect(writeFile(mongo, file, body)).rejects.toThrow('away');
  expect(body.destroyed).toBe(true);
});

test('a database that swallows a chunk ends the write in time, and the body with it', async () => {
  const { database } = fixture;
  const proxy = await startTcpProxy({ host: database.host, port: database.port });
  const store = openStore({ uri: database.uriAt(proxy.port), name: 'write-file', log: new RecordedLog() });
  await store.connection.ready();
  const body = new PassThrough();
  const id = newId();
  const metadata = { owner: 'a', type: 'text/plain' };
  const writing = writeFile(store.connection.mongo, { _id: id, filename: 'r', metadata }, body, 300);
  const ends = expect(writing).rejects.toMatchObject({ name: 'StoreUnavailable' });
  body.write(randomBytes(MIB));
  await until('the first chunk', async () =>
    (await chunks().countDocuments({ files_id: id })) > 0 ? true : undefined,
  );
  proxy.halfOpen();
  body.write(randomBytes(2 * MIB));
  await ends;
  expect(body.destroyed).toBe(true);
  // Whether the chunk will still arrive nobody knows: the document stays until the sweep.
  expect(await files().countDocuments({ _id: id, 'metadata.incomplete': true })).toBe(1);
  proxy.resume();
  await store.connection.close();
  await proxy.close();
}, 20_000);
