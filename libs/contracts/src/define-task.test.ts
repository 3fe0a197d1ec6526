import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { defineTask } from './define-task.js';
import { formerQueuesOf, queueNow, queuesOf } from './queues.js';

const good = {
  type: 'shop.order',
  summary: 'Orders.',
  input: z.strictObject({ n: z.int().default(1) }),
  result: z.strictObject({}),
  timeoutMs: 60_000,
  maxAttempts: 3,
  backoff: { baseMs: 100, maxMs: 1_000 },
  concurrency: 4,
  example: {},
};
const define = (change: object) => () => defineTask({ ...good, ...change });

test('what is not said has a default', () => {
  expect(defineTask(good)).toMatchObject({
    version: 1,
    prefetch: 4,
    queue: 'shop.order',
    formerQueues: [],
  });
});

describe('a contract is refused, with its type and the reason, whose', () => {
  test.each([
    ['type is one word', { type: 'shop' }, 'lower-case words'],
    ['type has capitals', { type: 'Shop.order' }, 'lower-case words'],
    ["type would be another's bulk queue", { type: 'shop.order.bulk' }, 'no lane'],
    ['type ends in a lane', { type: 'shop.interactive' }, 'no lane'],
    ["type would be another's second queue", { type: 'shop.order.v2' }, 'vN'],
    ["type is the system's", { type: 'tasks.dead' }, "system's own"],
    ["queue is another type's", { queue: 'shop.basket' }, 'shop.order.v2'],
    ['queue is a lane', { queue: 'shop.order.bulk' }, 'shop.order.v2'],
    ['queue is version 1, which has no number', { queue: 'shop.order.v1' }, 'shop.order.v2'],
    ['former queue is no name of its own', { formerQueues: ['shop.basket'] }, 'shop.order.v2'],
    ['former queue is the present one', { formerQueues: ['shop.order'] }, 'stands once'],
    ['version is not whole', { version: 1.5 }, 'version'],
    ['version is 0', { version: 0 }, 'version'],
    ['attempt has no time', { timeoutMs: 0 }, 'timeoutMs'],
    ['backoff goes down', { backoff: { baseMs: 2, maxMs: 1 } }, 'backoff'],
    ['attempts are none', { maxAttempts: 0 }, 'maxAttempts'],
    ['concurrency is 0', { concurrency: 0 }, 'concurrency'],
    ['prefetch starves its handlers', { prefetch: 3 }, 'prefetch'],
    [
      'last prefetched message would reach consumer_timeout',
      { prefetch: 104, timeoutMs: 60_000 },
      'consumer_timeout',
    ],
    ['example is no input', { example: { m: 1 } }, 'example'],
  ])('%s', (_what, change, why) => {
    expect(define(change)).toThrow('Task type ');
    expect(define(change)).toThrow(why);
  });
});

test('the longest prefetch that stays below consumer_timeout is taken', () => {
  expect(define({ prefetch: 100, timeoutMs: 60_000 })).not.toThrow();
});

test('a renamed queue has its lanes, and so have the former ones', () => {
  const renamed = defineTask({
    ...good,
    queue: 'shop.order.v3',
    formerQueues: ['shop.order', 'shop.order.v2'],
  });
  expect(queuesOf(renamed)).toEqual(['shop.order.v3', 'shop.order.v3.bulk']);
  expect(formerQueuesOf(renamed)).toEqual([
    'shop.order',
    'shop.order.bulk',
    'shop.order.v2',
    'shop.order.v2.bulk',
  ]);
});

test('a task that was stored before goes to the present queue, one of an unknown type to its own', () => {
  const renamed = defineTask({ ...good, queue: 'shop.order.v2', formerQueues: ['shop.order'] });
  const task = { type: 'shop.order', lane: 'bulk', queue: 'shop.order.bulk' } as const;
  expect(queueNow([renamed], task)).toBe('shop.order.v2.bulk');
  expect(queueNow([], task)).toBe('shop.order.bulk');
});
