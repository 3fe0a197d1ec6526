import { batch, signal } from '@preact/signals';
import { ProblemError } from '@offload/client';
import { EntryList } from './entry-list.js';
import { nameOf, type Feed } from './feed-groups.js';
import { followTask } from './follow-task.js';
import { Marks, type EntrySummary, type Marking } from './marks.js';
import { listKey, type Place, type Scope } from './place.js';
import * as readerApi from './reader-api.js';
import type { Entry } from './reader-api.js';

/** The entry that is open. */
export interface Article {
  id: string;
  entry?: Entry;
  error?: unknown;
}

export interface ReaderOptions {
  /** Tells what went wrong with something that was done already for the eye. */
  tell: (text: string) => void;
  messageOf: (error: unknown) => string;
}

/** Of more changed feeds than these, all are loaded at once. */
const FEW = 10;

/** What the reader shows, and what can be done in it. One for as long as the page is open. */
export class Reader {
  /** null until they were loaded. */
  readonly feeds = signal<ReadonlyMap<string, Feed> | null>(null);
  readonly feedsError = signal<unknown>(undefined);
  readonly list = signal<EntryList | null>(null);
  readonly article = signal<Article | null>(null);
  /** Feeds that are being fetched because someone here asked. */
  readonly refreshing = signal<ReadonlySet<string>>(new Set());
  /** The first feed is being added, where there was none. */
  readonly addingFirst = signal(false);
  readonly marks: Marks;
  #key: string | null = null;
  #scope: Scope = { kind: 'all' };

  constructor(private readonly options: ReaderOptions) {
    this.marks = new Marks({
      send: readerApi.markEntry,
      unreadChanged: (feed, by) => this.#changeUnread(feed, by),
      failed: ({ title }, marking, error) =>
        options.tell(`“${title || 'An entry'}” ${undone(marking)}: ${options.messageOf(error)}`),
    });
  }

  /** Shows what a place means: another list where it is another one, another entry where that is. */
  go(place: Place): void {
    const key = listKey(place);
    this.#scope = place.scope;
    if (key !== this.#key) {
      this.#key = key;
      this.#newList(place);
    }
    if (place.entry === null) this.article.value = null;
    else if (place.entry !== this.article.value?.id) void this.openArticle(place.entry);
  }

  /** Never rejects: what went wrong is shown. */
  async openArticle(id: string): Promise<void> {
    this.article.value = { id };
    try {
      const entry = await readerApi.loadEntry(id);
      if (this.article.value?.id !== id) return;
      this.marks.put(summaryOf(entry));
      this.article.value = { id, entry };
      void this.marks.mark(id, { read: true });
    } catch (error) {
      if (this.article.value?.id === id) this.article.value = { id, error };
    }
  }

  /** The list anew, e.g. after much was marked in it. */
  reloadList(place: Place): void {
    this.#key = listKey(place);
    this.#newList(place);
  }

  #newList(place: Place): void {
    this.list.value?.leave();
    const list = new EntryList(
      (cursor, left) => readerApi.loadEntries(place, cursor, left),
      (entry) => void this.marks.put(entry),
    );
    this.list.value = list;
    void list.more();
  }

  /** Never rejects: what went wrong is shown. */
  async loadFeeds(): Promise<void> {
    try {
      const feeds = await readerApi.loadFeeds();
      batch(() => {
        this.feeds.value = new Map(feeds.map((feed) => [feed.id, this.#withPending(feed)]));
        this.feedsError.value = undefined;
      });
    } catch (error) {
      this.feedsError.value = error;
    }
  }

  /** The feeds of these subscriptions have changed. Never rejects. */
  async feedsChanged(ids: readonly string[]): Promise<void> {
    const { kind } = this.#scope;
    const shown =
      kind === 'feed'
        ? [this.#scope.id]
        : kind === 'tag'
          ? this.inScope(this.#scope).map(({ id }) => id)
          : ids;
    if (ids.length > FEW) await this.loadFeeds();
    else await Promise.all(ids.map((id) => this.loadFeed(id)));
    if (ids.some((id) => shown.includes(id))) await this.list.value?.lookForNewer();
  }

  /** Changes may have been missed. */
  async lookAgain(): Promise<void> {
    await this.loadFeeds();
    const list = this.list.value;
    if (list?.state.value.kind === 'failed') await list.more();
    else await list?.lookForNewer();
  }

  /** Never rejects: a feed that cannot be loaded now stays as it is shown; one that is gone is taken away. */
  async loadFeed(id: string): Promise<void> {
    try {
      this.putFeed(await readerApi.loadFeed(id));
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) this.dropFeed(id);
    }
  }

  putFeed(feed: Feed): void {
    this.feeds.value = new Map(this.feeds.value).set(feed.id, this.#withPending(feed));
  }

  dropFeed(id: string): void {
    const feeds = new Map(this.feeds.value);
    feeds.delete(id);
    this.feeds.value = feeds;
  }

  inScope(scope: Scope): Feed[] {
    const all = [...(this.feeds.value?.values() ?? [])];
    if (scope.kind === 'feed') return all.filter(({ id }) => id === scope.id);
    return scope.kind === 'tag' ? all.filter(({ tags }) => tags.includes(scope.tag)) : all;
  }

  /** Everything of a place that was there when it was listed is read then. Rejects when that was not stored. */
  async markAllRead({ scope }: Place): Promise<void> {
    const before = this.list.value?.asOf || Date.now();
    const feeds = this.inScope(scope).map(({ id }) => id);
    await readerApi.markAllRead(scope, before);
    const of = new Set(feeds);
    this.marks.showRead(({ feed, seenAt }) => of.has(feed) && Date.parse(seenAt) <= before);
    // What has come since is not read.
    if (feeds.length > FEW) await this.loadFeeds();
    else await Promise.all(feeds.map((id) => this.loadFeed(id)));
  }

  /** Marks these entries, each by itself so that each can be taken back. */
  async mark(ids: readonly string[], marking: Marking): Promise<void> {
    await Promise.all(ids.map((id) => this.marks.mark(id, marking)));
  }

  /** Has a feed fetched now, and resolves when that has ended; rejects with what the API said. */
  async refresh(id: string, signal: AbortSignal): Promise<Feed | undefined> {
    this.#setRefreshing(id, true);
    try {
      const task = await readerApi.refreshFeed(id);
      for await (const { state } of followTask(task, signal)) if (state === 'cancelled') break;
      await this.loadFeed(id);
      return this.feeds.value?.get(id);
    } finally {
      this.#setRefreshing(id, false);
    }
  }

  feedName(id: string): string {
    const feed = this.feeds.value?.get(id);
    return feed ? nameOf(feed) : '';
  }

  #setRefreshing(id: string, is: boolean): void {
    const refreshing = new Set(this.refreshing.value);
    if (is) refreshing.add(id);
    else refreshing.delete(id);
    this.refreshing.value = refreshing;
  }

  #changeUnread(id: string, by: number): void {
    const feed = this.feeds.value?.get(id);
    if (feed)
      this.feeds.value = new Map(this.feeds.value).set(id, {
        ...feed,
        unread: Math.max(0, feed.unread + by),
      });
  }

  #withPending(feed: Feed): Feed {
    return { ...feed, unread: Math.max(0, feed.unread + this.marks.pendingUnread(feed.id)) };
  }
}

const undone = ({ read, starred }: Marking): string =>
  starred !== undefined
    ? `was not ${starred ? 'starred' : 'unstarred'}`
    : `was not marked as ${read ? 'read' : 'unread'}`;

/** Without what a list does not keep. */
const summaryOf = ({ html: _html, images: _images, ...summary }: Entry): EntrySummary => summary;
