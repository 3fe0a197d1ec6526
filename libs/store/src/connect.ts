import mongoose, { type Connection } from 'mongoose';
import { createDbClock, type DbClock } from './db-clock.js';
import { StoreUnavailable } from './store-unavailable.js';
import { reviveWhenLost } from './revive.js';
import { checkStoreUri, explainStoreFailure } from './store-uri.js';

export interface StoreLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
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

const RETRY_MS = 500;
const CLOCK_REFRESH_MS = 30_000;

/**
 * Connects to the database that the URI names (it is the only thing that knows which server it is) and keeps
 * trying until it answers. What makes a write durable is set here, not by the URI: write concern majority with
 * journal, primary reads (a standalone mongod would acknowledge before its journal).
 * @throws ConfigError for a URI that no server could ever be found by; logs never show user or password
 * @param options.prepare is run at each first connection, for indexes
 */
export function connectStore(options: {
  uri: string;
  name: string;
  log: StoreLog;
  prepare: (mongo: Connection) => Promise<void>;
}): StoreConnection {
  const { uri, log } = options;
  const checked = checkStoreUri(uri);
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
  let isReady = false;
  // Each failed first try ends in a 'disconnected', too.
  mongo.on('disconnected', () => isReady && !closed && log.warn('database connection lost'));
  mongo.on('reconnected', () => log.info('database connection is back'));

  const open = async (): Promise<void> => {
    let said = '';
    while (!closed) {
      try {
        await mongo.openUri(uri, {
          appName: options.name,
          writeConcern: { w: 'majority', journal: true },
          readPreference: 'primary',
          retryWrites: true,
          serverSelectionTimeoutMS: 3_000,
          socketTimeoutMS: 30_000,
          // Without these a call can wait for ever for a connection that a dying server never gave.
          connectTimeoutMS: 5_000,
          waitQueueTimeoutMS: 5_000,
          heartbeatFrequencyMS: 2_000,
          bufferCommands: false,
          autoIndex: false,
        });
        await clock.refresh();
        await options.prepare(mongo);
        isReady = !closed;
        return;
      } catch (error) {
        if (closed) return;
        const reason = explainStoreFailure(error as Error, checked);
        if (reason !== said) log.warn('no database yet; trying again until there is one', { reason });
        said = reason;
        await mongo.close().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  let opened = open();
  const first = opened;
  const refresh = setInterval(() => {
    if (isReady) clock.refresh().catch((error: unknown) => log.warn('database time not read', { error }));
  }, CLOCK_REFRESH_MS);
  refresh.unref();
  const stopReviving = reviveWhenLost({
    connected: () => !isReady || mongo.readyState === mongoose.ConnectionStates.connected,
    async reopen() {
      log.warn('the database connection did not come back; opening a new one');
      isReady = false;
      await mongo.close().catch(() => undefined);
      await (opened = open());
    },
  });

  return {
    mongo,
    clock,
    get connected() {
      return isReady && mongo.readyState === mongoose.ConnectionStates.connected;
    },
    ready: () => first,
    async ping() {
      await database().admin().command({ ping: 1 });
    },
    async close() {
      closed = true;
      clearInterval(refresh);
      stopReviving();
      await mongo.close();
      await opened;
    },
  };
}
