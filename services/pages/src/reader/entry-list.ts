import { batch, signal } from '@preact/signals';
import type { EntrySummary } from './marks.js';

export interface EntryPage {
  items: EntrySummary[];
  /** Undefined at the end. */
  cursor: string | undefined;
  /** When the API answered, in milliseconds of its clock. */
  at: number;
}

export type LoadPage = (cursor: string | undefined, signal: AbortSignal) => Promise<EntryPage>;

/** `first`: nothing is there yet. `more`: the next page is on its way. */
export type ListState =
  { kind: 'first' } | { kind: 'ready' } | { kind: 'more' } | { kind: 'failed'; error: unknown };

/** The API reads so far and no further in a request: a page may be empty and have a next one. So many are asked for in a row. */
const EMPTY_PAGES = 5;

/**
 * One list of entries, page after page. It only grows at its end: what is read while it is shown stays, and what is
 * new waits until it is asked for, so that nothing moves under a reader's eyes.
 */
export class EntryList {
  readonly ids = signal<readonly string[]>([]);
  readonly state = signal<ListState>({ kind: 'first' });
  /** Entries that have come since, the newest first. */
  readonly newer = signal<readonly string[]>([]);
  /** Whether there is more to load. */
  readonly hasMore = signal(false);
  /** Everything up to then has been listed, in milliseconds of the API's clock. */
  asOf = 0;
  #cursor: string | undefined;
  readonly #left = new AbortController();

  /** @param put is given every entry that comes */
  constructor(
    private readonly load: LoadPage,
    private readonly put: (entry: EntrySummary) => void,
  ) {}

  /** The first page, or the next one; nothing while one is on its way or there is none. Never rejects. */
  async more(): Promise<void> {
    const { kind } = this.state.value;
    const isFirst = this.ids.value.length === 0 && this.#cursor === undefined;
    if (this.#busy || (!isFirst && !this.hasMore.value)) return;
    this.#busy = true;
    this.state.value = { kind: isFirst && kind !== 'ready' ? 'first' : 'more' };
    try {
      for (let pages = 0; pages < EMPTY_PAGES; pages++) {
        const page = await this.load(this.#cursor, this.#left.signal);
        if (this.#cursor === undefined) this.asOf = latest(page);
        this.#cursor = page.cursor;
        this.#append(page.items);
        if (page.items.length > 0 || page.cursor === undefined) break;
      }
      batch(() => {
        this.hasMore.value = this.#cursor !== undefined;
        this.state.value = { kind: 'ready' };
      });
    } catch (error) {
      if (!this.#left.signal.aborted) this.state.value = { kind: 'failed', error };
    }
    this.#busy = false;
  }

  /** Looks for entries that have come since. An empty list shows them at once. Never rejects. */
  async lookForNewer(): Promise<void> {
    if (this.state.value.kind === 'first') return;
    try {
      const page = await this.load(undefined, this.#left.signal);
      page.items.forEach(this.put);
      const known = new Set(this.ids.value);
      const newer = page.items.filter(({ id }) => !known.has(id)).map(({ id }) => id);
      // Older ones that a longer list would have shown further down are not new.
      const first = page.items.findIndex(({ id }) => known.has(id));
      const upTo = first === -1 ? newer.length : first;
      this.newer.value = newer.slice(0, upTo);
      this.#newestAsOf = latest(page);
      if (known.size === 0) this.showNewer();
    } catch {
      // It is only a look: the list stays as it was, and the next event looks again.
    }
  }

  showNewer(): void {
    const newer = this.newer.value;
    if (newer.length === 0) return;
    const known = new Set(newer);
    batch(() => {
      this.ids.value = [...newer, ...this.ids.value.filter((id) => !known.has(id))];
      this.newer.value = [];
    });
    this.asOf = Math.max(this.asOf, this.#newestAsOf);
  }

  /** The one before (-1) or after (1) another; the first or last where that is not in the list. */
  beside(id: string | null, step: 1 | -1): string | undefined {
    const ids = this.ids.value;
    const at = id === null ? -1 : ids.indexOf(id);
    if (at === -1) return step === 1 ? ids[0] : ids.at(-1);
    return ids[at + step];
  }

  /** Nothing that is on its way is waited for any more. */
  leave(): void {
    this.#left.abort();
  }

  #busy = false;
  #newestAsOf = 0;

  #append(items: EntrySummary[]): void {
    items.forEach(this.put);
    const known = new Set(this.ids.value);
    this.ids.value = [...this.ids.value, ...items.map(({ id }) => id).filter((id) => !known.has(id))];
  }
}

/** The API's clock has seconds in its answers and milliseconds in what it stores. */
const latest = ({ at, items }: EntryPage): number =>
  items.reduce((time, { seenAt }) => Math.max(time, Date.parse(seenAt)), at);
