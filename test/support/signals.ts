import { within } from './within.js';

/** Resolves when the condition holds, looked at now and after each change that the source tells of. */
export async function when(
  source: { onChange(listener: () => void): () => void },
  condition: () => boolean,
  what: string,
  ms = 15_000,
): Promise<void> {
  let stop = () => {};
  const holds = new Promise<void>((resolve) => {
    const look = () => condition() && resolve();
    stop = source.onChange(look);
    look();
  });
  await within(ms, holds, what).finally(() => stop());
}

/** Collects what arrives, and tells when enough has. */
export class Inbox<T> {
  readonly received: T[] = [];
  readonly #listeners = new Set<() => void>();

  readonly add = (item: T): void => {
    this.received.push(item);
    for (const listener of [...this.#listeners]) listener();
  };

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first `count` items, once they are there. */
  async first(count: number, ms = 15_000): Promise<T[]> {
    const enough = () => this.received.length >= count;
    await when(this, enough, `${count} items to arrive`, ms).catch((error: Error) => {
      throw new Error(`${error.message} (${this.received.length} did)`);
    });
    return this.received.slice(0, count);
  }

  /** The first item that fits, once it is there. */
  async find(fits: (item: T) => boolean, what: string, ms = 15_000): Promise<T> {
    await when(this, () => this.received.some(fits), what, ms);
    return this.received.find(fits) as T;
  }
}
