/**
 * What an error of the store means.
 * - `away`: no server was there, or it went away; the same call may work later.
 * - `refusal`: this document will never be taken.
 * - `duplicate`: a unique index has the key already.
 * - `unknown`: none of these; most likely a mistake of ours, so nobody may try it for ever.
 */
export type StoreFailure = 'away' | 'refusal' | 'duplicate' | 'unknown';

/** The driver's and mongoose's errors that mean "no server was there, or it went away". */
const AWAY = new Set([
  'StoreUnavailable',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoOperationTimeoutError',
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoServerClosedError',
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'MongoPoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
  'MongoClientClosedError',
  'MongoExpiredSessionError',
  'MongoStalePrimaryError',
  'MongoUnexpectedServerResponseError',
  'MongoWriteConcernError',
]);

/** A socket's own errors, which a group write can pass on as they are. */
const SOCKET_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
]);
const SOCKET_MESSAGE = /^(read|write|connect) E[A-Z]+/;

/** mongoose's own, while the first connection does not stand or after the last was closed. */
const NOT_CONNECTED = /before initial connection|buffering timed out|force closed|not connected/i;

/**
 * Server error codes of the same meaning (MongoDB's error_codes.yml). 1 is InternalError: what the local default
 * answers while its PostgreSQL is away. 13 and 18 are for the operator to mend; until then nothing is lost.
 */
const AWAY_CODES = new Set([
  1, 6, 7, 13, 18, 24, 43, 50, 64, 89, 91, 112, 134, 189, 202, 262, 317, 358, 384, 9001, 10107, 11600, 11601,
  11602, 13435, 13436,
]);
/** The labels with which servers and driver say that trying again makes sense. */
const AWAY_LABELS = ['RetryableWriteError', 'RetryableError', 'SystemOverloadedError', 'NoWritesPerformed'];

/**
 * BadValue, FailedToParse, TypeMismatch, InvalidBSON, DollarPrefixedFieldName, EmptyFieldName, DottedFieldName,
 * DocumentValidationFailure, BSONObjectTooLarge.
 */
const REFUSAL_CODES = new Set([2, 9, 14, 22, 52, 56, 57, 121, 10334]);

/** A unique index has the key already. Which key it was, no server tells in the same words. */
export const DUPLICATE_CODE = 11_000;

/** The one place that knows what the driver's errors mean. */
export function storeFailure(error: unknown): StoreFailure {
  if (!(error instanceof Error)) return 'unknown';
  const { name, message, code } = error as Error & { code?: unknown };
  // A group write wraps what the driver met in it, e.g. a lost connection, and keeps it only here.
  const { errorResponse } = error as { errorResponse?: unknown };
  if (name === 'MongoBulkWriteError' && errorResponse instanceof Error) return storeFailure(errorResponse);
  if (AWAY.has(name) || (name === 'MongooseError' && NOT_CONNECTED.test(message))) return 'away';
  if (SOCKET_CODES.has(String(code)) || SOCKET_MESSAGE.test(message)) return 'away';
  if (isUnencodable(name, message, code)) return 'refusal';
  if (!name.startsWith('Mongo')) return 'unknown';
  if (code === DUPLICATE_CODE) return 'duplicate';
  if (REFUSAL_CODES.has(Number(code))) return 'refusal';
  return AWAY_LABELS.some((label) => hasLabel(error, label)) || AWAY_CODES.has(Number(code))
    ? 'away'
    : 'unknown';
}

const hasLabel = (error: Error & { hasErrorLabel?(label: string): boolean }, label: string): boolean =>
  error.hasErrorLabel?.(label) ?? false;

/** BSON has no form for it, or it is larger than a document may be: the driver says so before it sends anything. */
const isUnencodable = (name: string, message: string, code: unknown): boolean =>
  name.startsWith('BSON') ||
  (name === 'MongoInvalidArgumentError' && message.startsWith('Document is larger')) ||
  (name === 'RangeError' && code === 'ERR_OUT_OF_RANGE' && message.includes('"offset"'));

/** Whether an error of the store means that the database is away, so that the same request may work later. */
export const isStoreAway = (error: unknown): boolean => storeFailure(error) === 'away';

/** For a write that makes what somebody else may make at the same moment: it is there then. Throws any other error. */
export function unlessDuplicate(error: unknown): void {
  if (storeFailure(error) !== 'duplicate') throw error;
}

/** Whether the database refused what was written for good. */
export const isRefusal = (error: unknown): boolean => storeFailure(error) === 'refusal';
