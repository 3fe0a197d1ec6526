import { describe, expect, test } from '@jest/globals';
import { createGroup } from './group.js';

/** A commit that waits to be let go. */
function gate() {
  const groups: { items: number[]; go: (error?: Error) => void }[] = [];
  const commit = (items: number[]): Promise<number[]> =>
    new Promise((resolve, reject) => {
      groups.push({
        items,
        go: (error) => (error ? reject(error) : resolve(items.map((item) => item * 10))),
      });
    });
  return { groups, commit };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a group', () => {
  test('is what arrived while the last one was in flight', async () => {
    const { groups, commit } = gate();
    const group = createGroup(commit, { most: 10 });
    const first = group.add(1);
    await turn();
    const others = [group.add(2), group.add(3)];
    await turn();
    expect(groups.map((each) => each.items)).toEqual([[1]]);
    groups[0]?.go();
    await expect(first).resolves.toBe(10);
    await turn();
    groups[1]?.go();
    await expect(Promise.all(others)).resolves.toEqual([20, 30]);
    expect(groups.map((each) => each.items)).toEqual([[1], [2, 3]]);
  });

  test('has at most so many items', async () => {
    const seen: number[][] = [];
    const group = createGroup<number, void>(
      async (items) => {
        seen.push(items);
        return items.map(() => undefined);
      },
      { most: 2 },
    );
    await Promise.all([1, 2, 3, 4, 5].map((item) => group.add(item)));
    expect(seen).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('never holds two items of one key', async () => {
    const seen: string[][] = [];
    const group = createGroup<string, void>(
      async (items) => {
        seen.push(items);
        return items.map(() => undefined);
      },
      { most: 10, key: (item) => item },
    );
    await Promise.all(['a', 'b', 'a', 'c', 'a'].map((item) => group.add(item)));
    expect(seen).toEqual([['a', 'b', 'c'], ['a'], ['a']]);
  });

  test('rejects all of it with its error, and goes on with the next', async () => {
    const { groups, commit } = gate();
    const group = createGroup(commit, { most: 10 });
    const failing = Promise.allSettled([group.add(1), group.add(2)]);
    await turn();
    groups[0]?.go(new Error('away'));
    expect((await failing).map((each) => each.status)).toEqual(['rejected', 'rejected']);
    const next = group.add(3);
    await turn();
    groups[1]?.go();
    await expect(next).resolves.toBe(30);
  });

  test("does not let one item's own error fail its neighbours", async () => {
    const group = createGroup<number, number>(
      async (items) => {
        if (items.includes(2)) throw new Error('refused');
        return items;
      },
      { most: 10, alone: (error) => (error as Error).message === 'refused' },
    );
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => group.add(item)));
    expect(outcomes.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
