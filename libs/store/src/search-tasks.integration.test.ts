import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { echoTask, storeFixture, type StoreFixture } from '../../../test/support/store-fixture.js';
import { newId } from './new-task.js';
import { searchTasks } from './search-tasks.js';
import type { TaskRecord } from './task-record.js';

let fixture: StoreFixture;
const tasks: TaskRecord[] = [];
beforeAll(async () => {
  fixture = await storeFixture('search');
  const changes: Partial<TaskRecord>[] = [
    { tags: ['Import-7', 'shop'] },
    { type: 'feed.fetch', state: 'failed', error: { code: 'timeout', message: 'The origin did not answer' } },
    { tags: ['import-8'], state: 'failed', error: { code: 'http-status', message: 'The origin said 500' } },
    { owner: 'other', tags: ['import-7'] },
  ];
  for (const change of changes) tasks.push(await fixture.insert(change));
});
afterAll(() => fixture.remove());

const search = async (text: string, page: Partial<Parameters<typeof searchTasks>[2]> = {}, filter = {}) => {
  const { connection } = fixture.store;
  const { found } = await searchTasks(
    connection,
    { owner: 'local', ...filter },
    { limit: 50, ...page },
    text,
  );
  return found.map(({ _id }) => tasks.findIndex((task) => task._id === _id));
};

describe('a search', () => {
  test.each([
    ['import', [2, 0]],
    ['IMPORT-7', [0]],
    ['shop import', [0]],
    ['import timeout', []],
    ['origin', [2, 1]],
    ['feed.fetch TIMEOUT', [1]],
    ['said 500', [2]],
    ['.*', []],
  ])('for %s finds what has all words, newest first, of the owner alone', async (text, expected) => {
    expect(await search(text)).toEqual(expected);
  });

  test('goes the other way, and keeps to the other conditions', async () => {
    expect(await search('origin', { order: 'asc' })).toEqual([1, 2]);
    expect(await search('import', {}, { states: ['failed'] })).toEqual([2]);
  });

  test('finds a task by its id or the beginning of it', async () => {
    const id = tasks[1]?._id ?? '';
    expect(await search(id)).toEqual([1]);
    expect(await search(id.toUpperCase(), { order: 'asc' })).toEqual([1]);
    expect(await search(id.slice(0, 30))).toContain(1);
    expect(await search(newId())).toEqual([]);
  });

  test('reads only the fields that are asked for', async () => {
    const { found } = await searchTasks(
      fixture.store.connection,
      { owner: 'local' },
      { limit: 5, fields: ['state'] },
      'timeout',
    );
    expect(found).toEqual([{ _id: tasks[1]?._id, state: 'failed' }]);
  });
});

test('looks at a bounded number of tasks, and says from where the next page goes on', async () => {
  const { connection } = fixture.store;
  const now = fixture.store.tasks.now();
  const many = Array.from({ length: 6_000 }, () => ({ ...echoTask(now), owner: 'many' }));
  many[0] = { ...echoTask(now), owner: 'many', tags: ['needle'] };
  many.sort((a, b) => (a._id < b._id ? -1 : 1));
  await connection.mongo.collection('tasks').insertMany(many as never);
  const needle = many.find(({ tags }) => tags)?._id;
  const first = await searchTasks(connection, { owner: 'many' }, { limit: 2 }, 'needle');
  const expected = many.findIndex(({ _id }) => _id === needle) >= 1_000 ? [needle] : [];
  expect(first.found.map(({ _id }) => _id)).toEqual(expected);
  expect(first.resume).toBe(many[1_000]?._id);
  const page = { limit: 2, from: first.resume ?? '' };
  const second = await searchTasks(connection, { owner: 'many' }, page, 'needle');
  expect([...first.found, ...second.found].map(({ _id }) => _id)).toEqual([needle]);
  expect(second.resume).toBeUndefined();
});
