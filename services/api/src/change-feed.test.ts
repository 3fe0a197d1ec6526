import { describe, expect, test } from '@jest/globals';
import type { BatchEvent, TaskEvent } from '@offload/contracts/task';
import type { ListedTask } from '@offload/store/task-list';
import { RecordedLog } from '../../../test/support/recorded-log.js';
import { echoTask } from '../../../test/support/store-fixture.js';
import { until } from '../../../test/support/until.js';
import { createChangeFeed } from './change-feed.js';

/** A feed over a store and a broker that do as they are told. */
function withFakes() {
  const log = new RecordedLog();
  let told: { task: (event: TaskEvent) => void; batch: (event: BatchEvent) => void } | undefined;
  const listeners = new Set<() => void>();
  const state = { subscribed: true, subscriptions: 0, closed: 0, fails: 0 };
  const stored = new Map<string, ListedTask>();
  const reads: string[][] = [];
  const feed = createChangeFeed({
    subscribe(on) {
      told = on;
      state.subscriptions++;
      return [
        {
          get subscribed() {
            return state.subscribed;
          },
          onChange: (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
          close: async () => void state.closed++,
        },
      ];
    },
    read: async (ids) => {
      reads.push(ids);
      if (state.fails-- > 0) throw new Error('the database is away');
      return ids.flatMap((id) => stored.get(id) ?? []);
    },
    now: () => 1_000_000,
    log,
    beatMs: 20,
  });
  const event = (task: string, owner = 'local', at = 1_000_001): void =>
    told?.task({
      task,
      owner,
      type: 'system.echo',
      state: 'running',
      attempt: 1,
      at: new Date(at).toISOString(),
    });
  const reconnect = (): void => {
    for (const subscribed of [false, true]) {
      state.subscribed = subscribed;
      for (const listener of listeners) listener();
    }
  };
  const put = (change: Partial<ListedTask> = {}): ListedTask => {
    const task = { ...echoTask(new Date()), ...change };
    stored.set(task._id, task);
    return task;
  };
  return { feed, log, state, reads, event, reconnect, put };
}

function watcher() {
  const seen = { changed: [] as string[], missed: 0, beats: 0, ended: 0 };
  return {
    seen,
    changed: ({ _id }: ListedTask) => void seen.changed.push(_id),
    missed: () => void seen.missed++,
    beat: () => void seen.beats++,
    end: () => void seen.ended++,
  };
}

describe('changes', () => {
  test('that come together are read together, once, and told to whoever watches them', async () => {
    const { feed, reads, event, put } = withFakes();
    const [one, two, other] = [put(), put(), put({ owner: 'other' })];
    const [mine, ofOne, theirs] = [watcher(), watcher(), watcher()];
    feed.watch({ owner: 'local' }, mine);
    feed.watch({ task: one._id }, ofOne);
    feed.watch({ owner: 'other' }, theirs);
    for (const task of [one, one, two, other]) event(task._id, task.owner);
    await until('them to be told', async () => (mine.seen.changed.length === 2 ? true : undefined));
    expect(reads).toEqual([[one._id, two._id, other._id]]);
    expect(ofOne.seen.changed).toEqual([one._id]);
    expect(theirs.seen.changed).toEqual([other._id]);
    await feed.close();
  });

  test('that nobody watches are not read', async () => {
    const { feed, reads, event, put } = withFakes();
    feed.watch({ owner: 'local' }, watcher());
    const watched = put();
    event(put({ owner: 'other' })._id, 'other');
    event(watched._id);
    await until('the other to be read', async () => (reads.length > 0 ? true : undefined));
    expect(reads).toEqual([[watched._id]]);
    await feed.close();
  });

  test('are read again while the database is away', async () => {
    const { feed, log, state, event, put } = withFakes();
    state.fails = 1;
    const mine = watcher();
    feed.watch({ owner: 'local' }, mine);
    event(put()._id);
    await until('it to be told', async () => (mine.seen.changed.length === 1 ? true : undefined));
    expect(log.text).toContain('changed tasks could not be read for streams; trying again');
    await feed.close();
  });
});

describe('a watcher', () => {
  test('is told that changes may have been missed when the broker is back', async () => {
    const { feed, reconnect } = withFakes();
    const mine = watcher();
    feed.watch({ owner: 'local' }, mine);
    expect(feed.since('local', 1_000_001)).toEqual([]);
    reconnect();
    expect(mine.seen.missed).toBe(1);
    await feed.close();
  });

  test('looks for itself with each beat while the broker is away', async () => {
    const { feed, state } = withFakes();
    state.subscribed = false;
    const mine = watcher();
    feed.watch({ owner: 'local' }, mine);
    await until('it to look', async () => (mine.seen.missed > 1 && mine.seen.beats > 1 ? true : undefined));
    expect(feed.since('local', 1_000_001)).toBeNull();
    await feed.close();
  });

  test('is told nothing any more once it has left, and the first of all makes the one subscription', async () => {
    const { feed, state, event, put } = withFakes();
    expect(state.subscriptions).toBe(0);
    const [gone, mine] = [watcher(), watcher()];
    feed.watch({ owner: 'local' }, gone)();
    feed.watch({ owner: 'local' }, mine);
    event(put()._id);
    await until('it to be told', async () => (mine.seen.changed.length === 1 ? true : undefined));
    expect(gone.seen.changed).toEqual([]);
    expect(state.subscriptions).toBe(1);
    await feed.close();
    expect(mine.seen.ended).toBe(1);
    expect(state.closed).toBe(1);
    const late = watcher();
    feed.watch({ owner: 'local' }, late);
    expect(late.seen.ended).toBe(1);
  });
});

test('what changed since is known of the owner alone, and not of the time before the first watcher', async () => {
  const { feed, event } = withFakes();
  feed.watch({ owner: 'local' }, watcher());
  event('a', 'local', 1_000_500);
  event('a', 'local', 1_000_600);
  event('b', 'other', 1_000_700);
  expect(feed.since('local', 1_000_100)).toEqual(['a']);
  expect(feed.since('local', 1_004_000)).toEqual([]);
  expect(feed.since('local', 999_999)).toBeNull();
  await feed.close();
});
