import { expect, test } from '@jest/globals';
import { bodyOf, patchOf } from './schedule-body.js';

const shown = {
  id: 'x',
  type: 'system.echo',
  name: 'hello',
  cron: '* * * * *',
  timeZone: 'UTC',
  input: { message: 'hi' },
  lane: 'interactive',
  timeoutMs: null,
  maxAttempts: 3,
  tags: [],
  catchUp: 'latest',
  overlap: 'allow',
  paused: false,
  nextAt: null,
};

test('a schedule is turned into the body that would make it', () => {
  const body = bodyOf(shown);
  expect(Object.keys(body)).toEqual([
    'type',
    'name',
    'input',
    'cron',
    'timeZone',
    'lane',
    'maxAttempts',
    'catchUp',
    'overlap',
    'paused',
  ]);
});

test('only what changed is sent, an optional member that is gone as null', () => {
  const body = bodyOf(shown);
  const { maxAttempts: _, ...rest } = body;
  expect(patchOf(body, { ...rest, cron: '0 * * * *', input: { message: 'ho' } })).toEqual({
    cron: '0 * * * *',
    input: { message: 'ho' },
    maxAttempts: null,
  });
  expect(patchOf(body, body)).toEqual({});
  expect(patchOf(body, { ...body, type: 'feed.fetch' })).toEqual({});
});
