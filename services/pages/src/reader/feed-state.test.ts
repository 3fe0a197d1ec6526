import { expect, test } from '@jest/globals';
import type { Feed } from './feed-groups.js';
import { needsCare, stateOf } from './feed-state.js';

const AT = '2026-11-24T12:00:00.000Z';
const feed = (state: Feed['state'], times?: number): Feed =>
  ({
    state,
    nextAt: AT,
    failure: times === undefined ? null : { code: 'x', message: 'No connection.', since: AT, times },
  }) as Feed;

test.each([
  [feed('active'), 'well', ''],
  [feed('new'), 'waiting', 'It waits for its first fetch.'],
  [feed('new', 1), 'failing', 'It could not be fetched, once.'],
  [feed('active', 12), 'failing', 'It could not be fetched, 12 times in a row.'],
  [feed('choose'), 'choose', 'This page has several feeds. Choose which to read.'],
  [feed('ended', 2), 'ended', expect.stringContaining('gone for good')],
])('%j is %s', (given, kind, says) => {
  expect(stateOf(given)).toMatchObject({ kind, says });
  expect(needsCare(given)).toBe(!['well', 'waiting'].includes(kind));
});

test('a failure says why, since when, and when it is tried again', () =>
  expect(stateOf(feed('active', 2))).toMatchObject({ reason: 'No connection.', since: AT, again: AT }));
