import { z } from 'zod';
import { LIMITS } from '@offload/contracts/task';
import { batchCallback, taskEvents, type Callback } from '@offload/contracts/webhook-event';
import type { BatchRecord } from '@offload/store/batch-record';
import { newId, newTask } from '@offload/store/new-task';
import type { TaskRecord } from '@offload/store/task-record';
import { inspectTask, type CheckedTask } from './check-task.js';
import { faultsOf, invalid, pointerOf } from './faults.js';
import { circleOf, replaceLocal, type LocalNames } from './local-references.js';
import type { Fault, Problem } from './problem.js';
import { LIMITS_OF_OPTIONS, tag } from './task-options.js';

export const BATCH_LIMITS = { tasks: 1_000, bytes: 8 * 1024 * 1024 } as const;

/** What a task of a batch is called by the others of it; they name it with a `#` in front. */
export const ref = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'takes 1 to 64 letters, digits, dots, underscores and dashes')
  .describe('Its name for the others of the batch, which write `#name` where a task’s id could stand');

const envelope = z.strictObject({
  tasks: z
    .array(z.looseObject({ ref: ref.optional() }))
    .min(1)
    .max(BATCH_LIMITS.tasks),
  tags: z.array(tag).max(LIMITS_OF_OPTIONS.tags).optional(),
  callback: batchCallback.optional(),
});

export interface CheckedBatch {
  batch: BatchRecord;
  /** Blocked on the batch and on their parents, in the order of the request. */
  tasks: TaskRecord[];
  /** Ids of tasks outside of the batch that its tasks wait for, each with the places that name it. */
  outside: Map<string, string[]>;
}

/**
 * Checks the body of POST /v1/batches and makes its tasks, ids and all. Pure but for the ids. Throws a Problem
 * `invalid-batch` with every fault.
 * @param now the database's time
 */
export function checkBatch(body: unknown, owner: string, now: Date): CheckedBatch {
  const outer = envelope.safeParse(body);
  if (!outer.success) throw invalidBatch(faultsOf(outer.error, body));
  const { tasks: given, tags = [], callback } = outer.data;
  const ids = given.map(() => newId());
  const faults: Fault[] = [];
  const names = namesOf(given, ids, faults);
  const resolved = given.map(({ ref: _ref, ...task }, i) => replaceLocal(task, names, ['tasks', i], faults));
  const checked = resolved.map((task, i) => inspect(task, now, ['tasks', i], faults));
  if (faults.length > 0) throw invalidBatch(faults);

  const id = newId();
  const tasks = (checked as CheckedTask[]).map(({ contract, input, options }, i) =>
    newTask(contract, input, {
      ...options,
      owner,
      now,
      id: ids[i],
      after: [id, ...(options.after ?? [])],
      extra: {
        ...ofTasks(callback),
        ...options.extra,
        ...tagged([...tags, ...(options.extra.tags ?? [])]),
        batch: id,
      },
    }),
  );
  const own = new Map(tasks.map((task) => [task._id, task]));
  const circle = circleOf(
    tasks,
    given.map((task, i) => (task.ref === undefined ? `/tasks/${i}` : `#${task.ref}`)),
  );
  if (circle)
    throw invalidBatch([{ pointer: '/tasks', detail: `these wait for each other in a circle: ${circle}` }]);
  // What somebody waits for is known from the start, so that nobody has to register later.
  for (const parent of new Set(tasks.flatMap((task) => task.waitsFor))) {
    const task = own.get(parent);
    if (task) task.effects = [...(task.effects ?? []), 'release'];
  }
  const batch: BatchRecord = {
    _id: id,
    owner,
    tasks: given.map((task, i) => ({ id: ids[i] ?? '', ...(task.ref !== undefined && { ref: task.ref }) })),
    ...tagged(tags),
    ...ofBatch(callback),
    createdAt: now,
    completedAt: null,
  };
  return { batch, tasks, outside: outsideOf(tasks, (parent) => parent === id || own.has(parent)) };
}

/** What of a batch's callback is about each task that has none of its own. */
function ofTasks(callback: Callback | undefined): { callback?: Callback } {
  const events = taskEvents.filter((event) => callback?.events.includes(event));
  return callback && events.length > 0 ? { callback: { ...callback, events } } : {};
}

const ofBatch = (callback: Callback | undefined): Pick<BatchRecord, 'callback' | 'effects'> =>
  callback
    ? { callback, ...(callback.events.includes('batch.completed') && { effects: ['webhook' as const] }) }
    : {};

const tagged = (tags: string[]) => (tags.length > 0 ? { tags: [...new Set(tags)] } : {});

function namesOf(given: { ref?: string | undefined }[], ids: string[], faults: Fault[]): LocalNames {
  const names: LocalNames = new Map();
  given.forEach(({ ref: name }, i) => {
    if (name === undefined) return;
    if (names.has(name))
      faults.push({
        pointer: pointerOf(['tasks', i, 'ref']),
        detail: 'another task of the batch has this name',
      });
    names.set(name, ids[i] ?? '');
  });
  return names;
}

function inspect(task: unknown, now: Date, base: PropertyKey[], faults: Fault[]): CheckedTask | undefined {
  const bytes = Buffer.byteLength(JSON.stringify((task as { input?: unknown }).input ?? null));
  if (bytes > LIMITS.input)
    faults.push({
      pointer: pointerOf([...base, 'input']),
      detail: `has ${bytes} bytes; ${LIMITS.input} are taken`,
    });
  const { checked, faults: found } = inspectTask(task, now, base);
  faults.push(...found);
  return checked;
}

/** Where each task outside of the batch is named, as far as it has to be there. */
function outsideOf(tasks: TaskRecord[], isInside: (id: string) => boolean): Map<string, string[]> {
  const outside = new Map<string, string[]>();
  tasks.forEach((task, i) => {
    for (const parent of task.waitsFor) {
      if (isInside(parent)) continue;
      const named = outside.get(parent);
      if (named) named.push(pointerOf(['tasks', i]));
      else outside.set(parent, [pointerOf(['tasks', i])]);
    }
  });
  return outside;
}

export const invalidBatch = (errors: Fault[]): Problem => invalid('invalid-batch', errors);
