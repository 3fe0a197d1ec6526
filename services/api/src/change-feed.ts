import type { HintSubscription } from '@offload/broker/broadcast';
import type { BatchEvent, TaskEvent } from '@offload/contracts/task';
import type { Log } from '@offload/runtime/logger';
import type { ListedTask } from '@offload/store/task-list';
import { createRecentChanges } from './recent-changes.js';
import { gatherRefreshed, type RefreshedSubscription } from './refreshed-feeds.js';

/** One who is told of changes. Its methods must not throw. */
export interface Watcher {
  /** A task as it is now. */
  changed(task: ListedTask): void;
  /** A feed has changed to which the owner subscribes: the id of his subscription. */
  refreshed?(subscription: string): void;
  /** Changes may have been missed: look at everything again. */
  missed(): void;
  /** The connection is to be seen to live. */
  beat(): void;
  /** The process stops, or the task is gone. */
  end(): void;
}

/** What a watcher is told of: one task, all of an owner's, or those and a batch's completion. */
export type Topic = { task: string } | { owner: string; batch?: string };

/**
 * Changes of tasks, for any number of watchers: events say which, one read for all brings them. Costs the broker and
 * the database nothing while nobody watches.
 */
export interface ChangeFeed {
  watch(topic: Topic, watcher: Watcher): () => void;
  /** Has tasks read (again) and told to whoever watches them. */
  look(tasks: string[]): void;
  /** The owner's tasks that changed since then; null when nobody knows any more. */
  since(owner: string, at: number): string[] | null;
  readonly watchers: number;
  /** Ends every watcher. */
  close(): Promise<void>;
}

export interface ChangeFeedOptions {
  /** Subscribes to all events of tasks and batches. */
  subscribe(on: { task: (event: TaskEvent) => void; batch: (event: BatchEvent) => void }): HintSubscription[];
  read(ids: string[]): Promise<ListedTask[]>;
  /** Subscriptions of these owners to the feeds that these tasks have changed; without it nobody is told of feeds. */
  readRefreshed?(tasks: string[], owners: string[]): Promise<RefreshedSubscription[]>;
  /** Milliseconds of the database's clock. */
  now(): number;
  log: Log;
  /** Milliseconds; given in tests. */
  beatMs?: number;
}

/** Changes that come within so many milliseconds are read together. */
const GATHER_MS = 20;
const MOST_AT_ONCE = 500;
const AGAIN_MS = 1_000;
/** Shorter than the usual minute after which proxies cut a silent connection. */
const BEAT_MS = 15_000;
/** So long changes are remembered after the last watcher has gone, for one who comes back. */
const LINGER_MS = 10 * 60_000;

export function createChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  const { log } = options;
  const topics = new Map<string, Set<Watcher>>();
  const all = new Set<Watcher>();
  const recent = createRecentChanges(options.now());
  let dirty = new Set<string>();
  let reading = false;
  let subscriptions: HintSubscription[] = [];
  let linger: NodeJS.Timeout | undefined;
  let closed = false;

  const watchersOf = (key: string): ReadonlySet<Watcher> => topics.get(key) ?? new Set();
  const subscribed = (): boolean =>
    subscriptions.length > 0 && subscriptions.every((each) => each.subscribed);

  function look(tasks: Iterable<string>): void {
    for (const task of tasks) dirty.add(task);
    if (reading || dirty.size === 0) return;
    reading = true;
    setTimeout(() => void readDirty(), GATHER_MS);
  }

  async function readDirty(): Promise<void> {
    const ids = [...dirty];
    const now = ids.slice(0, MOST_AT_ONCE);
    dirty = new Set(ids.slice(MOST_AT_ONCE));
    let wait = GATHER_MS;
    try {
      const found = await options.read(now);
      for (const task of found) tell(task);
      const there = new Set(found.map(({ _id }) => _id));
      for (const id of now) if (!there.has(id)) for (const watcher of watchersOf(`task ${id}`)) watcher.end();
    } catch (error) {
      log.warn('changed tasks could not be read for streams; trying again', { tasks: now.length, error });
      for (const id of now) dirty.add(id);
      wait = AGAIN_MS;
    }
    reading = dirty.size > 0 && !closed;
    if (reading) setTimeout(() => void readDirty(), wait);
  }

  function tell(task: ListedTask): void {
    for (const key of [`task ${task._id}`, OWNER + task.owner])
      for (const watcher of watchersOf(key)) watcher.changed(task);
  }

  const refreshed = gatherRefreshed({
    owners: () =>
      [...topics.keys()].flatMap((key) => (key.startsWith(OWNER) ? [key.slice(OWNER.length)] : [])),
    read: async (tasks, owners) => options.readRefreshed?.(tasks, owners) ?? [],
    tell({ owner, _id }) {
      for (const watcher of watchersOf(OWNER + owner)) watcher.refreshed?.(_id);
    },
    log,
  });

  function onTask(event: TaskEvent): void {
    const { task, owner, at } = event;
    recent.add({ task, owner, at: Date.parse(at) });
    refreshed.onTask(event);
    if (topics.has(`task ${task}`) || topics.has(OWNER + owner)) look([task]);
  }

  function onBatch({ batch }: BatchEvent): void {
    for (const watcher of watchersOf(`batch ${batch}`)) watcher.missed();
  }

  function begin(): void {
    clearTimeout(linger);
    if (subscriptions.length > 0) return;
    recent.restart(options.now());
    subscriptions = options.subscribe({ task: onTask, batch: onBatch });
    for (const each of subscriptions)
      each.onChange(() => {
        recent.restart(options.now());
        // What came while it was not there is not known; when it is back, all is looked at.
        if (subscribed()) for (const watcher of all) watcher.missed();
      });
  }

  async function stop(): Promise<void> {
    const ending = subscriptions;
    subscriptions = [];
    for (const each of ending) await each.close();
  }

  const beats = setInterval(() => {
    for (const watcher of all) watcher.beat();
    if (!subscribed()) for (const watcher of all) watcher.missed();
  }, options.beatMs ?? BEAT_MS);
  beats.unref();

  return {
    look,
    since: (owner, at) => (subscribed() ? recent.since(owner, at) : null),
    get watchers() {
      return all.size;
    },
    watch(topic, watcher) {
      if (closed) {
        watcher.end();
        return () => undefined;
      }
      begin();
      const keys = keysOf(topic);
      for (const key of keys) topics.set(key, (topics.get(key) ?? new Set()).add(watcher));
      all.add(watcher);
      return () => {
        all.delete(watcher);
        for (const key of keys) {
          const set = topics.get(key);
          set?.delete(watcher);
          if (set?.size === 0) topics.delete(key);
        }
        if (all.size > 0 || closed) return;
        linger = setTimeout(() => {
          stop().catch((error: unknown) => log.warn('the events were not left', { error }));
        }, LINGER_MS);
        linger.unref();
      };
    },
    async close() {
      closed = true;
      clearInterval(beats);
      clearTimeout(linger);
      refreshed.close();
      for (const watcher of [...all]) watcher.end();
      await stop();
    },
  };
}

/** Of the topic of all that is an owner's. */
const OWNER = 'owner ';

const keysOf = (topic: Topic): string[] => {
  if ('task' in topic) return [`task ${topic.task}`];
  return [OWNER + topic.owner, ...(topic.batch === undefined ? [] : [`batch ${topic.batch}`])];
};
