import { IMAGE_LIMITS } from '@offload/contracts/image-resize';
import type { Variant } from './complete-variant.js';
import { cropOutside, sideTooLong, tooManyPixels } from './image-error.js';

export interface Size {
  width: number;
  height: number;
}

export interface Rect extends Size {
  left: number;
  top: number;
}

export const scaled = ({ width, height }: Size, by: number): Size => ({
  width: Math.max(1, Math.round(width * by)),
  height: Math.max(1, Math.round(height * by)),
});

export const whole = ({ width, height }: Size): Rect => ({ left: 0, top: 0, width, height });

/**
 * The part of the upright source that a variant is made from. Throws permanent TaskError `crop-outside`; a crop that
 * reaches beyond the picture is cut.
 */
export function regionOf(source: Size, { crop }: Pick<Variant, 'crop'>): Rect {
  if (!crop) return whole(source);
  const width = Math.min(crop.width, source.width - crop.left);
  const height = Math.min(crop.height, source.height - crop.top);
  if (width <= 0 || height <= 0) throw cropOutside(source.width, source.height);
  return { left: crop.left, top: crop.top, width, height };
}

/** The size of a picture once it is turned by `degrees`: that of the box around it. */
export function turnedSize({ width, height }: Size, degrees = 0): Size {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  return { width: Math.round(width * cos + height * sin), height: Math.round(width * sin + height * cos) };
}

type Asked = Pick<Variant, 'width' | 'height' | 'fit' | 'enlarge'>;

/**
 * How much a picture is scaled on each axis for a variant, before anything is cut off or added.
 * One side given: the other follows; none: the size stays. Without `enlarge` nothing is scaled up.
 */
function scales(picture: Size, { width, height, fit, enlarge }: Asked): { x: number; y: number } {
  const x = (width ?? 0) / picture.width;
  const y = (height ?? 0) / picture.height;
  const most = enlarge ? Infinity : 1;
  if (width === undefined && height === undefined) return same(1);
  if (width === undefined || height === undefined) return same(Math.min(Math.max(x, y), most));
  switch (fit) {
    case 'inside':
    case 'contain':
      return same(Math.min(x, y, most));
    case 'outside':
    case 'cover':
      return same(Math.min(Math.max(x, y), most));
    case 'fill':
      return { x: Math.min(x, most), y: Math.min(y, most) };
  }
}

const same = (scale: number): { x: number; y: number } => ({ x: scale, y: scale });

export interface VariantSize {
  /** What the picture is scaled to. */
  scaled: Size;
  /** What the variant has in the end, after cover's cut or contain's border. */
  final: Size;
}

/**
 * The sizes of a variant of this picture (cropped and turned already) in pixels. Throws permanent TaskErrors
 * `side-too-long` and `too-many-pixels` for one that a proportional side or `enlarge` makes too large.
 */
export function variantSize(picture: Size, variant: Asked): VariantSize {
  const { width, height, fit } = variant;
  const { x, y } = scales(picture, variant);
  const size: Size = { width: scaled(picture, x).width, height: scaled(picture, y).height };
  let final = size;
  if (width !== undefined && height !== undefined) {
    if (fit === 'contain') final = { width, height };
    if (fit === 'cover')
      final = { width: Math.min(width, size.width), height: Math.min(height, size.height) };
  }
  if (Math.max(final.width, final.height) > IMAGE_LIMITS.side)
    throw sideTooLong('A variant', final.width, final.height);
  // What is cut off by cover has to be made before.
  for (const { width, height } of [size, final])
    if (width * height > IMAGE_LIMITS.pixels) throw tooManyPixels('A variant', width, height);
  return { scaled: size, final };
}

/**
 * The share of the source's sides that is enough to decode for a variant, at most 1 (more for an SVG, which has no
 * pixels of its own).
 */
export function decodeScale(source: Size, variant: Variant, most = 1): number {
  if (variant.trim) return 1;
  const picture = turnedSize(regionOf(source, variant), variant.rotate);
  return Math.min(most, Math.max(...Object.values(scales(picture, variant))));
}

/** Where a rectangle of `from` lies in the same picture at another size: whole pixels, at least one. */
export function projected(rect: Rect, from: Size, to: Size): Rect {
  const [x, y] = [to.width / from.width, to.height / from.height];
  const left = Math.min(to.width - 1, Math.round(rect.left * x));
  const top = Math.min(to.height - 1, Math.round(rect.top * y));
  const right = Math.min(to.width, Math.max(left + 1, Math.round((rect.left + rect.width) * x)));
  const bottom = Math.min(to.height, Math.max(top + 1, Math.round((rect.top + rect.height) * y)));
  return { left, top, width: right - left, height: bottom - top };
}

/** The upper left corner of `inner` in `outer` by a position; the other way round for contain, which has room left. */
export function placed(
  outer: Size,
  inner: Size,
  position: Variant['position'],
): { left: number; top: number } {
  const { x, y } = focusOf(position);
  // A focal point is what the cut is centred on, as far as the picture reaches; a place is an edge or the middle.
  const along = (whole: number, part: number, share: number): number =>
    typeof position === 'string'
      ? Math.round((whole - part) * share)
      : Math.min(whole - part, Math.max(0, Math.round(whole * share - part / 2)));
  return { left: along(outer.width, inner.width, x), top: along(outer.height, inner.height, y) };
}

/** attention and entropy are found by libvips where something is cut; a border has the picture in its middle. */
function focusOf(position: Variant['position']): { x: number; y: number } {
  if (typeof position !== 'string') return position;
  const share = (low: string, high: string): number =>
    position.includes(low) ? 0 : position.includes(high) ? 1 : 0.5;
  return { x: share('left', 'right'), y: share('top', 'bottom') };
}
