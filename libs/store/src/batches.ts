import type { TaskState } from '@offload/contracts/task';
import { ANY_TIME } from './any-time.js';
import { batchModel } from './batch-model.js';
import { abortedBatch, completeBatch, type BatchRecord, type CompletedBatch } from './batch-record.js';
import { type StoreConnection } from './connect.js';
import { StoreUnavailable } from './store-unavailable.js';
import { insertEvery, type Created } from './insert-tasks.js';
import { OPEN } from './move.js';
import { storeFailure } from './store-failure.js';
import { taskModel } from './task-model.js';
import type { WebhookEvents } from './webhook-events.js';
import type { TaskRecord } from './task-record.js';
import { pageOf, type ListPage } from './list-page.js';
import { HEAVY } from './task-list.js';

/** How many of a batch's tasks are in each state; those that were removed are in none. */
export type StateCounts = Partial<Record<TaskState, number>>;

/** A batch without its list of tasks. */
export type ListedBatch = Omit<BatchRecord, 'tasks'> & { total: number };

/**
 * Batches: many tasks that are accepted together or not at all. Their tasks are inserted first, blocked on the batch;
 * inserting its document is the commit; then they are released (Dependencies.settleBlocked), by their maker or, if
 * that dies, by the clock. A batch is complete when all of its tasks have ended; nobody counts, everybody looks.
 */
export interface Batches {
  /** Before the commit: stores the tasks, each blocked on the batch. Answers what became of each, in their order. */
  insertTasks(tasks: TaskRecord[]): Promise<Created[]>;
  /**
   * From then on they are accepted. `given up`: the clock was faster, they are removed. A batch: it has the same
   * Idempotency-Key; give this one up. Safe to repeat.
   */
  commit(batch: BatchRecord): Promise<'committed' | 'given up' | BatchRecord>;
  /** The owner's batch of this Idempotency-Key, while that holds. */
  ofKey(owner: string, idempotencyKey: string): Promise<BatchRecord | null>;
  /** Gives up a batch and removes its tasks, unless it is committed: then nothing happens. */
  abort(id: string): Promise<'aborted' | 'committed'>;
  get(id: string): Promise<BatchRecord | null>;
  list(owner: string, page: ListPage): Promise<ListedBatch[]>;
  counts(ids: string[]): Promise<Map<string, StateCounts>>;
  /** What is known of these ids: committed, given up, or (not in the map) neither yet. */
  fates(ids: string[]): Promise<Map<string, 'committed' | 'aborted'>>;
  /** At most `limit` tasks of a batch that have not ended. */
  openTasks(id: string, limit: number): Promise<TaskRecord[]>;
  /** Completes those of these batches that have no open task left, and tells the listeners. */
  lookForEnd(ids: string[]): Promise<void>;
  /** The clock's share: looks at the next open batches. Answers how many; after the last it begins anew. */
  sweepOpen(limit: number): Promise<number>;
  /** The clock's share: webhooks of completed batches that nobody made. Answers how many batches had some. */
  sweepEffects(limit: number): Promise<number>;
  /** The clock's share: removes those past their time that have no tasks any more. Answers how many. */
  removeExpired(limit: number): Promise<number>;
  /** Called once for each batch that this process completes. Must not throw. */
  onCompleted(listener: (batch: CompletedBatch) => void): void;
}

/** An expired batch that still has tasks (one was run again) is looked at again after this time. */
const AGAIN_MS = 3_600_000;
/** A key whose holder's time runs out again and again between two looks is given up after so many. */
const TRIES = 5;

export function createBatches(
  connection: StoreConnection,
  webhooks: Pick<WebhookEvents, 'batchCompleted'>,
): Batches {
  const { collection } = batchModel(connection.mongo);
  const tasks = taskModel(connection.mongo).collection;
  const listeners: ((batch: CompletedBatch) => void)[] = [];
  const now = () => connection.clock.now();
  let lookedAt = '';

  const get = async (filter: Record<string, unknown>): Promise<BatchRecord | null> =>
    (await collection.findOne(filter as never)) as BatchRecord | null;
  const hasTask = async (filter: Record<string, unknown>): Promise<boolean> =>
    (await tasks.findOne(filter as never, { projection: { _id: 1 } })) !== null;

  /** A key whose time is over is free from then on. */
  const ofKey = async (owner: string, idempotencyKey: string | undefined): Promise<BatchRecord | null> => {
    if (idempotencyKey === undefined) return null;
    const holder = await get({ owner, idempotencyKey });
    if (!holder?.idempotencyUntil || holder.idempotencyUntil > now()) return holder;
    await collection.updateOne({ _id: holder._id, idempotencyUntil: { $lte: now() } } as never, {
      $unset: { idempotencyKey: '', idempotencyUntil: '', bodyHash: '' },
    });
    return null;
  };

  const removeTasks = async (id: string): Promise<void> => {
    await tasks.deleteMany({ batch: id });
  };

  const lookForEnd = async (id: string): Promise<void> => {
    const open = { state: { $in: OPEN } };
    if (await hasTask({ batch: id, ...open })) return;
    const batch = await get({ _id: id, completedAt: null });
    if (!batch) return;
    // The first look went along an index in which tasks move with their state: one that did just then could have been
    // passed over. By id, nothing moves.
    if (await hasTask({ _id: { $in: batch.tasks.map((task) => task.id) }, ...open })) return;
    const completedAt = now();
    const { guard, update } = completeBatch({ id, now: completedAt });
    const { matchedCount } = await collection.updateOne(guard, update as never);
    if (matchedCount === 0) return;
    for (const listener of listeners) listener({ ...batch, completedAt });
    await carryOut({ ...batch, completedAt });
  };

  const countsOf = async (ids: string[]): Promise<Map<string, StateCounts>> => {
    const counted = await tasks
      .aggregate<{ _id: { batch: string; state: TaskState }; count: number }>([
        { $match: { batch: { $in: ids } } },
        { $group: { _id: { batch: '$batch', state: '$state' }, count: { $sum: 1 } } },
      ])
      .toArray();
    const byBatch = new Map<string, StateCounts>(ids.map((id) => [id, {}]));
    for (const { _id, count } of counted)
      byBatch.set(_id.batch, { ...byBatch.get(_id.batch), [_id.state]: count });
    return byBatch;
  };

  /** What a completion sets off. */
  const carryOut = async (batch: CompletedBatch): Promise<void> => {
    const { _id: id, callback, effects } = batch;
    if (!callback || !effects) return;
    await webhooks.batchCompleted({ ...batch, callback }, (await countsOf([id])).get(id) ?? {});
    await collection.updateOne({ _id: id } as never, { $unset: { effects: '' } });
  };

  return {
    insertTasks: (all) => insertEvery(connection, all),
    async commit(batch) {
      for (let tries = 0; tries < TRIES; tries++) {
        try {
          await collection.insertOne(batch as never);
          return 'committed';
        } catch (error) {
          if (storeFailure(error) !== 'duplicate') throw error;
        }
        // Our own, whose reply was lost, or the mark of the one who gave it up.
        const there = await get({ _id: batch._id });
        if (there) return there.aborted ? 'given up' : 'committed';
        const holder = await ofKey(batch.owner, batch.idempotencyKey);
        if (holder) return holder;
      }
      throw new StoreUnavailable('Its key changed hands again and again; try again.');
    },
    ofKey,
    async abort(id) {
      try {
        await collection.insertOne(abortedBatch(id, now()) as never);
      } catch (error) {
        if (storeFailure(error) !== 'duplicate') throw error;
        if (!(await get({ _id: id }))?.aborted) return 'committed';
      }
      await removeTasks(id);
      return 'aborted';
    },
    get: (id) => get({ _id: id, aborted: { $exists: false } }),
    async list(owner, page) {
      const found = await pageOf<BatchRecord>(collection as never, { owner }, page).toArray();
      return found.map(({ tasks: of, ...batch }) => ({ ...batch, total: of.length }));
    },
    counts: countsOf,
    async fates(ids) {
      if (ids.length === 0) return new Map();
      const found = (await collection
        .find({ _id: { $in: ids } } as never)
        .project({ aborted: 1 })
        .toArray()) as unknown as Pick<BatchRecord, '_id' | 'aborted'>[];
      return new Map(found.map(({ _id, aborted }) => [_id, aborted ? 'aborted' : 'committed']));
    },
    openTasks: async (id, limit) =>
      (await tasks
        .find({ batch: id, state: { $in: OPEN } } as never)
        .project(HEAVY)
        .limit(limit)
        .toArray()) as unknown as TaskRecord[],
    async lookForEnd(ids) {
      for (const id of new Set(ids)) await lookForEnd(id);
    },
    async sweepOpen(limit) {
      const found = await collection
        .find({ completedAt: null, _id: { $gt: lookedAt } } as never)
        .sort({ _id: 1 })
        .limit(limit)
        .project({ _id: 1 })
        .toArray();
      for (const { _id } of found) await lookForEnd(String(_id));
      lookedAt = found.length < limit ? '' : String(found.at(-1)?._id ?? '');
      return found.length;
    },
    async sweepEffects(limit) {
      const found = (await collection
        .find({ completedAt: ANY_TIME, effects: { $exists: true } } as never)
        .limit(limit)
        .toArray()) as unknown as CompletedBatch[];
      for (const batch of found) await carryOut(batch);
      return found.length;
    },
    async removeExpired(limit) {
      const over = { expireAt: { $lte: now(), $exists: true } };
      const found = await collection
        .find(over as never)
        .project({ _id: 1 })
        .limit(limit)
        .toArray();
      const gone: string[] = [];
      for (const { _id } of found) {
        const id = String(_id);
        if (!(await hasTask({ batch: id }))) gone.push(id);
        else
          await collection.updateOne({ _id: id, ...over } as never, {
            $set: { expireAt: new Date(now().getTime() + AGAIN_MS) },
          });
      }
      if (gone.length > 0) await collection.deleteMany({ _id: { $in: gone }, ...over } as never);
      return found.length;
    },
    onCompleted: (listener) => void listeners.push(listener),
  };
}
