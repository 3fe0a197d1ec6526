import { IMAGE_LIMITS } from '@offload/contracts/image-resize';
import sharp from 'sharp';
import { decodeError } from './image-error.js';
import { takePixels, type Pixels } from './pixels.js';
import type { Size } from './variant-size.js';

export interface DecodeOptions {
  /** The size to decode at: the loaders' shrink-on-load makes it cheap. */
  size: Size;
  /** A page from 0, or the number of frames to read, all of them. */
  page: number | { frames: number };
  /** Keeps the colours and the profile as they are, instead of converting to sRGB. */
  profiled: boolean;
  /** See ImageFacts. */
  endsInP3: boolean;
}

/**
 * Decodes once, at the size of the largest variant, so that the loaders' shrink-on-load serves all of them. Gives one
 * picture, or each frame of an animation. sharp's clone() shares only the compressed input: each clone decodes again
 * (docs/decisions/0010 has the figures). Throws TaskError `broken-image` (permanent), `out-of-memory`.
 */
export async function decodeImage(
  bytes: Buffer,
  { size, page, profiled, endsInP3 }: DecodeOptions,
): Promise<Pixels[]> {
  const frames = typeof page === 'number' ? 1 : page.frames;
  const image = sharp(bytes, {
    // libvips cannot turn a strip of frames; animations carry no orientation in practice.
    autoOrient: frames === 1,
    limitInputPixels: frames === 1 ? IMAGE_LIMITS.pixels : IMAGE_LIMITS.framePixels,
    limitInputChannels: IMAGE_LIMITS.channels,
    // Cut short or with errors in its data: refused. Warnings (stray bytes between markers) are common in photos.
    failOn: 'error',
    ignoreIcc: profiled,
    page: typeof page === 'number' ? page : 0,
    pages: frames,
  }).resize({ ...size, fit: 'fill' });
  if (endsInP3) image.withIccProfile('srgb');
  try {
    return cut(await takePixels(image, profiled), frames);
  } catch (error) {
    throw decodeError(error);
  }
}

/** An animation is decoded as a strip of frames, one below the other. The parts share its memory. */
function cut(strip: Pixels, frames: number): Pixels[] {
  if (frames === 1) return [strip];
  const height = strip.height / frames;
  const bytes = strip.width * height * strip.channels;
  return Array.from({ length: frames }, (_, n) => ({
    ...strip,
    height,
    data: strip.data.subarray(n * bytes, (n + 1) * bytes),
  }));
}
