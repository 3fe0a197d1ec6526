// @ts-check
// The few words of MongoDB's wire protocol that are needed before any driver is installed: ask whether a
// server answers, and make the first user of a new mongod.

import { connect } from 'node:net';

/** @typedef {{ [key: string]: string | number | BsonDocument | BsonDocument[] }} BsonDocument */

/** MongoDB manual, "MongoDB Wire Protocol": OP_MSG, and its one section of kind 0. */
const OP_MSG = 2013;

/**
 * bsonspec.org 1.1: strings, 32-bit integers, documents and arrays, which is all that we send.
 * @param {BsonDocument} document
 * @returns {Buffer}
 */
export function encodeBson(document) {
  const parts = Object.entries(document).map(([key, value]) => {
    const name = Buffer.from(key + '\0', 'utf8');
    if (typeof value === 'number') return Buffer.concat([Buffer.from([0x10]), name, int32(value)]);
    if (typeof value === 'string') {
      const text = Buffer.from(value + '\0', 'utf8');
      return Buffer.concat([Buffer.from([0x02]), name, int32(text.length), text]);
    }
    const nested = encodeBson(Array.isArray(value) ? Object.fromEntries(value.entries()) : value);
    return Buffer.concat([Buffer.from([Array.isArray(value) ? 0x04 : 0x03]), name, nested]);
  });
  const body = Buffer.concat(parts);
  return Buffer.concat([int32(body.length + 5), body, Buffer.from([0])]);
}

/** @param {number} value */
function int32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/**
 * Runs one command without logging in.
 * @param {number} port on 127.0.0.1
 * @param {BsonDocument} command with `$db`
 * @returns {Promise<Buffer>} the answer's document, as BSON
 */
export function runMongoCommand(port, command) {
  const body = encodeBson(command);
  const length = 16 + 4 + 1 + body.length;
  const header = [int32(length), int32(1), int32(0), int32(OP_MSG), int32(0), Buffer.from([0])];
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let received = Buffer.alloc(0);
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer to a MongoDB command')));
    socket.once('connect', () => socket.write(Buffer.concat([...header, body])));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 4 || received.length < received.readInt32LE(0)) return;
      socket.destroy();
      resolve(received.subarray(21));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the database closed the connection')));
  });
}

/**
 * Whether an answer says `ok: 1`.
 * @param {Buffer} answer BSON
 */
export function isOk(answer) {
  const key = answer.indexOf(Buffer.from('\x01ok\0', 'latin1')); // a double named ok
  return key >= 0 && answer.readDoubleLE(key + 4) === 1;
}

/**
 * Resolves when a MongoDB-compatible server answers.
 * @param {number} port
 */
export async function probeMongodb(port) {
  if (!isOk(await runMongoCommand(port, { hello: 1, $db: 'admin' }))) {
    throw new Error('the database does not answer `hello` with ok');
  }
}
