import { pipeline, Transform, type Readable } from 'node:stream';
import mongoose from 'mongoose';
import { answered } from './answered.js';
import type { StoreConnection } from './connect.js';
import { newId } from './new-task.js';
import { writeFile, type GridFile } from './write-file.js';

/** Files live in GridFS, bucket `files`. */
export interface FileRecord {
  id: string;
  owner: string;
  name: string;
  /** Media type. */
  type: string;
  /** Bytes. */
  size: number;
  /** Hex. */
  sha256: string;
  createdAt: Date;
  /** Uploads only; a result's files go with their task. */
  expireAt?: Date;
  /** The task and the lease that stored it; a loser can thus delete only its own. Absent for uploads. */
  task?: string;
  token?: string;
}

export interface NewFile {
  owner: string;
  name: string;
  type: string;
  task?: string;
  token?: string;
  expireAt?: Date;
}

export interface FileStore {
  /**
   * Streams a body into the store, under a limit for each write, not for the whole. What was written is removed again
   * when the body fails, and the body's error is thrown; StoreUnavailable when the database does not answer.
   */
  save(file: NewFile, body: Readable | Buffer): Promise<FileRecord>;
  /** An upload of this owner, complete and not expired. */
  upload(id: string, owner: string): Promise<FileRecord | null>;
  /** Bytes of this owner's uploads that are complete and not expired. */
  uploadedBytes(owner: string): Promise<number>;
  /** Removes an upload of this owner; false when there is none. */
  removeUpload(id: string, owner: string): Promise<boolean>;
  /** A file of a task, stored under the lease that ended it. */
  taskFile(task: string, token: string, name: string): Promise<FileRecord | null>;
  taskFiles(task: string, token: string): Promise<FileRecord[]>;
  /**
   * Fails at its end when the store has less than the file's record says: GridFS itself ends quietly when the last
   * chunk is missing.
   * @param range first and last byte, both inclusive
   */
  read(file: FileRecord, range?: { start: number; end: number }): Readable;
  remove(ids: string[]): Promise<void>;
  /** Removes what this lease stored for this task. */
  removeOfLease(task: string, token: string): Promise<void>;
  /** Removes every file of these tasks. */
  removeOfTasks(tasks: string[]): Promise<void>;
  /** Removes uploads past their time and writes that never completed; answers how many. */
  removeExpired(now: Date, limit: number): Promise<number>;
}

/** Chunks of a file are gone. */
export class FileDamaged extends Error {
  override readonly name = 'FileDamaged';
  readonly code = 'file-damaged';
}

/** A write that began so long ago and is not complete was cut off by a crash. Milliseconds. */
const INCOMPLETE_MS = 24 * 3_600_000;

export async function prepareFiles(mongo: mongoose.Connection): Promise<void> {
  const files = mongo.collection('files.files');
  await files.createIndex({ 'metadata.task': 1, 'metadata.token': 1, filename: 1 });
  await files.createIndex({ 'metadata.expireAt': 1 });
  // Only uploads have it.
  await files.createIndex(
    { 'metadata.owner': 1, 'metadata.expireAt': 1 },
    { partialFilterExpression: { 'metadata.expireAt': { $exists: true } } },
  );
  await files.createIndex(
    { uploadDate: 1 },
    { partialFilterExpression: { 'metadata.incomplete': { $exists: true } } },
  );
  await mongo.collection('files.chunks').createIndex({ files_id: 1, n: 1 }, { unique: true });
}

export function createFileStore(connection: StoreConnection): FileStore {
  const { mongo } = connection;
  const files = () => mongo.collection<GridFile>('files.files');
  const bucket = () => {
    if (!mongo.db) throw new Error('The database is not connected yet.');
    return new mongoose.mongo.GridFSBucket(mongo.db, { bucketName: 'files' });
  };
  /** GridFS ids here are UUID strings; the driver's type knows ObjectId only. */
  const gridId = (id: string) => id as unknown as mongoose.mongo.ObjectId;

  const find = async (filter: Record<string, unknown>): Promise<FileRecord | null> => {
    const stored = await files().findOne({ ...filter, 'metadata.sha256': { $exists: true } });
    return stored && toRecord(stored);
  };

  const uploadsOf = (owner: string) => ({
    'metadata.owner': owner,
    'metadata.task': { $exists: false },
    'metadata.expireAt': { $gt: connection.clock.now() },
  });

  const remove = async (filter: Record<string, unknown>, limit: number): Promise<number> => {
    const stored = await files().find(filter).project<{ _id: string }>({ _id: 1 }).limit(limit).toArray();
    const ids = stored.map((file) => file._id);
    if (ids.length === 0) return 0;
    // Chunks first: a crash in between leaves a file that is found again, not chunks that nobody finds.
    await mongo.collection('files.chunks').deleteMany({ files_id: { $in: ids } });
    await files().deleteMany({ _id: { $in: ids } });
    return ids.length;
  };

  const removeAll = async (filter: Record<string, unknown>): Promise<void> => {
    while ((await remove(filter, 100)) > 0);
  };

  /** A file saved again under one name replaces the one before; until this has run, readers may find either. */
  const removeEarlier = (task: string, token = '', filename: string, id: string): Promise<void> =>
    removeAll({ ...ofLease(task, token), filename, _id: { $ne: id } });

  return {
    async save({ name, ...metadata }, body) {
      const id = newId();
      const { size, sha256 } = await writeFile(mongo, { _id: id, filename: name, metadata }, body);
      if (metadata.task !== undefined) await answered(removeEarlier(metadata.task, metadata.token, name, id));
      return { id, name, ...metadata, size, sha256, createdAt: connection.clock.now() };
    },
    upload: (id, owner) => find({ _id: id, ...uploadsOf(owner) }),
    async uploadedBytes(owner) {
      const [sum] = await files()
        .aggregate<{ bytes: number }>([
          { $match: uploadsOf(owner) },
          { $group: { _id: null, bytes: { $sum: '$length' } } },
        ])
        .toArray();
      return sum?.bytes ?? 0;
    },
    removeUpload: async (id, owner) => (await remove({ _id: id, ...uploadsOf(owner) }, 1)) > 0,
    taskFile: (task, token, name) => find({ ...ofLease(task, token), filename: name }),
    async taskFiles(task, token) {
      const stored = await files()
        .find({ ...ofLease(task, token), 'metadata.sha256': { $exists: true } })
        .toArray();
      return stored.map(toRecord);
    },
    read(file, range) {
      const bytes = range ? range.end - range.start + 1 : file.size;
      const options = range && { start: range.start, end: range.end + 1 };
      const stored = bucket().openDownloadStream(gridId(file.id), options);
      // An error of either side ends both; the reader of the outcome hears of it.
      return pipeline(stored, exactly(bytes, file.id), () => undefined);
    },
    async remove(ids) {
      if (ids.length > 0) await removeAll({ _id: { $in: ids } });
    },
    removeOfLease: (task, token) => removeAll(ofLease(task, token)),
    removeOfTasks: (tasks) => removeAll({ 'metadata.task': { $in: tasks } }),
    async removeExpired(now, limit) {
      const expired = await remove({ 'metadata.expireAt': { $lte: now } }, limit);
      const cutOff = new Date(now.getTime() - INCOMPLETE_MS);
      return (
        expired +
        (await remove({ uploadDate: { $lt: cutOff }, 'metadata.incomplete': { $exists: true } }, limit))
      );
    },
  };
}

/** Fails when the source ends with more or fewer bytes than these. */
function exactly(bytes: number, id: string): Transform {
  let left = bytes;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.length;
      done(null, chunk);
    },
    flush(done) {
      if (left === 0) done();
      else done(new FileDamaged(`The store has ${bytes - left} of the ${bytes} bytes of file ${id}.`));
    },
  });
}

const ofLease = (task: string, token: string) => ({ 'metadata.task': task, 'metadata.token': token });

const toRecord = ({ _id, filename, length, uploadDate, metadata }: GridFile): FileRecord => ({
  ...metadata,
  id: _id,
  name: filename,
  size: length,
  sha256: metadata.sha256 ?? '',
  createdAt: uploadDate,
});
