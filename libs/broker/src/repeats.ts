/** Lets the same news through once, then every so often: what is tried each second is not logged each second. */
export class Repeats {
  readonly #everyMs: number;
  readonly #now: () => number;
  #last: string | undefined;
  #at = 0;

  /** @param now monotonic, in milliseconds */
  constructor(everyMs = 30_000, now: () => number = () => performance.now()) {
    this.#everyMs = everyMs;
    this.#now = now;
  }

  isNews(message: string): boolean {
    const now = this.#now();
    if (message === this.#last && now - this.#at < this.#everyMs) return false;
    this.#last = message;
    this.#at = now;
    return true;
  }

  reset(): void {
    this.#last = undefined;
  }
}
