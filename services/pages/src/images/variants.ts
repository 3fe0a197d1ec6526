import type { Schemas } from '@offload/client';

export type Variant = Schemas['ImageResizeInput']['variants'][number];
export type MadeVariant = Schemas['ImageResizeResult']['variants'][number];

export interface VariantSet {
  name: string;
  about: string;
  variants: readonly Variant[];
}

/** What people make of pictures most, ready to be taken and changed. */
export const VARIANT_SETS: readonly VariantSet[] = [
  {
    name: 'For a web page',
    about: '320, 640 and 1,280 pixels wide, as webp',
    variants: [
      { width: 320, format: 'webp' },
      { width: 640, format: 'webp' },
      { width: 1280, format: 'webp' },
    ],
  },
  {
    name: 'Formats compared',
    about: '800 pixels wide, as jpeg, webp, avif and png',
    variants: [
      { width: 800, format: 'jpeg' },
      { width: 800, format: 'webp' },
      { width: 800, format: 'avif' },
      { width: 800, format: 'png' },
    ],
  },
  {
    name: 'Thumbnails',
    about: 'Squares of 64, 128 and 256 pixels around what catches the eye',
    variants: [
      { width: 64, height: 64, fit: 'cover', position: 'attention', format: 'webp' },
      { width: 128, height: 128, fit: 'cover', position: 'attention', format: 'webp' },
      { width: 256, height: 256, fit: 'cover', position: 'attention', format: 'webp' },
    ],
  },
  {
    name: 'Card for a link',
    about: '1,200 by 630 pixels, as jpeg',
    variants: [{ width: 1200, height: 630, fit: 'cover', position: 'attention', format: 'jpeg' }],
  },
  {
    name: 'Same size, fewer bytes',
    about: 'As large as it is, as webp and avif',
    variants: [
      { width: 16_383, format: 'webp' },
      { width: 16_383, format: 'avif' },
    ],
  },
];

export const FORMATS = ['webp', 'avif', 'jpeg', 'png', 'gif', 'auto'] as const;
export const FITS = ['inside', 'cover', 'contain', 'outside', 'fill'] as const;

/** One row of the list of variants, as typed. */
export interface VariantRow {
  width: string;
  height: string;
  fit: (typeof FITS)[number];
  format: (typeof FORMATS)[number];
  quality: string;
  /** Of the operator; empty without one. */
  preset: string;
}

export const EMPTY_ROW: VariantRow = {
  width: '',
  height: '',
  fit: 'inside',
  format: 'webp',
  quality: '',
  preset: '',
};

export const rowOf = (variant: Variant): VariantRow => ({
  width: variant.width?.toString() ?? '',
  height: variant.height?.toString() ?? '',
  fit: variant.fit ?? 'inside',
  format: variant.format ?? 'webp',
  quality: variant.quality?.toString() ?? '',
  preset: variant.preset ?? '',
});

/** What a row asks for. What is left empty is left out; `cover` looks for what catches the eye. */
export function variantOf(row: VariantRow): Variant {
  const number = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));
  const [width, height, quality] = [number(row.width), number(row.height), number(row.quality)];
  const preset = row.preset.trim();
  const cut = width !== undefined && height !== undefined;
  return {
    ...(preset !== '' && { preset }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(cut && { fit: row.fit }),
    ...(cut && row.fit === 'cover' && { position: 'attention' as const }),
    // A preset brings its own format.
    ...((preset === '' || row.format !== 'webp') && { format: row.format }),
    ...(quality !== undefined && { quality }),
  };
}

const MOST_PIXELS = 16_383;

/** What is wrong with a row, in words; null when nothing is. */
export function faultOfRow(row: VariantRow): string | null {
  const whole = (text: string, most: number): boolean =>
    text.trim() === '' || (/^\d{1,5}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most);
  if (!whole(row.width, MOST_PIXELS)) return 'The width has to be 1 to 16,383 pixels.';
  if (!whole(row.height, MOST_PIXELS)) return 'The height has to be 1 to 16,383 pixels.';
  if (!whole(row.quality, 100)) return 'The quality has to be 1 to 100.';
  if (row.preset.trim() === '' && row.width.trim() === '' && row.height.trim() === '')
    return 'Give a width, a height, or both.';
  return null;
}

/** How a variant compares with its source: `87 % smaller`. */
export function savingInWords(bytes: number, sourceBytes: number): string {
  if (sourceBytes <= 0) return '';
  const percent = Math.round((bytes / sourceBytes - 1) * 100);
  if (percent === 0) return 'as large as the source';
  // A tiny thumbnail is not nothing.
  if (percent <= -100) return 'over 99 % smaller';
  return percent < 0 ? `${-percent} % smaller` : `${percent.toLocaleString('en')} % larger`;
}

/** A URL that was pasted or dropped; null for any other text. */
export function urlIn(text: string): string | null {
  // A list of URLs (text/uri-list, RFC 2483) may begin with comments.
  const line = text.split(/\r?\n/).find((each) => each.trim() !== '' && !each.startsWith('#'));
  const given = line?.trim() ?? '';
  if (!/^https?:\/\/\S+$/i.test(given)) return null;
  return URL.canParse(given) ? given : null;
}
