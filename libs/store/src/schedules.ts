import type { Lane, TaskFailure } from '@offload/contracts/task';
import type { Callback } from '@offload/contracts/webhook-event';
import type { Connection } from 'mongoose';
import type { StoreConnection } from './connect.js';
import { deleteDocument } from './delete-document.js';
import type { CatchUp, Recurrence } from './cron.js';
import { storeFailure } from './store-failure.js';
import { pageOf, type ListPage } from './list-page.js';
import { changing } from './changing.js';

/** What happens at a tick while an earlier task of the schedule has not ended. */
export const overlaps = ['allow', 'skip'] as const;
export type Overlap = (typeof overlaps)[number];

/** Recurring work: at each tick of its cron a task is made. */
export interface ScheduleRecord extends Recurrence {
  /** UUIDv7. */
  _id: string;
  owner: string;
  /** Unique in its owner. */
  name: string;
  type: string;
  /** Parsed by the contract. */
  input: unknown;
  lane: Lane;
  tags?: string[];
  timeoutMs?: number;
  maxAttempts?: number;
  /** Of each of its tasks. */
  callback?: Callback;
  catchUp: CatchUp;
  overlap: Overlap;
  paused: boolean;
  /** The first tick that is not done with; absent while paused, or when there is none any more. */
  nextAt?: Date;
  /** When a clock looks at it: at `nextAt`, or later while its tasks cannot be made. */
  lookAt?: Date;
  /** Why the tasks of its ticks cannot be made at present. */
  error?: TaskFailure;
  /** The last tick that made a task, or when one was made on demand; and that task. */
  lastAt?: Date;
  lastTask?: string;
  /** Goes up with every change by people; the clock's own advance only moves `nextAt`. */
  version: number;
  createdAt: Date;
  changedAt: Date;
}

export type ListedSchedule = Omit<ScheduleRecord, 'input'>;

/** One with a tick to come. */
export type DueSchedule = ScheduleRecord & { nextAt: Date };

/** Fields to set; undefined removes one. */
export type ScheduleChange = Partial<
  Omit<ScheduleRecord, '_id' | 'owner' | 'lookAt' | 'version' | 'createdAt'>
>;

/** Schedules of one owner. */
export const MOST_SCHEDULES = 1_000;

export interface ScheduleStore {
  create(schedule: Omit<ScheduleRecord, 'lookAt'>): Promise<'created' | 'name-taken' | 'too-many'>;
  get(owner: string, id: string): Promise<ScheduleRecord | null>;
  /** Without their inputs. */
  list(owner: string, page: ListPage): Promise<ListedSchedule[]>;
  /** A person's change of the schedule as it was read. `changed-meanwhile`: read it again; it may be gone. */
  change(
    read: ScheduleRecord,
    change: ScheduleChange,
  ): Promise<ScheduleRecord | 'changed-meanwhile' | 'name-taken'>;
  /** Its tasks stay. Answers whether it was there. */
  remove(owner: string, id: string): Promise<boolean>;
  /** Schedules with a tick that has come, the longest overdue first; not those that are put off. */
  due(limit: number): Promise<DueSchedule[]>;
  /**
   * The ticks of the schedule as it was read are done with. Nothing happens when another clock was first or a
   * person has changed it: then `nextAt` is right already.
   */
  advance(read: DueSchedule, nextAt: Date | undefined): Promise<boolean>;
  /**
   * The tasks cannot be made: clocks look again after so many milliseconds. No tick is done with, since a clock of a
   * newer version may know what this one does not.
   */
  putOff(read: DueSchedule, error: TaskFailure, ms: number): Promise<void>;
  /** Notes the last task that it made, unless a later one is noted. */
  made(id: string, last: { task: string; at: Date }): Promise<void>;
}

const COLLECTION = 'schedules';

export async function prepareSchedules(mongo: Connection): Promise<void> {
  const collection = mongo.collection<ScheduleRecord>(COLLECTION);
  await collection.createIndex({ owner: 1, name: 1 }, { unique: true });
  await collection.createIndex({ owner: 1, _id: -1 });
  await collection.createIndex({ lookAt: 1 }, { partialFilterExpression: { lookAt: { $exists: true } } });
}

/** Every method rejects with the driver's error when the database is away. */
export function createScheduleStore({ mongo, clock }: StoreConnection): ScheduleStore {
  const collection = () => mongo.collection<ScheduleRecord>(COLLECTION);
  return {
    async create(schedule) {
      const { owner } = schedule;
      if ((await collection().countDocuments({ owner }, { limit: MOST_SCHEDULES })) >= MOST_SCHEDULES)
        return 'too-many';
      const { nextAt: lookAt } = schedule;
      const inserted = collection().insertOne({ ...schedule, ...(lookAt && { lookAt }) });
      return inserted.then(() => 'created' as const, nameTaken);
    },
    get: (owner, id) => collection().findOne({ _id: id, owner }),
    list: (owner, page) =>
      pageOf(collection(), { owner }, page).project<ListedSchedule>({ input: 0 }).toArray(),
    async change({ _id, owner, version, nextAt }, change) {
      // Else a tick that a clock has done with since would come again.
      const sameTick = 'nextAt' in change && { nextAt: nextAt ?? { $exists: false } };
      const guard = { _id, owner, version, ...sameTick };
      const update = { ...setting({ ...change, changedAt: clock.now() }), $inc: { version: 1 } };
      // Not findOneAndUpdate: with it the local default has no code for a name that is taken.
      const matched = await collection()
        .updateOne(guard, update)
        .then(({ matchedCount }) => matchedCount, nameTaken);
      if (matched === 'name-taken') return matched;
      const schedule = matched > 0 ? await collection().findOne({ _id, owner }) : null;
      return schedule ?? 'changed-meanwhile';
    },
    remove: (owner, id) => deleteDocument(collection(), { _id: id, owner }),
    due: (limit) =>
      collection()
        .find<DueSchedule>({ lookAt: { $lte: clock.now() } })
        .sort({ lookAt: 1 })
        .limit(limit)
        .toArray(),
    async advance({ _id, version, nextAt }, next) {
      const guard = { _id, version, nextAt };
      return (
        (await collection().updateOne(guard, setting({ nextAt: next, error: undefined }))).matchedCount > 0
      );
    },
    async putOff({ _id, version, nextAt }, error, ms) {
      const lookAt = new Date(clock.now().getTime() + ms);
      await collection().updateOne({ _id, version, nextAt }, { $set: { error, lookAt } });
    },
    async made(id, { task, at }) {
      const earlier = [{ lastAt: { $exists: false } }, { lastAt: { $lt: at } }];
      await collection().updateOne({ _id: id, $or: earlier }, { $set: { lastAt: at, lastTask: task } });
    },
  };
}

/** When a schedule is looked at follows its next tick. */
const setting = (change: ScheduleChange) =>
  changing('nextAt' in change ? { ...change, lookAt: change.nextAt } : change);

function nameTaken(error: unknown): 'name-taken' {
  if (storeFailure(error) === 'duplicate') return 'name-taken';
  throw error;
}
