import type { Connection } from 'mongoose';
import type { StoreConnection } from './connect.js';
import { deleteDocument } from './delete-document.js';
import { newId } from './new-task.js';

/**
 * Something outside the store that an attempt has made and must end itself, an unfinished multipart upload for one.
 * The note of it is written before the thing is made and removed when it has ended; what is noted for an attempt that
 * holds its task no more was left behind by a crash, and a worker of the type ends it (docs/decisions/0060).
 */
export interface RemnantRecord {
  _id: string;
  /** The task type, whose workers know how to end it. */
  type: string;
  task: string;
  /** The lease under which it was made. */
  token: string;
  /** What its workers need to find it again. Never secrets. */
  facts: Record<string, unknown>;
  notedAt: Date;
  /** When somebody should look whether it was left behind. */
  lookAt: Date;
  /** How often ending it has failed. */
  failures: number;
}

export interface RemnantStore {
  /** Call it before the thing is made; answers the note's id. */
  note(remnant: Pick<RemnantRecord, 'type' | 'task' | 'token' | 'facts'>): Promise<string>;
  /** Adds facts, such as the id that the thing was given. */
  add(id: string, facts: Record<string, unknown>): Promise<void>;
  /** It has ended. */
  clear(id: string): Promise<void>;
  /**
   * Takes up to `limit` that are to be looked at and puts their next look off, so that no two workers work on one.
   * What its attempt still holds is put off and not answered.
   */
  takeLeft(type: string, limit: number): Promise<RemnantRecord[]>;
  /** It could not be ended: looked at again later, twice as late each time, at most after 6 hours. */
  putOff(remnant: Pick<RemnantRecord, '_id' | 'failures'>): Promise<void>;
}

const COLLECTION = 'remnants';

/** A first look is not made sooner, and one that found the attempt alive is repeated after it, in milliseconds. */
const LOOK_MS = 30_000;
/** For so long the one who took it has time to end it. */
const HOLD_MS = 120_000;
const LONGEST_PUT_OFF_MS = 6 * 3_600_000;

export async function prepareRemnants(mongo: Connection): Promise<void> {
  await mongo.collection(COLLECTION).createIndex({ type: 1, lookAt: 1 });
}

export function createRemnantStore({ mongo, clock }: StoreConnection): RemnantStore {
  const remnants = () => mongo.collection<RemnantRecord>(COLLECTION);
  const later = (ms: number): Date => new Date(clock.now().getTime() + ms);

  /** Ids of those whose attempt still holds its task. */
  const held = async (found: RemnantRecord[]): Promise<Set<string>> => {
    const tasks = await mongo
      .collection<{ _id: string; state: string; lease?: { token: string } }>('tasks')
      .find({ _id: { $in: [...new Set(found.map(({ task }) => task))] }, state: 'running' })
      .project<{ lease?: { token: string } }>({ lease: 1 })
      .toArray();
    const tokens = new Set(tasks.map(({ lease }) => lease?.token));
    return new Set(found.filter(({ token }) => tokens.has(token)).map(({ _id }) => _id));
  };

  return {
    async note({ type, task, token, facts }) {
      const _id = newId();
      const notedAt = clock.now();
      await remnants().insertOne({
        _id,
        type,
        task,
        token,
        facts,
        notedAt,
        lookAt: later(LOOK_MS),
        failures: 0,
      });
      return _id;
    },
    async add(id, facts) {
      const set = Object.fromEntries(Object.entries(facts).map(([name, value]) => [`facts.${name}`, value]));
      await remnants().updateOne({ _id: id }, { $set: set });
    },
    async clear(id) {
      await deleteDocument(remnants(), { _id: id });
    },
    async takeLeft(type, limit) {
      const found = await remnants()
        .find({ type, lookAt: { $lte: clock.now() } })
        .sort({ lookAt: 1 })
        .limit(limit)
        .toArray();
      const alive = await held(found);
      const left: RemnantRecord[] = [];
      for (const remnant of found) {
        const { _id, lookAt } = remnant;
        const isHeld = alive.has(_id);
        const next = later(isHeld ? LOOK_MS : HOLD_MS);
        const { modifiedCount } = await remnants().updateOne({ _id, lookAt }, { $set: { lookAt: next } });
        if (modifiedCount === 1 && !isHeld) left.push(remnant);
      }
      return left;
    },
    async putOff({ _id, failures }) {
      const ms = Math.min(LOOK_MS * 2 ** (failures + 1), LONGEST_PUT_OFF_MS);
      await remnants().updateOne({ _id }, { $set: { lookAt: later(ms) }, $inc: { failures: 1 } });
    },
  };
}
