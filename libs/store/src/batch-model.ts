import { Schema, type Connection, type Model } from 'mongoose';
import type { BatchRecord } from './batch-record.js';

const batchSchema = new Schema<BatchRecord>(
  {
    _id: String,
    owner: String,
    tasks: [Schema.Types.Mixed],
    tags: { type: [String], default: undefined },
    idempotencyKey: String,
    idempotencyUntil: Date,
    bodyHash: String,
    createdAt: Date,
    completedAt: Date,
    callback: Schema.Types.Mixed,
    effects: { type: [String], default: undefined },
    expireAt: Date,
    aborted: Boolean,
  },
  { collection: 'batches', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);

batchSchema.index({ owner: 1, _id: -1 });
batchSchema.index(
  { owner: 1, idempotencyKey: 1 },
  { unique: true, partialFilterExpression: { idempotencyKey: { $exists: true } } },
);
// Open ones have null there.
batchSchema.index({ completedAt: 1, _id: 1 });
batchSchema.index({ expireAt: 1 }, { partialFilterExpression: { expireAt: { $exists: true } } });

batchSchema.index(
  { completedAt: 1 },
  { name: 'webhooks', partialFilterExpression: { effects: { $exists: true } } },
);

export function batchModel(mongo: Connection): Model<BatchRecord> {
  return mongo.model<BatchRecord>('Batch', batchSchema);
}
