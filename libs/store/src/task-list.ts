import type { TaskState } from '@offload/contracts/task';
import type { StoreConnection } from './connect.js';
import { taskModel } from './task-model.js';
import type { TaskRecord } from './task-record.js';
import { idRange, idSort, type ListPage } from './list-page.js';

/** Which tasks of an owner; all that is given has to hold. */
export interface TaskFilter {
  owner: string;
  ids?: string[];
  type?: string;
  /** One of these. */
  states?: TaskState[];
  tag?: string;
  batch?: string;
  /** The schedule that made it. */
  schedule?: string;
  /** Of the error. */
  code?: string;
  /** From then on. */
  createdAfter?: Date;
  /** Not any more then. */
  createdBefore?: Date;
  endedAfter?: Date;
  endedBefore?: Date;
}

export interface TaskPage extends ListPage {
  /** Only these fields of the records, besides `_id`; absent: all that the list has. */
  fields?: readonly string[] | undefined;
}

/** A task without what makes it large. */
export type ListedTask = Omit<TaskRecord, 'input' | 'result' | 'stack' | 'history'>;

/** What makes a task large. */
export const HEAVY = { input: 0, result: 0, stack: 0, history: 0 } as const;

/** Tasks of any owner, without input, result, stack and history. Those that are not there are left out. */
export const tasksByIds = (connection: StoreConnection, ids: string[]): Promise<ListedTask[]> =>
  taskModel(connection.mongo)
    .find({ _id: { $in: ids } })
    .select(HEAVY)
    .lean<ListedTask[]>();

/** Without input, result, stack and history. */
export const listTasks = (
  connection: StoreConnection,
  filter: TaskFilter,
  page: TaskPage,
): Promise<ListedTask[]> => find(connection, filter, page, HEAVY);

/** Dead letters: failed tasks with their input, stack and history. */
export const listDeadLetters = (
  connection: StoreConnection,
  filter: TaskFilter,
  page: TaskPage,
): Promise<TaskRecord[]> => find(connection, { ...filter, states: ['failed'] }, page, { result: 0 });

async function find(
  connection: StoreConnection,
  filter: TaskFilter,
  { fields, ...page }: TaskPage,
  without: Record<string, 0>,
): Promise<TaskRecord[]> {
  return taskModel(connection.mongo)
    .find({ ...matching(filter), _id: { ...(filter.ids && { $in: filter.ids }), ...idRange(page) } } as never)
    .sort({ _id: idSort(page) })
    .limit(page.limit)
    .select(fields ? [...fields] : without)
    .lean();
}

/** The conditions but for `ids`. Fields that are not asked for are left out, so that an index of the others serves. */
function matching(filter: TaskFilter): Record<string, unknown> {
  const {
    owner,
    type,
    states,
    tag,
    batch,
    schedule,
    code,
    createdAfter,
    createdBefore,
    endedAfter,
    endedBefore,
  } = filter;
  const [only, ...others] = states ?? [];
  return {
    owner,
    ...(type !== undefined && { type }),
    ...(states && { state: others.length === 0 && only ? only : { $in: states } }),
    ...(tag !== undefined && { tags: tag }),
    ...(batch !== undefined && { batch }),
    // $exists says that the partial index serves it.
    ...(schedule !== undefined && { 'schedule.id': { $eq: schedule, $exists: true } }),
    ...(code !== undefined && { 'error.code': code }),
    ...between('createdAt', createdAfter, createdBefore),
    ...between('endedAt', endedAfter, endedBefore),
  };
}

const between = (field: string, from?: Date, until?: Date): Record<string, unknown> =>
  from || until ? { [field]: { ...(from && { $gte: from }), ...(until && { $lt: until }) } } : {};
