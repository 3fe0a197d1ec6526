import sharp, { type Sharp } from 'sharp';
import { backgroundOf, type Background } from './background.js';
import type { Variant } from './complete-variant.js';
import { openPixels, takePixels, type Pixels } from './pixels.js';
import { placed, projected, turnedSize, variantSize, whole, type Rect, type Size } from './variant-size.js';

/**
 * Makes a variant's picture out of decoded pixels, still to be encoded: crop, turn, mirror, resize, cut or border,
 * background, effects, in this order. All frames of an animation are cut at the same place.
 * @param source the upright source's size; the pixels show all of it, at whatever size they have
 * @param region the part of the source to use, in its pixels
 */
export async function arrangeVariant(
  frames: readonly Pixels[],
  source: Size,
  region: Rect,
  variant: Variant,
): Promise<Sharp[]> {
  const background = await backgroundOf(variant);
  const sizes = variantSize(turnedSize(region, variant.rotate), variant);
  const pictures = await each(frames, (frame) =>
    turned(frame, projected(region, source, frame), variant, background),
  );
  const cut = await cutOf(pictures[0]!, sizes, variant);
  return pictures.map((picture) => finished(picture, sizes, cut, variant, background));
}

/** One after the other, so that memory holds one picture's steps at a time. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

interface Picture {
  pixels: Pixels;
  /** What of the pixels is used; all of them after a turn. */
  part: Rect;
}

/** sharp has an order of its own for these steps, so each that is asked for is carried out by itself. */
async function turned(
  pixels: Pixels,
  part: Rect,
  variant: Variant,
  { border }: Background,
): Promise<Picture> {
  const { rotate = 0, flip = false, flop = false } = variant;
  if (rotate % 360 === 0 && !flip && !flop) return { pixels, part };
  let picture = await takePixels(openPixels(pixels).extract(part), pixels.profiled);
  if (rotate % 360 !== 0)
    picture = await takePixels(openPixels(picture).rotate(rotate, { background: border }), picture.profiled);
  if (flip || flop) picture = await takePixels(openPixels(picture).flip(flip).flop(flop), picture.profiled);
  return { pixels: picture, part: whole(picture) };
}

interface Sizes {
  scaled: Size;
  final: Size;
}

/** What is kept of the scaled picture. */
async function cutOf(
  { pixels, part }: Picture,
  { scaled, final }: Sizes,
  { fit, position }: Variant,
): Promise<Rect> {
  const smaller = final.width < scaled.width || final.height < scaled.height;
  if (fit !== 'cover' || !smaller) return whole(scaled);
  if (position !== 'attention' && position !== 'entropy')
    return { ...final, ...placed(scaled, final, position) };
  const { info } = await openPixels(pixels)
    .extract(part)
    .resize({ ...final, fit: 'cover', position: sharp.strategy[position] })
    .raw()
    .toBuffer({ resolveWithObject: true });
  // sharp gives them as the way that the picture was moved: negative.
  const left = Math.min(Math.abs(info.cropOffsetLeft ?? 0), scaled.width - final.width);
  const top = Math.min(Math.abs(info.cropOffsetTop ?? 0), scaled.height - final.height);
  return { ...final, left, top };
}

function finished(
  { pixels, part }: Picture,
  { scaled, final }: Sizes,
  cut: Rect,
  { position, grayscale, blur, sharpen }: Variant,
  { border, behind }: Background,
): Sharp {
  const { left, top } = placed(final, cut, typeof position === 'string' ? position : 'centre');
  const image = openPixels(pixels)
    .extract(part)
    .resize({ ...scaled, fit: 'fill' });
  // sharp reports a wrong size for what is extracted and then extended; no fit does both.
  if (cut.width < scaled.width || cut.height < scaled.height) image.extract(cut);
  if (final.width > cut.width || final.height > cut.height)
    image.extend({
      left,
      top,
      right: final.width - cut.width - left,
      bottom: final.height - cut.height - top,
      background: border,
    });
  if (behind) image.flatten({ background: behind });
  if (grayscale) image.grayscale();
  if (blur !== undefined) image.blur(blur);
  if (sharpen !== undefined) image.sharpen({ sigma: sharpen });
  return image;
}
