import { isTerminal, terminalStates, type TaskState } from '@offload/contracts/task';
import { ANY_TIME } from './any-time.js';
import { applyMoves, withoutDeadlock } from './apply-moves.js';
import { COMMIT_WITHIN_MS } from './batch-record.js';
import type { Batches } from './batches.js';
import type { StoreConnection } from './connect.js';
import { createGroup } from './group.js';
import { clearEffects } from './moves.js';
import { settling, type Dependent } from './settling.js';
import type { StatsCounter } from './stats-counter.js';
import { taskModel } from './task-model.js';
import type { Effect, TaskRecord } from './task-record.js';
import type { WebhookEvents } from './webhook-events.js';

/**
 * Tasks that wait for others, or for their batch. Exactly once without a transaction: a dependent is inserted first,
 * then it registers on its parents, then their states are read. A parent that ends after the registration finds it as
 * its effect; one that had ended before is seen by the reading; a creator that dies in between is made up for by the
 * clock, which looks at old blocked tasks again (design section 5, rules 4 to 6; docs/decisions/0004).
 */
export interface Dependencies {
  /**
   * Registers blocked tasks on their parents and settles them against those that have ended already. Answers those
   * that now wait for nothing any more.
   * @param publishBy when the relay publishes the released ones; absent: at once
   */
  settleBlocked(tasks: Dependent | Dependent[], publishBy?: Date): Promise<string[]>;
  /** Carries out what those of these tasks that have ended set off: dependents, webhooks, their batch's completion. */
  carryOut(ids: string[]): Promise<void>;
  /** The clock's share: effects that nobody carried out. Answers how many tasks had some. */
  sweepEffects(limit: number): Promise<number>;
  /**
   * The clock's share: the next blocked tasks older than `age` milliseconds, looked at again; those of a batch that was
   * never committed are removed. Answers how many; after the last it begins anew.
   */
  sweepBlocked(age: number, limit: number): Promise<number>;
  /** Called for each dependent that this process has released or ended. Must not throw. */
  onSettled(listener: (task: SettledDependent, state: 'scheduled' | 'failed') => void): void;
}

/** What is known of a dependent that was just settled: enough to tell listeners. */
export type SettledDependent = Pick<TaskRecord, '_id' | 'type' | 'lane' | 'owner' | 'attempt'>;

type Parent = Pick<TaskRecord, '_id' | 'state' | 'seq' | 'batch' | 'effects'>;

/** Ids in one read or registration. */
const MOST_IDS = 5_000;
/** Dependents in one turn of a parent's end. */
const TURN = 1_000;
/** Milliseconds for all that ends of one group set off, which may be the turns of a hundred thousand dependents. */
const ENDINGS_MS = 60_000;

export function createDependencies(
  connection: StoreConnection,
  batches: Batches,
  stats: Pick<StatsCounter, 'ended'>,
  webhooks: Pick<WebhookEvents, 'tasksEnded'>,
): Dependencies {
  const { collection } = taskModel(connection.mongo);
  const now = () => connection.clock.now();
  const read = async <T>(filter: Record<string, unknown>, fields: string[], limit = 0): Promise<T[]> =>
    (await collection
      .find(filter as never)
      .project(Object.fromEntries(fields.map((field) => [field, 1])))
      .limit(limit)
      .toArray()) as T[];
  const listeners: Parameters<Dependencies['onSettled']>[0][] = [];
  let sweptTo = '';

  /** Registers on these tasks, then reads them. */
  const register = async (ids: string[]): Promise<Map<string, TaskState>> => {
    const states = new Map<string, TaskState>();
    for (let from = 0; from < ids.length; from += MOST_IDS) {
      const some = { _id: { $in: ids.slice(from, from + MOST_IDS) } };
      await withoutDeadlock(() =>
        collection.updateMany({ ...some, effects: { $ne: 'release' } } as never, {
          $addToSet: { effects: 'release' },
        }),
      );
      for (const { _id, state } of await read<Parent>(some, ['state'])) states.set(_id, state);
    }
    return states;
  };

  /** Applies what follows for these dependents. Answers those that are released and those that have failed. */
  const settle = async (
    dependents: Dependent[],
    fateOf: Parameters<typeof settling>[1],
    publishBy?: Date,
  ): Promise<{ released: string[]; failed: string[] }> => {
    const at = now();
    const { first, releases, missed, released, failed } = settling(dependents, fateOf, at, publishBy);
    if ((await applyMoves(collection, first)) < first.length) {
      await applyMoves(collection, missed.first);
      await applyMoves(collection, missed.releases);
    }
    await applyMoves(collection, releases);
    const gone = [...releases, ...missed.releases].map(({ guard }) => String(guard._id));
    await tell(failed, gone, at);
    return { released, failed };
  };

  /** Which of the moves of that moment were made, the histories say; states may have gone on since. */
  const tell = async (failed: string[], released: string[], at: Date): Promise<void> => {
    const ids = [...failed, ...released];
    if (ids.length === 0) return;
    const made = { history: { $elemMatch: { at, move: { $in: ['release', 'fail'] } } } };
    const ended = new Set(failed);
    const fields = ['type', 'lane', 'owner', 'attempt'];
    for (const task of await read<SettledDependent>({ _id: { $in: ids }, ...made }, fields)) {
      if (ended.has(task._id)) stats.ended(task, 'failed');
      for (const listener of listeners) listener(task, ended.has(task._id) ? 'failed' : 'scheduled');
    }
  };

  /** Tells their dependents of parents that have ended. Answers the dependents that failed of it. */
  const passOn = async (parents: Parent[]): Promise<string[]> => {
    const states = new Map(parents.map(({ _id, state }) => [_id, state]));
    const failed: string[] = [];
    const waiting = { waitsFor: { $in: [...states.keys()] }, state: 'blocked' };
    for (;;) {
      const dependents = await read<Dependent>(waiting, ['waitsFor', 'keepMs', 'batch'], TURN);
      if (dependents.length === 0) return failed;
      failed.push(...(await settle(dependents, (id) => states.get(id) ?? 'open')).failed);
    }
  };

  /** One generation: what these set off. Answers the tasks that have ended of it. */
  const carryOutOnce = async (ids: string[]): Promise<string[]> => {
    const ended = await read<Parent>({ _id: { $in: ids }, state: { $in: terminalStates } }, [
      'state',
      'seq',
      'batch',
      'effects',
    ]);
    const having = (effect: Effect) => ended.filter(({ effects }) => effects?.includes(effect));
    const parents = having('release');
    const failed = parents.length > 0 ? await passOn(parents) : [];
    await webhooks.tasksEnded(having('webhook').map(({ _id }) => _id));
    // Not while it runs again: the effects then wait for its next end.
    await applyMoves(
      collection,
      ended.flatMap(({ _id: id, state, seq, effects }) =>
        effects ? [clearEffects({ id, state, seq })] : [],
      ),
    );
    await batches.lookForEnd(ended.flatMap((task) => task.batch ?? []));
    return failed;
  };

  const carryOut = async (ids: string[]): Promise<void> => {
    let next = ids;
    while (next.length > 0) next = await carryOutOnce(next);
  };
  // Tasks that end while others' effects are carried out go together: a task with a thousand parents that end at
  // about the same time is written a few times, and one batch is looked at a few times.
  const endings = createGroup<string[], void>(
    async (calls) => {
      await carryOut([...new Set(calls.flat())]);
      return calls.map(() => undefined);
    },
    { most: 500, limitMs: ENDINGS_MS },
  );

  const settleBlocked = async (
    tasks: Dependent[],
    publishBy?: Date,
  ): Promise<{ released: string[]; uncommitted: Set<string> }> => {
    const own = new Set(
      tasks.flatMap(({ batch, waitsFor }) => (batch && waitsFor.includes(batch) ? [batch] : [])),
    );
    const fates = await batches.fates([...own]);
    const parents = new Set(tasks.flatMap((task) => task.waitsFor.filter((id) => id !== task.batch)));
    const states = await register([...parents].sort());
    const fateOf = (id: string, { batch }: Dependent) => {
      if (id === batch) return fates.get(id) === 'committed' ? 'succeeded' : 'open';
      const state = states.get(id);
      return state === undefined ? 'gone' : isTerminal(state) ? state : 'open';
    };
    const { released, failed } = await settle(tasks, fateOf, publishBy);
    if (failed.length > 0) await endings.add(failed);
    return { released, uncommitted: new Set([...own].filter((id) => fates.get(id) !== 'committed')) };
  };

  return {
    settleBlocked: async (tasks, publishBy) => (await settleBlocked([tasks].flat(), publishBy)).released,
    carryOut: async (ids) => (ids.length > 0 ? endings.add(ids) : undefined),
    async sweepEffects(limit) {
      // By the time of the end first: tasks that have not ended may have effects to come.
      const filter = { endedAt: ANY_TIME, effects: { $exists: true }, state: { $in: terminalStates } };
      const found = await read<{ _id: string }>(filter, ['_id'], limit);
      await carryOut(found.map((task) => task._id));
      return found.length;
    },
    async sweepBlocked(age, limit) {
      const before = (ms: number) => new Date(now().getTime() - ms);
      const old = (await collection
        .find({ state: 'blocked', createdAt: { $lt: before(age) }, _id: { $gt: sweptTo } } as never)
        .sort({ _id: 1 })
        .limit(limit)
        .project({ waitsFor: 1, keepMs: 1, batch: 1, createdAt: 1 })
        .toArray()) as unknown as (Dependent & Pick<TaskRecord, 'createdAt'>)[];
      sweptTo = old.length < limit ? '' : (old.at(-1)?._id ?? '');
      const { uncommitted } = await settleBlocked(old);
      const late = old.filter(({ createdAt }) => createdAt < before(COMMIT_WITHIN_MS));
      for (const id of uncommitted) if (late.some(({ batch }) => batch === id)) await batches.abort(id);
      return old.length;
    },
    onSettled: (listener) => void listeners.push(listener),
  };
}
