import { z } from 'zod';
import { defineTask } from './define-task.js';
import { taskFailure } from './task.js';

export const refreshOutcomes = [
  'updated',
  'unchanged',
  'choose',
  'merged',
  'ended',
  'failing',
  'checked-already',
  'unused',
] as const;

/**
 * Brings a subscribed feed up to date. What is wrong with the origin is no failure of the task: it is noted at the
 * feed, which says when it is tried again (docs/feeds.md).
 */
export const feedRefresh = defineTask({
  type: 'feed.refresh',
  summary: 'Brings a subscribed feed up to date. Made by the system: subscribe with POST /v1/feeds.',
  input: z.strictObject({
    feed: z.uuid().describe('The feed, which all its subscribers share'),
    since: z.iso
      .datetime()
      .optional()
      .describe('A check of the feed that began later will do: it is not fetched again'),
    full: z.boolean().default(false).describe('Without conditions, though the origin may say 304'),
  }),
  result: z.strictObject({
    outcome: z
      .enum(refreshOutcomes)
      .describe(
        'choose: the page links to several feeds; merged: it has moved to where another feed of ours is; ended: the origin says that it is gone for good; failing: see ' +
          'error; checked-already: by another task; unused: nobody subscribes to it any more',
      ),
    added: z.int().describe('New entries'),
    changed: z.int().describe('Entries that were edited'),
    error: taskFailure.nullable(),
    nextAt: z.iso.datetime().nullable().describe('When it is fetched again; null: not until someone asks'),
  }),
  timeoutMs: 120_000,
  maxAttempts: 3,
  backoff: { baseMs: 5_000, maxMs: 300_000 },
  // As feed.fetch: it waits for its origin and does little else.
  concurrency: 600,
  internal: true,
  example: { feed: '01936f1e-7c00-7000-8000-000000000000' },
});
