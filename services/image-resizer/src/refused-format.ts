/** First bytes of what is taken: whatever else stands in the file (a PDF behind a JPEG's header) is only data then. */
const TAKEN: ((head: Buffer) => boolean)[] = [
  (head) => startsWith(head, '\u00ff\u00d8\u00ff'),
  (head) => startsWith(head, '\u0089PNG\r\n\u001a\n'),
  (head) => startsWith(head, 'GIF8'),
  (head) => startsWith(head, 'RIFF') && head.subarray(8, 12).toString('latin1') === 'WEBP',
  (head) => startsWith(head, 'II*\0') || startsWith(head, 'MM\0*'),
  (head) => startsWith(head, 'II+\0') || startsWith(head, 'MM\0+'),
];

/** Formats that are known and not taken, told by their first bytes, so that the refusal can name them.
 * A courtesy: what may be decoded is decided by the loaders that are on (sharp-settings.ts). In order: HTML may hold an SVG. */
const REFUSED: [name: string, test: (head: Buffer) => boolean][] = [
  ['HTML', (head) => /^\s*<(!doctype html|html|head|body)\b/i.test(text(head))],
  ['SVG', (head) => /^\s*<[^]*<svg[\s>/]|^\s*<svg[\s>/]/i.test(text(head))],
  ['XML', (head) => text(head).trimStart().startsWith('<?xml')],
  ['PDF', (head) => head.includes('%PDF-')],
  ['PostScript', (head) => startsWith(head, '%!PS')],
  ['HEIC', (head) => isBrand(head, /^(heic|heix|heim|heis|hevc|hevx)$/)],
  ['a video', (head) => isBrand(head, /^(isom|iso\d|mp4\d|qt {2}|M4V |avc1)$/)],
  ['BMP', (head) => startsWith(head, 'BM') && head.length > 14 && head.readUInt32LE(6) === 0],
  ['ICO', (head) => startsWith(head, '\0\0\u0001\0')],
  ['Photoshop', (head) => startsWith(head, '8BPS')],
  [
    'JPEG XL',
    (head) => startsWith(head, '\u00ff\u000a') || head.subarray(4, 8).toString('latin1') === 'JXL ',
  ],
  [
    'JPEG 2000',
    (head) => startsWith(head, '\u00ff\u004f\u00ff\u0051') || head.subarray(4, 8).toString() === 'jP  ',
  ],
  ['ZIP', (head) => startsWith(head, 'PK\u0003\u0004')],
  ['gzip', (head) => startsWith(head, '\u001f\u008b')],
];

/** Looks at the first kilobyte. Returns a name such as `SVG` or `PDF`, or null for bytes that it does not know. */
export function refusedFormat(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 1024);
  if (TAKEN.some((test) => test(head))) return null;
  return REFUSED.find(([, test]) => test(head))?.[0] ?? null;
}

const startsWith = (head: Buffer, magic: string): boolean =>
  head.subarray(0, magic.length).toString('latin1') === magic;

const text = (head: Buffer): string => head.toString('utf8').replace(/^\uFEFF/, '');

/** ISO base media file: `ftyp` box with its major brand (ISO/IEC 14496-12, 4.3). */
const isBrand = (head: Buffer, brand: RegExp): boolean =>
  head.subarray(4, 8).toString('latin1') === 'ftyp' && brand.test(head.subarray(8, 12).toString('latin1'));
