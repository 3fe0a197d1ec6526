import { randomBytes } from 'node:crypto';
import { mongo, type Connection } from 'mongoose';
import { answered } from './answered.js';
import type { StoreConnection } from './connect.js';
import { duplicatesOf } from './insert-tasks.js';
import { createStatsCounter, MINUTE_MS, type CountedRow, type StatsCounter } from './stats-counter.js';
import { openTotals, type OpenTotals } from './stats-totals.js';
import {
  addNumbers,
  countedOf,
  noNumbers,
  statsCounts,
  statsTimes,
  type Counted,
  type StatsNumbers,
} from './stats-record.js';
import { storeFailure } from './store-failure.js';

const COLLECTION = 'stats';
/** Two days, and the range of the oldest question. */
const KEPT_SECONDS = 49 * 3_600;

/** The sums of a type and lane in one step of time. */
export interface StatsPoint extends Counted {
  at: Date;
  numbers: StatsNumbers;
}

export interface StatsStore extends StatsCounter {
  /**
   * Writes what was counted, in one group write. When the reply is lost, the next call writes the same again, and the
   * store recognises it: nothing is counted twice. Rejects while the database is away; nothing is lost by that.
   */
  flush(): Promise<void>;
  /** What all processes have flushed, by step, type and lane; oldest first, without what has no numbers. */
  read(range: { from: Date; to: Date; step: StatsStep; type?: string }): Promise<StatsPoint[]>;
  /** Tasks that have not ended, of all owners. */
  open(): Promise<OpenTotals[]>;
}

/** Lengths of the steps that sums are kept for, in minutes: a long time is read in few documents. */
export const statsSteps = { '1m': 1, '5m': 5, '1h': 60 } as const;
export type StatsStep = keyof typeof statsSteps;
const STEPS = Object.keys(statsSteps) as StatsStep[];

interface StatsDocument {
  /** `5m 2026-01-31T08:15 image.resize bulk`: by step and time, so that a range of time is a range of ids. */
  _id: string;
}

export async function prepareStats(mongo: Connection): Promise<void> {
  await mongo.collection(COLLECTION).createIndex({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });
}

const idAt = (step: StatsStep, time: number): string =>
  `${step} ${new Date(time).toISOString().slice(0, 16)}`;

export function createStatsStore(connection: StoreConnection): StatsStore {
  const counter = createStatsCounter(() => connection.clock.now());
  const collection = () => connection.mongo.collection<StatsDocument>(COLLECTION);
  /** Names this process in the rows that it has written to. */
  const writer = `w${randomBytes(6).toString('hex')}`;
  let flushes = 0;
  let unwritten: mongo.AnyBulkWriteOperation<StatsDocument>[] = [];
  let flushing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    if (unwritten.length === 0) {
      const rows = counter.take();
      if (rows.length === 0) return;
      flushes += 1;
      unwritten = stepsOf(rows)
        .sort((a, b) => (a._id < b._id ? -1 : 1))
        .map((row) => addTo(row, writer, flushes));
    }
    try {
      // A row that another process made at the same moment is there at the second try; one that refuses then has
      // these numbers already.
      const faults = await duplicatesOf(() => bulkWrite(unwritten));
      if (faults.length > 0)
        await duplicatesOf(() => bulkWrite(faults.flatMap(({ index }) => unwritten[index] ?? [])));
    } catch (error) {
      // What is refused for good would be so again, and nothing after it would be written.
      if (storeFailure(error) === 'refusal') unwritten = [];
      throw error;
    }
    unwritten = [];
  };
  const bulkWrite = (operations: typeof unwritten) =>
    answered(collection().bulkWrite(operations, { ordered: false }));

  return {
    ...counter,
    flush: () => (flushing ??= write().finally(() => (flushing = undefined))),
    async read({ from, to, step, type }) {
      const filter = {
        _id: { $gte: idAt(step, from.getTime()), $lt: idAt(step, to.getTime()) },
        ...(type !== undefined && { type }),
      };
      const found = await collection()
        .find(filter as never)
        .sort({ _id: 1 })
        .project<StepDocument>({ seen: 0 })
        .toArray();
      return found.map(pointOf);
    },
    open: () => openTotals(connection),
  };
}

/** The sums of a step. */
interface StepRow extends Pick<CountedRow, 'series' | 'numbers'>, StatsDocument {
  at: Date;
}

/** The rows of minutes, and those of the longer steps that they are part of. */
function stepsOf(rows: CountedRow[]): StepRow[] {
  const all = new Map<string, StepRow>();
  for (const { minute, series, numbers } of rows)
    for (const step of STEPS) {
      const at = (minute - (minute % statsSteps[step])) * MINUTE_MS;
      const _id = `${idAt(step, at)} ${series}`;
      const row = all.get(_id) ?? { _id, at: new Date(at), series, numbers: noNumbers() };
      addNumbers(row.numbers, numbers);
      all.set(_id, row);
    }
  return [...all.values()];
}

/**
 * Adds a row to the document of its step, once: `seen` holds the last flush of each process. A document that has seen
 * this one does not match, and the upsert then meets its id.
 */
function addTo(
  { _id, at, series, numbers }: StepRow,
  writer: string,
  flush: number,
): mongo.AnyBulkWriteOperation<StatsDocument> {
  const inc: Record<string, unknown> = {};
  const max: Record<string, number> = {};
  for (const name of statsCounts) if (numbers[name] > 0) inc[name] = numbers[name];
  for (const name of statsTimes) {
    const { count, sum, max: longest, buckets } = numbers[name];
    if (count === 0) continue;
    inc[`${name}.count`] = count;
    // A sum of many milliseconds outgrows 32 bits.
    inc[`${name}.sum`] = new mongo.Double(sum);
    max[`${name}.max`] = longest;
    for (const [i, inBucket] of buckets.entries()) if (inBucket > 0) inc[`${name}.b${i}`] = inBucket;
  }
  const seen = `seen.${writer}`;
  return {
    updateOne: {
      filter: { _id, [seen]: { $not: { $gte: flush } } },
      update: {
        $setOnInsert: { at, ...countedOf(series) },
        $set: { [seen]: flush },
        $inc: inc,
        ...(Object.keys(max).length > 0 && { $max: max }),
      } as never,
      upsert: true,
    },
  };
}

type StepDocument = StatsDocument & { at: Date } & Counted & Record<string, unknown>;

function pointOf(found: StepDocument): StatsPoint {
  const numbers = noNumbers();
  for (const name of statsCounts) numbers[name] = Number(found[name] ?? 0);
  for (const name of statsTimes) {
    const of = (found[name] ?? {}) as Record<string, number>;
    const read = (field: string): number => Number(of[field] ?? 0);
    numbers[name] = {
      count: read('count'),
      sum: read('sum'),
      max: read('max'),
      buckets: numbers[name].buckets.map((_, i) => read(`b${i}`)),
    };
  }
  return { at: found.at, type: found.type, lane: found.lane, numbers };
}
