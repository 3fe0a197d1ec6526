import mongoose, { type Connection } from 'mongoose';
import { createDbClock, type DbClock } from './db-clock.js';

export interface StoreLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export interface StoreConnection {
  readonly mongo: Connection;
  readonly clock: DbClock;
  readonly connected: boolean;
  /** Resolves once the first connection stands and the indexes are there. */
  ready(): Promise<void>;
  /** A round trip; rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The store did not do it, or its answer was lost; try again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

const RETRY_MS = 500;
const CLOCK_REFRESH_MS = 30_000;

/**
 * Connects to the database that the URI names (it is the only thing that knows which server it is) and keeps
 * trying until it answers. What makes a write durable is set here, not by the URI: write concern majority with
 * journal, primary reads (a standalone mongod would acknowledge before its journal).
 * @param options.prepare is run at each first connection, for indexes
 */
export function connectStore(options: {
  uri: string;
  name: string;
  log: StoreLog;
  prepare: (mongo: Connection) => Promise<void>;
}): StoreConnection {
  const { uri, log } = options;
  const mongo = mongoose.createConnection();
  const clock = createDbClock(async () => {
    const hello = await database().admin().command({ hello: 1 });
    return hello.localTime as Date;
  });
  const database = () => {
    if (!mongo.db) throw new StoreUnavailable('The database is not connected yet.');
    return mongo.db;
  };
  let closed = false;
  mongo.on('disconnected', () => !closed && log.warn('database connection lost'));
  mongo.on('reconnected', () => log.info('database connection is back'));

  const open = async (): Promise<void> => {
    let said = false;
    while (!closed) {
      try {
        await mongo.openUri(uri, {
          appName: options.name,
          writeConcern: { w: 'majority', journal: true },
          readPreference: 'primary',
          retryWrites: true,
          serverSelectionTimeoutMS: 3_000,
          socketTimeoutMS: 30_000,
          bufferCommands: false,
          autoIndex: false,
        });
        await clock.refresh();
        await options.prepare(mongo);
        return;
      } catch (error) {
        if (closed) return;
        if (!said) log.warn('the database does not answer; trying again until it does', { error });
        said = true;
        await mongo.close().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  let isReady = false;
  const opened = open().then(() => {
    isReady = !closed;
  });
  const refresh = setInterval(() => {
    if (isReady) clock.refresh().catch((error: unknown) => log.warn('database time not read', { error }));
  }, CLOCK_REFRESH_MS);
  refresh.unref();

  return {
    mongo,
    clock,
    get connected() {
      return isReady && mongo.readyState === mongoose.ConnectionStates.connected;
    },
    ready: () => opened,
    async ping() {
      await database().admin().command({ ping: 1 });
    },
    async close() {
      closed = true;
      clearInterval(refresh);
      await mongo.close();
      await opened;
    },
  };
}
