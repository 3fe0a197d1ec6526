import { describe, expect, test } from '@jest/globals';
import { checkBatch } from './check-batch.js';
import { Problem } from './problem.js';

const NOW = new Date('2026-01-01T00:00:00Z');
const OUTSIDE = '0190f5ee-7a3b-7cc0-8000-000000000001';
const echo = (more: object = {}) => ({ type: 'system.echo', input: { message: 'x' }, ...more });
const check = (tasks: unknown[], more: object = {}) => checkBatch({ tasks, ...more }, 'me', NOW);

function faultsOf(tasks: unknown[]) {
  try {
    check(tasks);
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-batch') return error.errors;
    throw error;
  }
  throw new Error('It was taken.');
}

describe('the tasks of a batch', () => {
  test('have real ids in the place of their names, in after, sources and references', () => {
    const { batch, tasks } = check([
      {
        ref: 'img',
        type: 'image.resize',
        input: { source: { url: 'https://example.com/a.png' }, variants: [{ width: 1 }] },
      },
      {
        ref: 'up',
        type: 's3.upload',
        input: {
          source: { task: '#img', file: 'w1.webp' },
          bucket: 'offload',
          key: { task: '#img', pointer: '/k' },
        },
      },
      echo({ after: ['#up', OUTSIDE], input: { message: { task: '#up', pointer: '/etag' } } }),
    ]);
    const [img, up, last] = tasks;
    expect(batch.tasks).toEqual([
      { id: img?._id, ref: 'img' },
      { id: up?._id, ref: 'up' },
      { id: last?._id },
    ]);
    expect(img?.waitsFor).toEqual([batch._id]);
    expect(up).toMatchObject({
      waitsFor: [batch._id, img?._id],
      input: { source: { task: img?._id, file: 'w1.webp' }, key: { task: img?._id, pointer: '/k' } },
    });
    expect(last).toMatchObject({
      waitsFor: [batch._id, up?._id, OUTSIDE],
      input: { message: { task: up?._id, pointer: '/etag' } },
    });
  });

  test('are blocked on the batch, and those that others wait for know it from the start', () => {
    const { batch, tasks } = check([echo({ ref: 'a' }), echo({ after: ['#a'] })], { tags: ['night'] });
    for (const task of tasks)
      expect(task).toMatchObject({ state: 'blocked', batch: batch._id, tags: ['night'] });
    expect(tasks.map((task) => task.effects)).toEqual([['release'], undefined]);
  });

  test('of others are told with the places that name them', () => {
    const { outside } = check([echo(), echo({ after: [OUTSIDE] }), echo({ after: [OUTSIDE] })]);
    expect([...outside]).toEqual([[OUTSIDE, ['/tasks/1', '/tasks/2']]]);
  });

  test('may wait for later ones, and a thousand of them for one and one for a thousand', () => {
    const many = Array.from({ length: 998 }, (_, i) => echo({ ref: `t${i}`, after: ['#first'] }));
    const { tasks } = check([
      echo({ after: many.map((task) => `#${(task as { ref?: string }).ref}`) }),
      ...many,
      echo({ ref: 'first' }),
    ]);
    expect(tasks[0]?.waitsFor).toHaveLength(999);
  });
});

describe('a batch is refused as a whole', () => {
  test('when its tasks wait for each other in a circle, which is named', () => {
    const circle = [
      echo({ ref: 'a', after: ['#c'] }),
      echo({ ref: 'b', after: ['#a'] }),
      echo({ ref: 'c', after: ['#b'] }),
    ];
    expect(faultsOf([echo(), ...circle])).toEqual([
      { pointer: '/tasks', detail: 'these wait for each other in a circle: #a → #c → #b → #a' },
    ]);
    expect(faultsOf([echo({ ref: 'a', after: ['#a'] })])).toMatchObject([
      { detail: expect.stringContaining('#a → #a') },
    ]);
  });

  test.each([
    ['a name that no task has', [echo({ after: ['#none'] })], '/tasks/0/after/0'],
    [
      'such a name in an input',
      [echo({ input: { message: { task: '#none', pointer: '' } } })],
      '/tasks/0/input/message/task',
    ],
    ['a name that two tasks have', [echo({ ref: 'a' }), echo({ ref: 'a' })], '/tasks/1/ref'],
    ['a name of other characters', [echo({ ref: '#a' })], '/tasks/0/ref'],
    ['a fault in an input', [echo(), echo({ input: { delayMs: -1 } })], '/tasks/1/input/delayMs'],
    ['a fault in an option', [echo(), echo({ maxAttempts: 0 })], '/tasks/1/maxAttempts'],
    ['an unknown field', [echo({ foo: 1 })], '/tasks/0/foo'],
    ['an input above 64 KiB', [echo({ input: { message: 'x'.repeat(70_000) } })], '/tasks/0/input'],
    ['no task', [], '/tasks'],
    ['more than a thousand', Array.from({ length: 1_001 }, () => echo()), '/tasks'],
    ['a task that is none', [7], '/tasks/0'],
  ])('for %s', (_why, tasks, pointer) => {
    expect(faultsOf(tasks)?.map((fault) => fault.pointer)).toContain(pointer);
  });
});
