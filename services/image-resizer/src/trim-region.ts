import type { Variant } from './complete-variant.js';
import { openPixels, type Pixels } from './pixels.js';
import { whole, type Rect } from './variant-size.js';

const THRESHOLD = 10;

/** What is left of a picture without a border of one colour; all of it when nothing would be left. */
export async function trimRegion(
  pixels: Pixels,
  { threshold = THRESHOLD }: NonNullable<Variant['trim']>,
): Promise<Rect> {
  const { info } = await openPixels(pixels).trim({ threshold }).raw().toBuffer({ resolveWithObject: true });
  // sharp gives them as the way that the picture was moved: negative.
  const left = Math.abs(info.trimOffsetLeft ?? 0);
  const top = Math.abs(info.trimOffsetTop ?? 0);
  const { width, height } = info;
  const inside = left + width <= pixels.width && top + height <= pixels.height;
  return inside ? { left, top, width, height } : whole(pixels);
}
