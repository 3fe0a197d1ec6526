import { IMAGE_LIMITS, type imageResize } from '@offload/contracts/image-resize';
import type { Input } from '@offload/contracts/define-task';
import { sideTooLong, tooManyPixels } from './image-error.js';

export type Variant = Input<typeof imageResize>['variants'][number];

export interface Size {
  width: number;
  height: number;
}

const scaled = ({ width, height }: Size, by: number): Size => ({
  width: Math.max(1, Math.round(width * by)),
  height: Math.max(1, Math.round(height * by)),
});

/**
 * How much the source is scaled on each axis for a variant, before anything is cropped or added.
 * One side given: the other follows. Without `enlarge` nothing is scaled up.
 */
function scales(source: Size, { width, height, fit, enlarge }: Variant): { x: number; y: number } {
  const x = (width ?? 0) / source.width;
  const y = (height ?? 0) / source.height;
  const most = enlarge ? Infinity : 1;
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

/**
 * The size of a variant in pixels. Throws permanent TaskErrors `side-too-long` and `too-many-pixels` for one that
 * a proportional side or `enlarge` makes too large.
 */
export function variantSize(source: Size, variant: Variant): Size {
  const { width, height, fit } = variant;
  const { x, y } = scales(source, variant);
  let size: Size = { width: scaled(source, x).width, height: scaled(source, y).height };
  if (width !== undefined && height !== undefined) {
    if (fit === 'contain') size = { width, height };
    if (fit === 'cover') size = { width: Math.min(width, size.width), height: Math.min(height, size.height) };
  }
  if (Math.max(size.width, size.height) > IMAGE_LIMITS.side)
    throw sideTooLong('A variant', size.width, size.height);
  if (size.width * size.height > IMAGE_LIMITS.pixels)
    throw tooManyPixels('A variant', size.width, size.height);
  return size;
}

/** The smallest size of the source that every variant can be made from without scaling up what was scaled down. */
export function decodeSize(source: Size, variants: readonly Variant[]): Size {
  const needed = variants.flatMap((variant) => Object.values(scales(source, variant)));
  return scaled(source, Math.min(1, Math.max(...needed)));
}
