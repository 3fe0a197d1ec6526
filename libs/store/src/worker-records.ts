import type { Connection } from 'mongoose';
import type { Lane } from '@offload/contracts/task';
import type { StoreConnection } from './connect.js';
import { deleteDocument } from './delete-document.js';

/** What a worker process does of one type and lane. */
export interface LaneLoad {
  type: string;
  lane: Lane;
  queue: string;
  /** Handlers that may run at once. */
  capacity: number;
  running: number;
  /** Delivered to it and not begun. */
  waiting: number;
  paused: boolean;
  /** What became of its attempts since it started. */
  succeeded: number;
  failed: number;
  retried: number;
}

/** A process as it shows itself: a worker, a clock or an API. */
export interface WorkerRecord {
  /** As leases name it. */
  _id: string;
  /** Its type, as the Procfile names it: `image-resizer`, `clock`, `web`. */
  process: string;
  host: string;
  pid: number;
  /** Of the build, e.g. a git commit. */
  version: string;
  state: 'starting' | 'running' | 'draining';
  startedAt: Date;
  /** By the database's clock, like all times that processes compare. */
  lastSeenAt: Date;
  /** None of a clock or an API. */
  lanes: LaneLoad[];
  rssBytes: number;
  /** Since the report before, milliseconds. */
  eventLoopDelayMs: { p99: number; max: number };
}

export interface WorkerStore {
  /** Writes the whole record, seen now. */
  report(record: Omit<WorkerRecord, 'lastSeenAt'>): Promise<void>;
  /** At an ordered stop. */
  remove(id: string): Promise<void>;
  /** Those seen within so many milliseconds, by process type, the oldest first. */
  seenWithin(ms: number): Promise<WorkerRecord[]>;
}

const COLLECTION = 'workers';
/** One that was killed is removed after that by the database itself. */
const KEPT_SECONDS = 600;

export async function prepareWorkers(mongo: Connection): Promise<void> {
  await mongo.collection(COLLECTION).createIndex({ lastSeenAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });
}

/** Every method rejects with the driver's error when the database is away. */
export function createWorkerStore({ mongo, clock }: StoreConnection): WorkerStore {
  const collection = () => mongo.collection<WorkerRecord>(COLLECTION);
  return {
    async report({ _id, ...record }) {
      await collection().updateOne(
        { _id },
        { $set: { ...record, lastSeenAt: clock.now() } },
        { upsert: true },
      );
    },
    remove: async (id) => void (await deleteDocument(collection(), { _id: id })),
    async seenWithin(ms) {
      const since = new Date(clock.now().getTime() - ms);
      const found = await collection()
        .find({ lastSeenAt: { $gt: since } })
        .toArray();
      return found.sort(
        (a, b) =>
          a.process.localeCompare(b.process) ||
          a.startedAt.getTime() - b.startedAt.getTime() ||
          a._id.localeCompare(b._id),
      );
    },
  };
}
