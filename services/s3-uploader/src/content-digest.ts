import { createHash } from 'node:crypto';
import { UPLOAD_LIMITS } from '@offload/contracts/s3-upload';
import { cutParts, type Part } from './cut-parts.js';

export interface Digest {
  bytes: number;
  /** Hex, of all bytes. */
  sha256: string;
  /**
   * What S3 gives as ChecksumSHA256 of an object that was sent in these parts: base64 of the SHA-256, or for
   * multipart the composite `base64(SHA-256 of the parts' SHA-256s)-parts`
   * (Amazon S3 User Guide, "Checking object integrity", composite checksums).
   */
  checksum: string;
  parts: number;
}

/** Adds up parts in their order; `add` returns the part's own checksum in base64. */
export class ContentDigest {
  readonly #whole = createHash('sha256');
  readonly #parts: Buffer[] = [];
  #bytes = 0;

  add({ bytes }: Part): string {
    const digest = createHash('sha256').update(bytes).digest();
    this.#whole.update(bytes);
    this.#parts.push(digest);
    this.#bytes += bytes.length;
    return digest.toString('base64');
  }

  /** Ends it; call once. */
  finish(): Digest {
    const whole = this.#whole.digest();
    const parts = this.#parts.length;
    const composite = createHash('sha256').update(Buffer.concat(this.#parts)).digest('base64');
    const checksum = parts === 1 ? whole.toString('base64') : `${composite}-${parts}`;
    return { bytes: this.#bytes, sha256: whole.toString('hex'), checksum, parts };
  }
}

/** Reads a stream to its end and sends nothing. */
export async function digestStream(source: AsyncIterable<Buffer>): Promise<Digest> {
  const digest = new ContentDigest();
  for await (const part of cutParts(source, UPLOAD_LIMITS.partBytes)) digest.add(part);
  return digest.finish();
}
