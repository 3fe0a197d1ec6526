/** Who made a picture and who owns it, as EXIF has it. */
export interface Copyright {
  Copyright?: string;
  Artist?: string;
}

const TAGS: Record<number, keyof Copyright> = { 0x8298: 'Copyright', 0x013b: 'Artist' };
const ASCII = 2;
const LONGEST = 4_096;

/**
 * Reads Copyright and Artist from an EXIF block (TIFF 6.0, section 2: header, then the entries of the first directory,
 * 12 bytes each). What does not add up is left out: metadata is never a reason to refuse a picture.
 */
export function readCopyright(exif: Buffer | undefined): Copyright {
  const tiff = exif?.subarray(exif.toString('latin1', 0, 6) === 'Exif\0\0' ? 6 : 0) ?? Buffer.alloc(0);
  const found: Copyright = {};
  const little = tiff.toString('latin1', 0, 2) === 'II';
  if (tiff.length < 10 || (!little && tiff.toString('latin1', 0, 2) !== 'MM')) return found;
  const u16 = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));

  const directory = u32(4);
  if (directory + 2 > tiff.length) return found;
  for (let n = 0; n < u16(directory); n++) {
    const entry = directory + 2 + n * 12;
    if (entry + 12 > tiff.length) break;
    const tag = TAGS[u16(entry)];
    const length = u32(entry + 4);
    if (!tag || u16(entry + 2) !== ASCII || length > LONGEST) continue;
    const at = length <= 4 ? entry + 8 : u32(entry + 8);
    if (at + length > tiff.length) continue;
    // Photographer's and editor's copyright are separated by a zero (EXIF 2.32, tag 0x8298).
    const text = tiff
      .toString('utf8', at, at + length)
      .split('\0')
      .map((part) => part.trim())
      .filter(Boolean);
    if (text.length > 0) found[tag] = text.join('; ');
  }
  return found;
}
