import { createHash } from 'node:crypto';
import type { Part } from './cut-parts.js';

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
}

export const sha256Of = ({ bytes }: Part): Buffer => createHash('sha256').update(bytes).digest();

/** The checksum of an object of these parts; `sha256` is that of all their bytes, hex. */
export function digestOf(bytes: number, sha256: string, parts: readonly Buffer[]): Digest {
  const composite = createHash('sha256').update(Buffer.concat(parts)).digest('base64');
  const checksum =
    parts.length === 1 ? Buffer.from(sha256, 'hex').toString('base64') : `${composite}-${parts.length}`;
  return { bytes, sha256, checksum };
}
