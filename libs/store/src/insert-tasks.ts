import { withoutDeadlock } from './apply-moves.js';
import { type StoreConnection } from './connect.js';
import { StoreUnavailable } from './store-unavailable.js';
import { freeIdempotencyKeys } from './idempotency.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';
import { DUPLICATE_CODE } from './store-failure.js';

/** What became of a new task. */
export type Created =
  /** `before`: it was there already; a reply was lost, or another process makes the same task. */
  | { kind: 'created'; before?: true }
  /** Nothing was stored: `holder` has the same Idempotency-Key, or is the unfinished task of the same unique key. */
  | { kind: 'duplicate'; of: 'idempotency' | 'unique'; holder: TaskRecord };

/** A key whose holder ends or runs out again and again between two looks is given up after so many. */
const TRIES = 5;

type Outcome = Created | 'again';

/**
 * Inserts tasks in one write and tells for each what became of it. The unique indexes are the judge: of any number of
 * tasks with one key, one is stored. A task that is there already under its own id was stored by a call whose reply
 * was lost: it counts as created.
 * @throws the driver's error when the database is away or refuses one of them for good
 */
export async function insertTasks(
  connection: StoreConnection,
  tasks: TaskRecord[],
): Promise<(Created | StoreUnavailable)[]> {
  const outcomes = new Map<string, Outcome>(tasks.map((task) => [task._id, 'again']));
  for (let tries = 0; tries < TRIES; tries++) {
    const open = tasks.filter((task) => outcomes.get(task._id) === 'again');
    if (open.length === 0) break;
    const refused = await insertOnce(connection, open);
    for (const task of open) outcomes.set(task._id, { kind: 'created' });
    if (refused.length > 0)
      for (const [id, outcome] of await explain(connection, refused)) outcomes.set(id, outcome);
  }
  return tasks.map((task) => {
    const outcome = outcomes.get(task._id);
    return !outcome || outcome === 'again'
      ? new StoreUnavailable('Its key changed hands again and again; try again.')
      : outcome;
  });
}

/** The same for tasks that belong together: rejects when it is not known of each of them. */
export async function insertEvery(connection: StoreConnection, tasks: TaskRecord[]): Promise<Created[]> {
  return (await insertTasks(connection, tasks)).map((outcome) => {
    if (outcome instanceof StoreUnavailable) throw outcome;
    return outcome;
  });
}

/** Answers those that were not stored, since one of their unique keys was taken. */
async function insertOnce(connection: StoreConnection, tasks: TaskRecord[]): Promise<TaskRecord[]> {
  const { collection } = taskModel(connection.mongo);
  const faults = await duplicatesOf(() => collection.insertMany(tasks as never, { ordered: false }));
  return faults.flatMap(({ index }) => tasks[index] ?? []);
}

/**
 * Makes an unordered insert and answers the faults of the documents that are there already; any other fault is thrown.
 * An insert and an update of what holds a key can wait for each other at the key's index: it is tried again then.
 */
export async function duplicatesOf(insert: () => Promise<unknown>): Promise<WriteFault[]> {
  try {
    await withoutDeadlock(insert);
    return [];
  } catch (error) {
    const faults = writeErrorsOf(error);
    if (faults.length === 0 || faults.some(({ code }) => code !== DUPLICATE_CODE)) throw error;
    return faults;
  }
}

interface WriteFault {
  index: number;
  code: number;
}

/** The faults of single documents in an error of a group write. */
export function writeErrorsOf(error: unknown): WriteFault[] {
  const { writeErrors } = (error ?? {}) as { writeErrors?: unknown };
  if (writeErrors === undefined) return [];
  return [writeErrors].flat() as WriteFault[];
}

/** Says of each refused task why it was, or that it may be tried again: what was in its way is gone. */
async function explain(connection: StoreConnection, refused: TaskRecord[]): Promise<Map<string, Outcome>> {
  const own = new Set((await find(connection, { _id: { $in: idsOf(refused) } })).map(({ _id }) => _id));
  const others = refused.filter(({ _id }) => !own.has(_id));
  const byKey = await holders(connection, others, 'idempotencyKey');
  const byUnique = await holders(connection, others, 'uniqueKey');
  const now = connection.clock.now();
  const over: string[] = [];
  const outcomes = refused.map((task): [string, Outcome] => {
    if (own.has(task._id)) return [task._id, { kind: 'created', before: true }];
    const keyed = byKey.get(nameOf(task, 'idempotencyKey'));
    const isOver = keyed?.idempotencyUntil !== undefined && keyed.idempotencyUntil <= now;
    if (keyed && isOver) over.push(keyed._id);
    if (keyed && !isOver) return [task._id, { kind: 'duplicate', of: 'idempotency', holder: keyed }];
    const unfinished = byUnique.get(nameOf(task, 'uniqueKey'));
    if (unfinished && !isOver) return [task._id, { kind: 'duplicate', of: 'unique', holder: unfinished }];
    return [task._id, 'again'];
  });
  if (over.length > 0) await freeIdempotencyKeys(connection, over);
  return new Map(outcomes);
}

type Key = 'idempotencyKey' | 'uniqueKey';

/** The key with everything that it is unique within. */
const nameOf = (task: TaskRecord, key: Key): string =>
  JSON.stringify([task.owner, key === 'uniqueKey' ? task.type : null, task[key]]);

/** The tasks that hold these tasks' keys now, by the key's name. */
async function holders(
  connection: StoreConnection,
  tasks: TaskRecord[],
  key: Key,
): Promise<Map<string, TaskRecord>> {
  const scopes = new Map<string, { scope: Record<string, unknown>; keys: Set<unknown> }>();
  for (const { owner, type, [key]: value } of tasks) {
    if (value === undefined) continue;
    const scope = { owner, ...(key === 'uniqueKey' && { type }) };
    const name = JSON.stringify(scope);
    const entry = scopes.get(name) ?? { scope, keys: new Set() };
    scopes.set(name, { scope, keys: entry.keys.add(value) });
  }
  const found = new Map<string, TaskRecord>();
  for (const { scope, keys } of scopes.values()) {
    // $exists says that the partial index serves it.
    const filter = { ...scope, [key]: { $in: [...keys], $exists: true } };
    for (const holder of await find(connection, filter)) found.set(nameOf(holder, key), holder);
  }
  return found;
}

const idsOf = (tasks: TaskRecord[]): string[] => tasks.map((task) => task._id);

const find = async (connection: StoreConnection, filter: Record<string, unknown>): Promise<TaskRecord[]> =>
  (await taskModel(connection.mongo)
    .collection.find(filter as never)
    .toArray()) as unknown as TaskRecord[];
