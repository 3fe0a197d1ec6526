import { Readable } from 'node:stream';
import { TaskError } from '@offload/contracts/errors';

/** So much of each body may be held in memory; more of it only by a few at a time. */
const SMALL_BYTES = 256 * 1024;

/** The bodies that may grow large in memory at once: with 8 MiB each they take 256 MiB at most. */
const LARGE_AT_ONCE = 32;

/** What is to be done with a body. */
export interface BodyUse<T> {
  /** All of it. Its memory counts until this has settled. */
  whole(bytes: Buffer): Promise<T>;
  /** It is longer than the limit: all of its bytes again, to be read once. */
  more(bytes: Readable): Promise<T>;
}

/** Reads bodies into memory, for one process. A task that waits for its turn lets its origin wait, too. */
export class BodyReader {
  #large = 0;
  readonly #waiting: (() => void)[] = [];

  /** Reads up to `limit` bytes. Throws what the body errors with, and what its use throws. */
  async read<T>(body: Readable, limit: number, use: BodyUse<T>): Promise<T> {
    const chunks: Buffer[] = [];
    let size = 0;
    let large = false;
    const iterator = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
    try {
      for (let next = await iterator.next(); !next.done && size <= limit; next = await iterator.next()) {
        chunks.push(next.value);
        size += next.value.length;
        if (size > limit) break;
        if (size > SMALL_BYTES && !large) {
          await this.#turn(body);
          large = true;
        }
      }
      if (size <= limit) return await use.whole(Buffer.concat(chunks.splice(0)));
    } finally {
      if (large) this.#release();
    }
    return use.more(Readable.from(again(chunks, iterator, body), { objectMode: false }));
  }

  /** As `read`, where more than the limit is an error: `json-too-large` (permanent). */
  async all<T>(
    body: Readable,
    { limit, what }: { limit: number; what: string },
    whole: BodyUse<T>['whole'],
  ): Promise<T> {
    return this.read(body, limit, {
      whole,
      async more() {
        body.destroy();
        throw new TaskError(
          'json-too-large',
          `${what} has more than the ${limit} bytes that are read into memory. Take it as a file.`,
          { retry: 'no' },
        );
      },
    });
  }

  /** For one that ends while it waits the wait ends, too. */
  async #turn(body: Readable): Promise<void> {
    let wake: (() => void) | undefined;
    // One listener however often it is woken for nothing.
    const closed = (): void => wake?.();
    body.once('close', closed);
    while (this.#large >= LARGE_AT_ONCE && !body.destroyed)
      await new Promise<void>((resolve) => {
        wake = resolve;
        this.#waiting.push(resolve);
      });
    body.off('close', closed);
    this.#large++;
  }

  #release(): void {
    this.#large--;
    // All of them: the first may have ended while it waited.
    this.#waiting.splice(0).forEach((look) => look());
  }
}

async function* again(
  chunks: Buffer[],
  rest: AsyncIterator<Buffer, undefined>,
  body: Readable,
): AsyncGenerator<Buffer> {
  try {
    yield* chunks.splice(0);
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    body.destroy();
  }
}
