export interface Part {
  /** From 1. */
  number: number;
  bytes: Buffer;
  last: boolean;
}

/**
 * Cuts a stream into buffers of exactly `partBytes`, the last one shorter but not empty, unless all is.
 * A part is handed out only when it is known whether it is the last one, and nothing is read ahead of that:
 * whoever does not take the next part stops the source. Leaving the loop early destroys the stream.
 */
export async function* cutParts(source: AsyncIterable<Buffer>, partBytes: number): AsyncGenerator<Part> {
  let number = 1;
  let part = Buffer.allocUnsafeSlow(partBytes);
  let filled = 0;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length;) {
      if (filled === partBytes) {
        yield { number: number++, bytes: part, last: false };
        part = Buffer.allocUnsafeSlow(partBytes);
        filled = 0;
      }
      const copied = chunk.copy(part, filled, from);
      filled += copied;
      from += copied;
    }
  }
  yield { number, bytes: part.subarray(0, filled), last: true };
}
