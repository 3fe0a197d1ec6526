/** The driver's errors that mean "no server was there, or it went away". */
const DRIVER_ERRORS = new Set([
  'StoreUnavailable',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'MongoWaitQueueTimeoutError',
  'MongoClientClosedError',
  'MongoExpiredSessionError',
  'MongoWriteConcernError',
]);

/**
 * Server error codes of the same meaning (MongoDB manual, "Error Codes"). 1 is InternalError: what the local default
 * answers while its PostgreSQL is away.
 */
const SERVER_CODES = new Set([1, 6, 7, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** mongoose's own, while the first connection does not stand or after the last was closed. */
const MONGOOSE_NOT_CONNECTED = /before initial connection|force closed|not connected/i;

/** Whether an error of the store means that the database is away, so that the same request may work later. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message, code } = error as Error & { code?: unknown };
  if (DRIVER_ERRORS.has(name)) return true;
  if (name === 'MongooseError') return MONGOOSE_NOT_CONNECTED.test(message);
  // The driver wraps its own errors of a group write in this one, without their names; the server's have a code.
  if (name === 'MongoBulkWriteError' && code === undefined) return true;
  return name.startsWith('Mongo') && SERVER_CODES.has(Number(code));
}
