import type { Connection } from 'mongoose';
import type { StoreConnection } from './connect.js';
import { newId } from './new-task.js';

/** A message that stands for no task, as an operator sees it. */
export interface UnreadableMessage {
  _id: string;
  reason: string;
  receivedAt: Date;
  /** As far as they are known; each at most 255 characters. */
  correlationId: string | null;
  type: string | null;
  queue: string;
  /** The first 4 KiB of the body, as text. */
  body: string;
  bytes: number;
}

/** The shape of a broker's message, as far as it is kept. */
export interface UnreadableSource {
  content: Buffer;
  fields: { routingKey: string };
  properties: { correlationId?: unknown; type?: unknown };
}

export interface UnreadableStore {
  keep(found: { reason: string; message: UnreadableSource }): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<UnreadableMessage[]>;
  /** Those of these ids and received before, as far as that is said; answers how many. */
  remove(which: { ids?: string[]; before?: Date }): Promise<number>;
}

const KEPT_SECONDS = 30 * 24 * 3600;
const BODY_BYTES = 4096;
const COLLECTION = 'unreadable';

export async function prepareUnreadable(mongo: Connection): Promise<void> {
  // These have no files, so the database may remove them itself.
  await mongo.collection(COLLECTION).createIndex({ receivedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });
}

export function createUnreadableStore({ mongo, clock }: StoreConnection): UnreadableStore {
  const collection = () => mongo.collection<UnreadableMessage>(COLLECTION);
  return {
    async keep({ reason, message: { content, fields, properties } }) {
      await collection().insertOne({
        _id: newId(),
        reason,
        receivedAt: clock.now(),
        correlationId: text(properties.correlationId),
        type: text(properties.type),
        queue: fields.routingKey,
        body: content.subarray(0, BODY_BYTES).toString('utf8'),
        bytes: content.length,
      });
    },
    list: (limit) => collection().find().sort({ _id: -1 }).limit(limit).toArray(),
    async remove({ ids, before }) {
      const filter = { ...(ids && { _id: { $in: ids } }), ...(before && { receivedAt: { $lt: before } }) };
      return (await collection().deleteMany(filter)).deletedCount;
    },
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, 255) : null);
