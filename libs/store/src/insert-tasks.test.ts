import { expect, test } from '@jest/globals';
import { echoTask } from '../../../test/support/store-fixture.js';
import { type StoreConnection } from './connect.js';
import { StoreUnavailable } from './store-unavailable.js';
import { insertTasks } from './insert-tasks.js';
import type { TaskRecord } from './task-record.js';

/** A database whose inserts fail as told, and that finds nothing that could be the reason. */
function failingWith(error: (tasks: TaskRecord[]) => unknown) {
  const inserts: string[][] = [];
  const collection = {
    insertMany: async (tasks: TaskRecord[]) => {
      inserts.push(tasks.map(({ _id }) => _id));
      throw error(tasks);
    },
    find: () => ({ toArray: async () => [] }),
  };
  const connection = { mongo: { model: () => ({ collection }) }, clock: { now: () => new Date() } };
  return { connection: connection as unknown as StoreConnection, inserts };
}

const bulkError = (writeErrors: unknown) => Object.assign(new Error('write errors'), { writeErrors });
const tasks = () => [echoTask(new Date()), echoTask(new Date())];

test('a key whose holder is gone whenever it is looked for is given up after five tries; its neighbour is stored', async () => {
  const [one, other] = tasks() as [TaskRecord, TaskRecord];
  const { connection, inserts } = failingWith((given) =>
    bulkError([{ index: given.findIndex(({ _id }) => _id === one._id), code: 11_000 }]),
  );
  const [first, second] = await insertTasks(connection, [one, other]);
  expect(first).toBeInstanceOf(StoreUnavailable);
  expect(second).toEqual({ kind: 'created' });
  expect(inserts).toEqual([[one._id, other._id], ...Array.from({ length: 4 }, () => [one._id])]);
});

test.each([
  ['the database being away', new Error('away')],
  ['another fault of one document', bulkError([{ index: 0, code: 2 }])],
  [
    'a duplicate beside another fault',
    bulkError([
      { index: 0, code: 11_000 },
      { index: 1, code: 10_334 },
    ]),
  ],
])('%s is thrown as it is', async (_what, error) => {
  const { connection, inserts } = failingWith(() => error);
  await expect(insertTasks(connection, tasks())).rejects.toBe(error);
  expect(inserts).toHaveLength(1);
});
