import { describe, expect, test } from '@jest/globals';
import { StoreUnavailable } from '@offload/store/store-unavailable';
import { taskFiles } from './task-files.js';

const filesThat = (save: () => Promise<never>) =>
  taskFiles({ files: { save } } as never, { _id: 't', owner: 'a' }, 'token');

test('a file that the database does not take is an error of the attempt, to be tried again', async () => {
  const files = filesThat(() => Promise.reject(new StoreUnavailable('no answer')));
  await expect(files.save('r.txt', 'text/plain', Buffer.from('x'))).rejects.toMatchObject({
    code: 'file-not-stored',
    retry: 'yes',
    message: expect.stringContaining('r.txt'),
  });
});

test("what a file's body fails of is told as it is", async () => {
  const broken = new Error('the origin broke off');
  await expect(filesThat(() => Promise.reject(broken)).save('r', 'x/y', Buffer.alloc(0))).rejects.toBe(
    broken,
  );
});

describe("another task's files are listed by name", () => {
  const file = { name: 'b', type: 'x/y', size: 1, sha256: '0', id: 'i', owner: 'a' };
  const list = (parent: object | null) =>
    taskFiles(
      {
        tasks: { get: async () => parent },
        files: { taskFiles: async () => [file, { ...file, name: 'a' }] },
      } as never,
      { _id: 't', owner: 'a' },
      'token',
    ).list('parent');
  const parent = { _id: 'parent', owner: 'a', state: 'succeeded', lastToken: 'x' };

  test('without what the store alone has to know', async () => {
    const shown = { type: 'x/y', size: 1, sha256: '0' };
    expect(await list(parent)).toEqual([
      { name: 'a', ...shown },
      { name: 'b', ...shown },
    ]);
  });

  test.each([
    ['is gone', null],
    ["is another owner's", { ...parent, owner: 'b' }],
    ['has not succeeded', { ...parent, state: 'failed' }],
    ['runs again', { ...parent, state: 'running' }],
  ])('none of one that %s', async (_name, other) => {
    expect(await list(other)).toEqual([]);
  });
});
