import { expect, test } from '@jest/globals';
import type { TaskSummary } from '../data/client.js';
import { addressOf, filterOf, merge } from './task-filter.js';

const task = (id: string, more: Partial<TaskSummary> = {}): TaskSummary =>
  ({
    id,
    type: 'system.echo',
    state: 'queued',
    tags: [],
    batch: null,
    schedule: null,
    ...more,
  }) as TaskSummary;

const any = filterOf({});

test('a filter goes into the address and comes back', () => {
  const filter = filterOf({ state: 'failed', tag: 'a b', cursor: 'x', other: 'y' });
  expect(addressOf(filter)).toBe('/tasks?state=failed&tag=a+b');
  expect(filterOf(Object.fromEntries(new URLSearchParams('state=failed&tag=a+b')))).toEqual(filter);
  expect(addressOf(any)).toBe('/tasks');
  expect(addressOf(any, 'abc')).toBe('/tasks?cursor=abc');
});

test('a row that has changed stays where it is, also when it no longer fits the filter', () => {
  const rows = [task('3'), task('2'), task('1')];
  const merged = merge(rows, [task('2', { state: 'succeeded' })], filterOf({ state: 'queued' }));
  expect(merged.rows.map(({ id, state }) => [id, state])).toEqual([
    ['3', 'queued'],
    ['2', 'succeeded'],
    ['1', 'queued'],
  ]);
  expect(merged.fresh).toEqual([]);
});

test('new tasks are told apart, if they fit and are newer than the first row', () => {
  const changed = [task('4'), task('0'), task('5', { type: 'feed.fetch' }), task('6', { tags: ['t'] })];
  expect(merge([task('3')], changed, any).fresh.map(({ id }) => id)).toEqual(['4', '5', '6']);
  expect(merge([task('3')], changed, filterOf({ type: 'feed.fetch' })).fresh.map(({ id }) => id)).toEqual([
    '5',
  ]);
  expect(merge([], changed, filterOf({ tag: 't' })).fresh.map(({ id }) => id)).toEqual(['6']);
});
