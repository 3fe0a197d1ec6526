import { Schema, type Connection, type Model } from 'mongoose';
import type { TaskRecord } from './task-record.js';

const date = { type: Date, required: false };
const any = Schema.Types.Mixed;

const taskSchema = new Schema<TaskRecord>(
  {
    _id: String,
    type: String,
    version: Number,
    lane: String,
    queue: String,
    owner: String,
    input: any,
    state: String,
    seq: Number,
    attempt: Number,
    attemptLimit: Number,
    crashes: Number,
    handBacks: Number,
    brokerDeaths: Number,
    dueAt: date,
    holdMs: Number,
    relay: String,
    queuedAt: date,
    lease: any,
    lastToken: String,
    progress: any,
    result: any,
    error: any,
    waitsFor: [String],
    batch: String,
    schedule: any,
    stack: String,
    history: { type: [any], default: undefined },
    tags: { type: [String], default: undefined },
    expiresAt: date,
    timeoutMs: Number,
    idempotencyKey: String,
    idempotencyUntil: date,
    bodyHash: String,
    uniqueKey: String,
    effects: { type: [String], default: undefined },
    callback: any,
    createdAt: date,
    changedAt: date,
    startedAt: date,
    endedAt: date,
    keepMs: Number,
    expireAt: date,
  },
  { collection: 'tasks', versionKey: false, minimize: false, strict: 'throw', strictQuery: 'throw' },
);

// Lists page by _id within an owner, so no list sorts.
taskSchema.index({ owner: 1, _id: -1 });
taskSchema.index({ owner: 1, state: 1, _id: -1 });
taskSchema.index({ owner: 1, type: 1, _id: -1 });
// One index for each sweep, holding only what that sweep looks at.
taskSchema.index({ lane: 1, dueAt: 1 }, { partialFilterExpression: { state: 'scheduled' } });
taskSchema.index({ startedAt: 1 }, { partialFilterExpression: { state: 'running' } });
taskSchema.index({ queue: 1, queuedAt: 1 }, { partialFilterExpression: { state: 'queued' } });
taskSchema.index({ waitsFor: 1 }, { partialFilterExpression: { state: 'blocked' } });
// Looked at page by page: a batch's tasks have the same createdAt.
taskSchema.index({ state: 1, _id: 1 }, { partialFilterExpression: { state: 'blocked' } });
taskSchema.index({ endedAt: 1 }, { partialFilterExpression: { effects: { $exists: true } } });
taskSchema.index({ expireAt: 1 }, { partialFilterExpression: { expireAt: { $exists: true } } });

// By state first: an ended task keeps its expiresAt and must not be looked at again.
taskSchema.index({ state: 1, expiresAt: 1 }, { partialFilterExpression: { expiresAt: { $exists: true } } });
taskSchema.index(
  { idempotencyUntil: 1 },
  { partialFilterExpression: { idempotencyUntil: { $exists: true } } },
);
// Dead letters of a code, newest first; all of an owner's are served by owner and state.
taskSchema.index({ owner: 1, 'error.code': 1, _id: -1 }, { partialFilterExpression: { state: 'failed' } });
taskSchema.index({ owner: 1, batch: 1, _id: -1 }, { partialFilterExpression: { batch: { $exists: true } } });
taskSchema.index(
  { owner: 1, 'schedule.id': 1, _id: -1 },
  { partialFilterExpression: { 'schedule.id': { $exists: true } } },
);
taskSchema.index({ batch: 1, state: 1 }, { partialFilterExpression: { batch: { $exists: true } } });
taskSchema.index({ owner: 1, tags: 1, _id: -1 }, { partialFilterExpression: { tags: { $exists: true } } });
// At most one task of a key; who comes second reads the first.
taskSchema.index(
  { owner: 1, idempotencyKey: 1 },
  { unique: true, partialFilterExpression: { idempotencyKey: { $exists: true } } },
);
taskSchema.index(
  { owner: 1, type: 1, uniqueKey: 1 },
  { unique: true, partialFilterExpression: { uniqueKey: { $exists: true } } },
);

export type TaskModel = Model<TaskRecord>;

export function taskModel(mongo: Connection): TaskModel {
  return mongo.model<TaskRecord>('Task', taskSchema);
}
