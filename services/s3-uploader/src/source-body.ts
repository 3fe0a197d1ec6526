import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** A source's bytes, read once and hashed on the way. */
export interface SourceBody {
  /** Call it once. Throws TaskError when the source breaks for good. */
  chunks(): AsyncGenerator<Buffer>;
  /** Of what `chunks` has given so far. */
  readonly bytes: number;
  /** Hex, of what `chunks` has given so far. */
  sha256(): string;
  /** Bytes in all as the source says now; null when it does not. */
  readonly size: number | null;
  /** Ends the reading, also one that waits; the reader gets the error. */
  destroy(error?: Error): void;
}

/** A stream that cannot be opened again at another place: a file of the store. */
export function streamBody(stream: Readable, size: number | null): SourceBody {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    size,
    get bytes() {
      return bytes;
    },
    sha256: () => hash.copy().digest('hex'),
    async *chunks() {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    destroy: (error) => void stream.destroy(error),
  };
}
