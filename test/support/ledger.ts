import { isTerminal, type TaskState } from '@offload/contracts/task';
import type { TaskRecord } from '@offload/store/task-record';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import mongoose from 'mongoose';
import type { Accepted } from './load.js';
import type { Origin } from './origin.js';
import type { System } from './system.js';

/** What became of every task that got a 202. */
export interface Ledger {
  accepted: number;
  byState: Partial<Record<TaskState, number>>;
  /** Why tasks failed, by code. */
  failures: Record<string, number>;
  /** Accepted, and not in the store. */
  lost: string[];
  /** In the store, and not ended (also those whose 202 was lost on its way). */
  open: string[];
  /** Stored as done more than once, by the workers' own logs. */
  doneTwice: string[];
  /** The origin was asked for them more often than they had attempts. */
  askedTooOften: string[];
  /** Succeeded uploads whose object is not there. */
  objectsMissing: string[];
}

type Seen = Pick<TaskRecord, '_id' | 'state' | 'attempt' | 'handBacks' | 'error'>;

const DONE = / debug done task=(\S+)/;

/** Reads the store, the bucket, the origin's requests and the workers' logs (LOG_LEVEL debug). */
export async function ledgerOf(system: System, accepted: Accepted[], origin?: Origin): Promise<Ledger> {
  const found = await readTasks(system);
  const tasks = accepted.flatMap(({ id }) => found.get(id) ?? []);
  const hits = new Map<string, number>();
  for (const { path } of origin?.requests ?? []) hits.set(path, (hits.get(path) ?? 0) + 1);
  const keys = await keysOf(accepted);
  return {
    accepted: accepted.length,
    byState: counted(tasks.map(({ state }) => state)),
    failures: counted(tasks.flatMap(({ state, error }) => (state === 'failed' ? (error?.code ?? '?') : []))),
    lost: accepted.filter(({ id }) => !found.has(id)).map(({ id }) => id),
    open: [...found.values()].filter(({ state }) => !isTerminal(state)).map(({ _id }) => _id),
    doneTwice: doneTwice(system),
    askedTooOften: accepted.flatMap(({ id, path = '' }) => {
      const { attempt = 0, handBacks = 0 } = found.get(id) ?? {};
      return (hits.get(path) ?? 0) > attempt + handBacks ? [id] : [];
    }),
    objectsMissing: accepted.flatMap(({ id, key }) =>
      key && found.get(id)?.state === 'succeeded' && !keys.has(key) ? [key] : [],
    ),
  };
}

/**
 * The ledger once nothing is open any more, or as it is when nothing has ended for `ms`, or after SETTLINGS times that: a
 * slow machine is not a fault, a task that nobody works on is.
 */
export async function settledLedger(
  system: System,
  accepted: Accepted[],
  ms: number,
  origin?: Origin,
): Promise<Ledger> {
  const end = performance.now() + SETTLINGS * ms;
  let [fewest, fellAt] = [Infinity, performance.now()];
  for (;;) {
    const ledger = await ledgerOf(system, accepted, origin);
    const open = ledger.open.length;
    const now = performance.now();
    if (open < fewest) [fewest, fellAt] = [open, now];
    if (open === 0 || now - fellAt > ms || now > end) return ledger;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export const SETTLINGS = 10;

async function readTasks(system: System): Promise<Map<string, Seen>> {
  const connection = await mongoose.createConnection(system.database.uri).asPromise();
  const found = await connection
    .collection<Seen>('tasks')
    .find({}, { projection: { state: 1, attempt: 1, handBacks: 1, error: 1 } })
    .toArray();
  await connection.close();
  return new Map(found.map((task) => [task._id, task as Seen]));
}

async function keysOf(accepted: Accepted[]): Promise<Set<string>> {
  const keys = new Set<string>();
  if (!accepted.some(({ key }) => key)) return keys;
  const region = process.env['AWS_REGION'] ?? 'us-east-1';
  const s3 = new S3Client({ endpoint: process.env['S3_ENDPOINT'], region, forcePathStyle: true });
  for (let token: string | undefined, more = true; more;) {
    const command = new ListObjectsV2Command({
      Bucket: 'offload',
      Prefix: 'chaos/',
      ContinuationToken: token,
    });
    const page = await s3.send(command);
    for (const { Key } of page.Contents ?? []) if (Key) keys.add(Key);
    token = page.NextContinuationToken;
    more = token !== undefined;
  }
  s3.destroy();
  return keys;
}

function doneTwice({ processes }: System): string[] {
  const ids = processes.flatMap(({ lines }) => lines.received.flatMap((line) => DONE.exec(line)?.[1] ?? []));
  return Object.entries(counted(ids)).flatMap(([id, count]) => (count > 1 ? [id] : []));
}

function counted<T extends string>(items: T[]): Record<T, number> {
  const counts = {} as Record<T, number>;
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}
