import { describe, expect, test } from '@jest/globals';
import type { TaskRecord } from '@offload/store/task-record';
import { resolveReferences } from './resolve-references.js';

const PARENT = '0190f5ee-7a3b-7cc0-8000-000000000001';
const result = { variants: [{ file: 'a.webp' }], etag: '"e"' };

const resolve = (input: unknown, parent: Partial<TaskRecord> | null = {}) => {
  const stored = parent && { _id: PARENT, owner: 'me', state: 'succeeded', result, ...parent };
  return resolveReferences({ get: async () => stored as TaskRecord | null }, { input, owner: 'me' });
};
const at = (pointer: string) => ({ task: PARENT, pointer });

describe('a reference to a part of a result', () => {
  test('is replaced by it, at any depth', async () => {
    const input = { message: at('/etag'), more: [{ name: at('/variants/0/file') }, { all: at('') }] };
    expect(await resolve(input)).toEqual({ message: '"e"', more: [{ name: 'a.webp' }, { all: result }] });
  });

  test.each([
    ['nothing is at the pointer', at('/variants/1/file'), {}, 'nothing at /variants/1/file'],
    ['the task is gone', at('/etag'), null, 'There is no result'],
    ['the task has not succeeded', at('/etag'), { state: 'running' as const }, 'There is no result'],
    ["the task is another owner's (P8)", at('/etag'), { owner: 'other' }, 'There is no result'],
  ])('fails for good when %s', async (_why, input, parent, message) => {
    await expect(resolve({ input }, parent)).rejects.toMatchObject({
      code: 'reference-invalid',
      retry: 'no',
      message: expect.stringContaining(message),
    });
  });

  test('is not what a source is: a file of a task stays as it stands', async () => {
    const input = { source: { task: PARENT, file: 'a.webp' } };
    expect(await resolve(input, null)).toBe(input);
  });
});
