import { signal, type Signal } from '@preact/signals';
import type { Schemas } from '@offload/client';

export type EntrySummary = Schemas['FeedEntrySummary'];
export type Marking = { read?: boolean; starred?: boolean };
type Mark = Required<Marking>;

export interface MarksOptions {
  /** Has the API store it; rejects when it did not. */
  send: (entry: string, marking: Marking) => Promise<unknown>;
  /** So many more entries of the feed are unread now, or fewer. */
  unreadChanged: (feed: string, by: number) => void;
  /** It was not stored, and is shown as it was. */
  failed: (entry: EntrySummary, marking: Marking, error: unknown) => void;
}

/** What is on its way of one entry: as stored, as last known, and as wanted. */
interface Pending {
  stored: Mark;
  wanted: Mark;
}

/**
 * Entries as they are shown. A mark is shown at once and stored after it; one request per entry is under way at a
 * time, and the last wish is what is stored. What the API refuses is taken back.
 */
export class Marks {
  readonly #entries = new Map<string, Signal<EntrySummary>>();
  readonly #pending = new Map<string, Pending>();

  constructor(private readonly options: MarksOptions) {}

  /** What the API says of an entry. A mark that is on its way outlasts it. */
  put(entry: EntrySummary): Signal<EntrySummary> {
    const pending = this.#pending.get(entry.id);
    const shown = pending ? { ...entry, ...pending.wanted } : entry;
    const known = this.#entries.get(entry.id);
    if (known) known.value = shown;
    else this.#entries.set(entry.id, signal(shown));
    return known ?? this.#entries.get(entry.id)!;
  }

  get(id: string): Signal<EntrySummary> | undefined {
    return this.#entries.get(id);
  }

  /** Resolves when nothing of this entry is under way any more; never rejects. */
  async mark(id: string, marking: Marking): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const { read, starred } = entry.value;
    const wanted = { read, starred, ...marking };
    if (wanted.read === read && wanted.starred === starred) return;
    this.#show(entry, wanted);
    const pending = this.#pending.get(id);
    if (pending) {
      pending.wanted = wanted;
      return;
    }
    const begun: Pending = { stored: { read, starred }, wanted };
    this.#pending.set(id, begun);
    await this.#store(entry, begun);
    this.#pending.delete(id);
  }

  /** Shown as read without being sent: something else has had it stored. */
  showRead(match: (entry: EntrySummary) => boolean): void {
    for (const entry of this.#entries.values())
      if (!entry.value.read && match(entry.value)) entry.value = { ...entry.value, read: true };
  }

  /** Marks of the feed that are shown and not stored, as a difference of its unread count. */
  pendingUnread(feed: string): number {
    let by = 0;
    for (const [id, { stored, wanted }] of this.#pending)
      if (this.#entries.get(id)?.value.feed === feed && stored.read !== wanted.read)
        by += wanted.read ? -1 : 1;
    return by;
  }

  async #store(entry: Signal<EntrySummary>, pending: Pending): Promise<void> {
    const { id } = entry.value;
    for (;;) {
      const { stored, wanted } = pending;
      const change: Marking = {
        ...(wanted.read !== stored.read && { read: wanted.read }),
        ...(wanted.starred !== stored.starred && { starred: wanted.starred }),
      };
      if (Object.keys(change).length === 0) return;
      try {
        await this.options.send(id, change);
        pending.stored = { ...stored, ...change };
      } catch (error) {
        pending.wanted = stored;
        this.#show(entry, stored);
        this.options.failed(entry.value, change, error);
        return;
      }
    }
  }

  #show(entry: Signal<EntrySummary>, mark: Mark): void {
    const { feed, read } = entry.value;
    entry.value = { ...entry.value, ...mark };
    if (read !== mark.read) this.options.unreadChanged(feed, mark.read ? -1 : 1);
  }
}
