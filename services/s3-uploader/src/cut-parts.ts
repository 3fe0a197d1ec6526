import { UPLOAD_LIMITS } from '@offload/contracts/s3-upload';

export interface Part {
  /** From 1. */
  number: number;
  bytes: Buffer;
  last: boolean;
}

const MIB = 1024 ** 2;

/**
 * How large each part is, by its number. With a known size all are equal (some servers demand it): 8 MiB, or as much as
 * makes 10,000 of them. Without one they are 8 MiB for 39 GiB and then grow by 16 MiB every 1,000 parts, so that
 * 10,000 hold 312 GiB.
 */
export function partSizes(size: number | null): (number: number) => number {
  const { partBytes, parts } = UPLOAD_LIMITS;
  if (size !== null) {
    const bytes = Math.max(partBytes, Math.ceil(size / parts / MIB) * MIB);
    return () => bytes;
  }
  return (number) => partBytes + Math.max(0, Math.floor((number - 1) / 1_000) - 4) * 16 * MIB;
}

/** Buffers of parts that have been sent, to be filled again: a gigabyte takes no more of them than a few parts. */
export class PartBuffers {
  #free: Buffer[] = [];

  take(bytes: number): Buffer {
    const at = this.#free.findIndex((buffer) => buffer.length === bytes);
    return this.#free.splice(at, at < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(bytes);
  }

  /** Only what nobody reads any more. */
  give(part: Part): void {
    if (part.bytes.byteOffset === 0 && part.bytes.length === part.bytes.buffer.byteLength)
      this.#free.push(part.bytes);
  }
}

/**
 * Cuts a stream into buffers of exactly `bytesOf(number)`, the last one shorter but not empty, unless all is.
 * A part is handed out only when it is known whether it is the last one, and nothing is read ahead of that:
 * whoever does not take the next part stops the source. Leaving the loop early ends the source.
 */
export async function* cutParts(
  source: AsyncIterable<Buffer>,
  bytesOf: (number: number) => number,
  buffers = new PartBuffers(),
): AsyncGenerator<Part> {
  let number = 1;
  let part = buffers.take(bytesOf(number));
  let filled = 0;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length;) {
      if (filled === part.length) {
        yield { number: number++, bytes: part, last: false };
        part = buffers.take(bytesOf(number));
        filled = 0;
      }
      const copied = chunk.copy(part, filled, from);
      filled += copied;
      from += copied;
    }
  }
  yield { number, bytes: part.subarray(0, filled), last: true };
}
