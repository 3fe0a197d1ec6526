import { createHash } from 'node:crypto';
import type { Result } from '@offload/contracts/define-task';
import { Snooze, TaskError } from '@offload/contracts/errors';
import { feedRefresh } from '@offload/contracts/feed-refresh';
import type { FeedRecord } from '@offload/store/feed-record';
import { imageTask } from '@offload/store/feed-task';
import type { FeedChange } from '@offload/store/feeds';
import type { Store } from '@offload/store/open-store';
import type { Handler, Log } from '@offload/worker/handler';
import { fetchFeed, type FetchedFeed, type FetchFeedOptions } from './fetch-feed.js';
import { findIcon } from './refresh-icon.js';
import { storeEntries, type StoredEntries } from './refresh-entries.js';
import { nextCheck, nextTry } from './refresh-interval.js';

export interface RefreshOptions extends Pick<FetchFeedOptions, 'outbound' | 'threads' | 'deadlineMs'> {
  store: Pick<Store, 'feeds' | 'entries' | 'tasks'>;
  /** 0 to 1, for the jitter; given in tests. */
  random?: () => number;
}

type Refreshed = Result<typeof feedRefresh>;

/** The reservation outlives an attempt by this, in milliseconds. */
const SPARE_MS = 10_000;
/** How soon a task looks again whose feed another one fetches, in milliseconds. */
const BUSY_MS = 1_000;
/** Some servers answer 304 for ever: after so long a feed is asked for without conditions. */
const FULL_AFTER_MS = 8 * 24 * 3_600_000;
const WEEK_MS = 7 * 24 * 3_600_000;
/** The page of a site without an icon is looked at again after so long. */
const LOOK_FOR_ICON_MS = 30 * 24 * 3_600_000;
/** Thumbnails made of the new entries of one refresh; the others get theirs when they are read. */
const MOST_THUMBNAILS = 30;

/**
 * feed.refresh: fetches a feed unless it is as it was, stores what is new, and notes at the feed how it went and when
 * it is due again. What the origin does wrong is written there and is no failure of the task. Snoozes while another
 * task fetches the feed (`feed-busy`) or its host has no place free.
 */
export function createRefreshHandler(options: RefreshOptions): Handler<typeof feedRefresh> {
  const { feeds } = options.store;
  return async ({ feed: id, since, full }, { signal, log }) => {
    const ms = feedRefresh.timeoutMs + SPARE_MS;
    const begun = await feeds.begin(id, { ms, ...(since !== undefined && { since: new Date(since) }) });
    if (begun.kind === 'unused') return outcome('unused', {});
    if (begun.kind === 'checked') return outcome('checked-already', begun.feed);
    if (begun.kind === 'busy') {
      const soon = new Date(Math.min(begun.until.getTime(), feeds.now().getTime() + BUSY_MS));
      throw new Snooze('feed-busy', 'Another task fetches this feed; this one looks again then.', soon);
    }
    const { feed, token } = begun;
    try {
      return await new Refresh(options, feed, token, { signal, log }).run(full);
    } catch (error) {
      await feeds.release(id, token);
      throw error;
    }
  };
}

const outcome = (
  name: Refreshed['outcome'],
  { failure, nextAt }: Pick<FeedChange, 'failure' | 'nextAt'>,
  { added, changed }: Pick<StoredEntries, 'added' | 'changed'> = { added: 0, changed: 0 },
): Refreshed => ({
  outcome: name,
  added,
  changed,
  error: failure ? { code: failure.code, message: failure.message } : null,
  nextAt: nextAt?.toISOString() ?? null,
});

/** One refresh of one feed, which it has reserved. */
class Refresh {
  readonly #options: RefreshOptions;
  readonly #feed: FeedRecord;
  readonly #token: string;
  readonly #signal: AbortSignal;
  readonly #log: Log;
  readonly #now: Date;

  constructor(
    options: RefreshOptions,
    feed: FeedRecord,
    token: string,
    { signal, log }: { signal: AbortSignal; log: Log },
  ) {
    this.#options = options;
    this.#feed = feed;
    this.#token = token;
    this.#signal = signal;
    this.#log = log;
    this.#now = options.store.feeds.now();
  }

  async run(full: boolean): Promise<Refreshed> {
    let fetched: FetchedFeed;
    try {
      fetched = await this.#fetch(full);
    } catch (error) {
      if (!(error instanceof TaskError) || this.#signal.aborted) throw error;
      return this.#failed(error);
    }
    if (fetched.kind === 'found') return this.#choice(fetched);
    if (fetched.kind === 'not-modified') return this.#unchanged(fetched);
    return this.#read(fetched);
  }

  #fetch(full: boolean): Promise<FetchedFeed> {
    const { outbound, threads, deadlineMs } = this.#options;
    const { url, validators, fullAt, facts } = this.#feed;
    const conditional =
      validators && !full && fullAt && this.#now.getTime() - fullAt.getTime() < FULL_AFTER_MS;
    return fetchFeed(url, {
      outbound,
      signal: this.#signal,
      // What has been a feed and is a web page now has failed: it is not to become another feed.
      discover: facts === undefined,
      ...(threads && { threads }),
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(conditional && { validators }),
    });
  }

  async #read(fetched: FetchedFeed & { kind: 'feed' }): Promise<Refreshed> {
    const { entriesJson, result } = fetched.reading;
    const digest = createHash('sha256').update(entriesJson).digest('hex');
    const stored = digest === this.#feed.digest ? null : await this.#store(entriesJson, result.icon);
    const isUpdated = stored !== null && stored.added + stored.changed > 0;
    const { format, title, link, description, language, refreshAfterMs, skipHours } = result;
    const icon = result.icon ?? this.#feed.facts?.icon ?? null;
    const change: FeedChange = {
      facts: { format, title, link, description, language, icon },
      validators: fetched.validators ?? undefined,
      refreshAfterMs: refreshAfterMs ?? undefined,
      skipHours: skipHours.length > 0 ? skipHours : undefined,
      fullAt: this.#now,
      digest,
      found: undefined,
      ...(isUpdated && { updatedAt: this.#now }),
    };
    return this.#well(isUpdated ? 'updated' : 'unchanged', fetched, change, stored ?? undefined);
  }

  #unchanged(fetched: FetchedFeed & { kind: 'not-modified' }): Promise<Refreshed> {
    return this.#well('unchanged', fetched, {});
  }

  async #well(
    name: 'updated' | 'unchanged',
    { freshForMs, permanentUrl }: { freshForMs: number | null; permanentUrl: string },
    change: FeedChange,
    stored?: StoredEntries,
  ): Promise<Refreshed> {
    const { feeds, entries } = this.#options.store;
    const { _id: id, url } = this.#feed;
    const { refreshAfterMs, skipHours } = { ...this.#feed, ...change };
    const perWeek = await entries.publishedSince(id, new Date(this.#now.getTime() - WEEK_MS));
    const pace = { perWeek, freshForMs, refreshAfterMs: refreshAfterMs ?? null, skipHours: skipHours ?? [] };
    const nextAt = nextCheck(pace, this.#now, this.#options.random);
    const finished = await this.#finish({ ...change, state: 'active', failure: undefined, nextAt });
    if (finished && permanentUrl !== url && (await feeds.move(this.#feed, permanentUrl)) !== id)
      return outcome('merged', {}, stored);
    await this.#findIcon(change.facts ?? this.#feed.facts);
    return outcome(name, { nextAt }, stored);
  }

  /** Of a feed that names none: once, and again now and then. What goes wrong with it is nobody's failure. */
  async #findIcon(facts: FeedRecord['facts']): Promise<void> {
    const { outbound, store } = this.#options;
    const { _id: id, iconAt } = this.#feed;
    const lookedAt = iconAt && this.#now.getTime() - iconAt.getTime() < LOOK_FOR_ICON_MS;
    if (!facts?.link || facts.icon !== null || lookedAt) return;
    try {
      const icon = await findIcon(outbound, facts.link, this.#signal);
      await store.feeds.noteIcon(id, icon);
      if (icon !== null) await this.#haveMade([['icon', icon]]);
    } catch (error) {
      this.#signal.throwIfAborted();
      // Its host has no place free: the next refresh looks.
      if (error instanceof Snooze) return;
      if (!(error instanceof TaskError)) throw error;
      this.#log.debug('the page of a feed has not been read for an icon', { feed: id, code: error.code });
      await store.feeds.noteIcon(id, null);
    }
  }

  /** A web page with several feeds: its subscribers choose. */
  async #choice({ feeds: found }: FetchedFeed & { kind: 'found' }): Promise<Refreshed> {
    await this.#finish({ state: 'choose', found, failure: undefined, nextAt: undefined });
    return outcome('choose', {});
  }

  async #failed(error: TaskError): Promise<Refreshed> {
    const { failure: before } = this.#feed;
    const times = (before?.times ?? 0) + 1;
    const { code, message, retry } = error;
    const failure = { code, message, since: before?.since ?? this.#now, times };
    if (code === 'http-410') {
      await this.#finish({ state: 'ended', failure, nextAt: undefined });
      return outcome('ended', { failure });
    }
    const notBefore = retry instanceof Date ? retry : null;
    const nextAt = nextTry(times, notBefore, this.#now, this.#options.random);
    await this.#finish({ failure, nextAt });
    return outcome('failing', { failure, nextAt });
  }

  #finish(change: FeedChange): Promise<boolean> {
    return this.#options.store.feeds.finish(this.#feed._id, this.#token, { ...change, checkedAt: this.#now });
  }

  async #store(entriesJson: Uint8Array, icon: string | null): Promise<StoredEntries> {
    const when = { now: this.#now, signal: this.#signal };
    const stored = await storeEntries(this.#options.store.entries, this.#feed._id, entriesJson, when);
    const thumbnails = stored.images.slice(0, MOST_THUMBNAILS).map((url) => ['thumbnail', url] as const);
    await this.#haveMade([...thumbnails, ...(icon === null ? [] : [['icon', icon] as const])]);
    return stored;
  }

  /** The same task for the same image, whoever makes it: a second attempt makes no second one. */
  async #haveMade(images: (readonly ['thumbnail' | 'icon', string])[]): Promise<void> {
    const { tasks, feeds } = this.#options.store;
    const made = images.map(([kind, url]) => imageTask(kind, url, 'bulk', feeds.now()));
    const byId = new Map(made.flatMap((task) => (task ? [[task._id, task] as const] : [])));
    await Promise.all([...byId.values()].map((task) => tasks.create(task)));
  }
}
