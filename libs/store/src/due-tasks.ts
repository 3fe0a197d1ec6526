import { randomUUID } from 'node:crypto';
import { lanes } from '@offload/contracts/task';
import { applyMoves } from './apply-moves.js';
import type { StoreConnection } from './connect.js';
import * as moves from './moves.js';
import { taskModel } from './task-model.js';
import { FIRST_HOLD_MS, type TaskRecord } from './task-record.js';

/** Where a stored task is to be published now; see libs/contracts/src/queues.ts. */
export type QueueOf = (task: Pick<TaskRecord, 'type' | 'lane' | 'queue'>) => string;

/**
 * The relay's take: tasks whose time has come, the interactive lane first, held against other clocks while they are
 * published.
 * @returns at most `limit` tasks as they are now, each taken by this call
 */
export async function takeDueTasks(
  connection: StoreConnection,
  limit: number,
  queueOf: QueueOf = ({ queue }) => queue,
): Promise<TaskRecord[]> {
  const { collection } = taskModel(connection.mongo);
  const now = connection.clock.now();
  const due: Due[] = [];
  // Lane by lane: a retry of somebody's task does not wait for the publication of a bulk backlog.
  for (const lane of lanes) {
    if (due.length === limit) break;
    const found = collection
      .find({ state: 'scheduled', lane, dueAt: { $lte: now } } as never)
      .sort({ dueAt: 1 })
      .limit(limit - due.length)
      .project({ seq: 1, holdMs: 1, type: 1, lane: 1, queue: 1 });
    due.push(...((await found.toArray()) as unknown as Due[]));
  }
  if (due.length === 0) return [];
  const relay = randomUUID();
  await applyMoves(
    collection,
    due.map((task) => moves.relayTake({ ...takeOf(task, queueOf(task)), relay, now })),
  );
  const taken = await collection
    .find({ _id: { $in: due.map((task) => task._id) }, state: 'scheduled', relay } as never)
    .toArray();
  return taken as unknown as TaskRecord[];
}

type Due = Pick<TaskRecord, '_id' | 'seq' | 'holdMs' | 'type' | 'lane' | 'queue'>;

const takeOf = ({ _id, seq, holdMs, queue }: Due, now: string) => ({
  id: _id,
  seq,
  holdMs,
  ...(now !== queue && { queue: now }),
});

/**
 * Gives back what the broker has not taken: each is due again at some moment of the next `windowMs` milliseconds, so
 * that they do not come all at once, and its hold is the first again.
 */
export async function releaseTaken(
  connection: StoreConnection,
  taken: TaskRecord[],
  windowMs: number,
  random: () => number = Math.random,
): Promise<void> {
  const now = connection.clock.now().getTime();
  await applyMoves(
    taskModel(connection.mongo).collection,
    taken.flatMap(({ _id, seq, relay }) => {
      // In steps of a sixteenth: what is due at one moment is one update.
      const step = Math.ceil(random() * STEPS) / STEPS;
      const dueAt = new Date(now + Math.round(step * windowMs));
      return relay === undefined
        ? []
        : [moves.relayRelease({ id: _id, seq, relay, holdMs: FIRST_HOLD_MS, dueAt })];
    }),
  );
}

const STEPS = 16;
