import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import mongoose from 'mongoose';
import { answered } from './answered.js';
import { storeFailure, unlessDuplicate } from './store-failure.js';

/** A file's document in GridFS (MongoDB's GridFS specification); its bytes are in `files.chunks`. */
export interface GridFile {
  _id: string;
  filename: string;
  /** Bytes. */
  length: number;
  /** Bytes of every chunk but the last. */
  chunkSize: number;
  uploadDate: Date;
  metadata: {
    owner: string;
    /** Media type. */
    type: string;
    task?: string;
    token?: string;
    expireAt?: Date;
    /** Hex. Makes it complete: readers see no file without one. */
    sha256?: string;
    /** Until it is complete. */
    incomplete?: true;
  };
}

interface GridChunk {
  files_id: string;
  n: number;
  data: mongoose.mongo.Binary;
}

/** The file was removed while it was written: its task has ended otherwise, or was taken over. */
export class FileRemoved extends Error {
  override readonly name = 'FileRemoved';
  readonly code = 'file-removed';
}

const CHUNK_BYTES = 1024 * 1024 - 1024;
/** Milliseconds for a chunk: longer than for the small writes, since it is a megabyte. */
const CHUNK_MS = 15_000;

/**
 * Writes a file: its document first, marked as incomplete, then chunk by chunk, then its size and checksum. So whatever
 * is cut off by a crash is found again by its document; the driver's own upload writes the document last, and what it
 * had written until a crash nobody would find. Each call to the database has a limit of its own, the whole has none.
 * @throws the body's error; StoreUnavailable, the driver's error or FileRemoved. What was written is removed, at once or
 * (when the database does not answer) by the sweep of incomplete files.
 */
export async function writeFile(
  mongo: mongoose.Connection,
  file: Pick<GridFile, '_id' | 'filename' | 'metadata'>,
  body: Readable | Buffer,
  chunkMs = CHUNK_MS,
): Promise<{ size: number; sha256: string }> {
  const files = mongo.collection<GridFile>('files.files');
  const chunks = mongo.collection<GridChunk>('files.chunks');
  const { _id } = file;
  const metadata = { ...file.metadata, incomplete: true as const };
  const about = { chunkSize: CHUNK_BYTES, uploadDate: new Date(), metadata };
  const hash = createHash('sha256');
  let [n, size] = [0, 0];
  // One that breaks before it is read must not end the process; who reads it then gets the error.
  if (!Buffer.isBuffer(body)) body.on('error', () => undefined);
  try {
    await answered(files.insertOne({ ...file, ...about, length: 0 }));
    for await (const bytes of inChunks(body)) {
      hash.update(bytes);
      size += bytes.length;
      const chunk = { files_id: _id, n: n++, data: new mongoose.mongo.Binary(bytes) };
      // This call's alone: one that is there already was stored by a try of the driver whose reply was lost.
      await answered(chunks.insertOne(chunk).catch(unlessDuplicate), chunkMs);
    }
    const sha256 = hash.digest('hex');
    const complete = {
      $set: { length: size, 'metadata.sha256': sha256 },
      $unset: { 'metadata.incomplete': '' },
    };
    const { matchedCount } = await answered(files.updateOne({ _id }, complete as never));
    if (matchedCount > 0) return { size, sha256 };
    throw new FileRemoved('The file was removed while it was written.');
  } catch (error) {
    if (!Buffer.isBuffer(body)) body.destroy();
    // A write without an answer may still arrive, after anything that we could remove now.
    if (storeFailure(error) !== 'away') await removeWritten(mongo, _id);
    throw error;
  }
}

async function removeWritten(mongo: mongoose.Connection, id: string): Promise<void> {
  const removed = (async () => {
    await mongo.collection<GridChunk>('files.chunks').deleteMany({ files_id: id });
    await mongo.collection<GridFile>('files.files').deleteOne({ _id: id });
  })();
  // The error that led here says more; the sweep of incomplete files comes by.
  await answered(removed).catch(() => undefined);
}

/** The body in pieces of CHUNK_BYTES; the last one may be shorter. Destroys the body when nobody reads on. */
async function* inChunks(body: Readable | Buffer): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  const source = Buffer.isBuffer(body) ? [body] : (body as AsyncIterable<Buffer | string>);
  for await (const given of source) {
    const piece = typeof given === 'string' ? Buffer.from(given) : given;
    for (let from = 0; from < piece.length;) {
      const part = piece.subarray(from, from + CHUNK_BYTES - bytes);
      from += part.length;
      bytes += part.length;
      held.push(part);
      if (bytes < CHUNK_BYTES) continue;
      yield Buffer.concat(held, bytes);
      [held, bytes] = [[], 0];
    }
  }
  if (bytes > 0) yield Buffer.concat(held, bytes);
}
