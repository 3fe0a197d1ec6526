import { describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { StoreUnavailable } from './store-unavailable.js';
import { storeFailure, type StoreFailure } from './store-failure.js';

const { mongo } = mongoose;
const server = (code: number, errorLabels: string[] = []) =>
  new mongo.MongoServerError({ message: 'x', code, errorLabels });
/** A group write's error around what went wrong in it, as the driver makes it (lib/bulk/common.js). */
const inGroup = (cause: object) =>
  new mongo.MongoBulkWriteError(cause as never, { insertedCount: 0 } as never);
const unencodable = (document: object): unknown => {
  try {
    mongo.BSON.serialize(document);
  } catch (error) {
    return error;
  }
  throw new Error('encoded');
};
const circle: Record<string, unknown> = {};
circle.circle = circle;

const cases: [string, unknown, StoreFailure][] = [
  ['a lost connection', new mongo.MongoNetworkError('x'), 'away'],
  ['a late answer', new mongo.MongoNetworkTimeoutError('x'), 'away'],
  ['a lost connection in a group write', inGroup(new mongo.MongoNetworkError('x')), 'away'],
  ['no server', new mongo.MongoServerSelectionError('x', {} as never), 'away'],
  ['no server for a group write', inGroup(new mongo.MongoServerSelectionError('x', {} as never)), 'away'],
  ["mongoose's no server", new mongoose.Error.MongooseServerSelectionError('x'), 'away'],
  ['a closed client', new mongo.MongoNotConnectedError('x'), 'away'],
  ['a store that gave up', new StoreUnavailable('x'), 'away'],
  ['a server that shuts down', server(91), 'away'],
  ['a primary that stepped down, in a group write', inGroup({ message: 'x', code: 10_107 }), 'away'],
  ["the local default's PostgreSQL away", server(1), 'away'],
  ['a password that is refused', server(18), 'away'],
  ['an unknown code that is labelled as worth another try', server(987_654, ['RetryableWriteError']), 'away'],
  ['a connection that never stood', new mongoose.Error('Cannot call before initial connection'), 'away'],
  ['a waiting that timed out', new mongoose.Error('Operation `x.find()` buffering timed out'), 'away'],
  ['a document that is not valid', server(121), 'refusal'],
  ['an empty field name in a group write', inGroup({ message: 'x', code: 2, writeErrors: [{}] }), 'refusal'],
  ['a key that BSON has no form for', unencodable({ 'a\0b': 1 }), 'refusal'],
  ['a circle', unencodable(circle), 'refusal'],
  [
    'a document that is larger than the buffer it is written to',
    Object.assign(new RangeError('The value of "offset" is out of range.'), { code: 'ERR_OUT_OF_RANGE' }),
    'refusal',
  ],
  [
    'one in a group',
    new mongo.MongoInvalidArgumentError('Document is larger than the maximum size 1'),
    'refusal',
  ],
  ['a duplicate key', server(11_000), 'duplicate'],
  ['a duplicate key in a group write', inGroup({ message: 'x', code: 11_000 }), 'duplicate'],
  ['operators that contradict each other', server(40), 'unknown'],
  ['a wrong call of the driver', new mongo.MongoInvalidArgumentError('bulkWrite only supports'), 'unknown'],
  ['a wrong call of the driver in a group', inGroup(new mongo.MongoRuntimeError('x')), 'unknown'],
  ['a wrong use of mongoose', new mongoose.Error('x'), 'unknown'],
  ['a mistake of ours', new TypeError('x'), 'unknown'],
  ['a range of ours', new RangeError('x'), 'unknown'],
  ['what is no error', 'x', 'unknown'],
  ['nothing', undefined, 'unknown'],
];

describe('to the store, this means', () => {
  test.each(cases)('%s', (_name, error, failure) => {
    expect(storeFailure(error)).toBe(failure);
  });
});
