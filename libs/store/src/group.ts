import { answered } from './answered.js';

/**
 * Commits items in groups: a group is whatever arrived while the last one was in flight, so an idle system adds
 * no wait and a busy one pays one round trip for many (design section 7).
 */
export interface Group<Item, Outcome> {
  /** Resolves with the item's own outcome; rejects with the error of the whole group. */
  add(item: Item): Promise<Outcome>;
}

interface Entry<Item, Outcome> {
  item: Item;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/**
 * @param commit takes the items in the order of their arrival and answers one outcome for each, in that order
 * @param options.most items in one group
 * @param options.key items with the same key never share a group
 * @param options.limitMs milliseconds after which a group that has no outcome counts as "the database is away"
 * @param options.alone errors that are one item's own: the group is then committed again, each item by itself
 */
export function createGroup<Item, Outcome>(
  commit: (items: Item[]) => Promise<Outcome[]>,
  options: {
    most: number;
    key?: (item: Item) => string;
    limitMs?: number;
    alone?: (error: unknown) => boolean;
  },
): Group<Item, Outcome> {
  let waiting: Entry<Item, Outcome>[] = [];
  let busy = false;

  const take = (): Entry<Item, Outcome>[] => {
    const { key, most } = options;
    if (!key) return waiting.splice(0, most);
    const keys = new Set<string>();
    const taken: Entry<Item, Outcome>[] = [];
    waiting = waiting.filter((entry) => {
      const of = key(entry.item);
      if (taken.length >= most || keys.has(of)) return true;
      keys.add(of);
      taken.push(entry);
      return false;
    });
    return taken;
  };

  const settle = async (group: Entry<Item, Outcome>[]): Promise<void> => {
    try {
      const outcomes = await answered(commit(group.map((entry) => entry.item)), options.limitMs);
      group.forEach((entry, index) => entry.resolve(outcomes[index] as Outcome));
    } catch (error) {
      if (group.length > 1 && options.alone?.(error)) for (const entry of group) await settle([entry]);
      else group.forEach((entry) => entry.reject(error));
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) await settle(take());
    busy = false;
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        // After this turn of the event loop, so that what one burst of frames brought goes together.
        if (!busy) {
          busy = true;
          setImmediate(() => void run());
        }
      }),
  };
}
