import { IMAGE_LIMITS } from '@offload/contracts/image-resize';
import sharp, { type Sharp } from 'sharp';
import { decodeError, encodeError } from './image-error.js';
import type { Size, Variant } from './variant-size.js';

/** Decoded: 8 bits a channel, sRGB or grey, upright, nothing of the metadata left. */
export interface Pixels extends Size {
  data: Buffer;
  channels: 1 | 2 | 3 | 4;
}

export interface EncodedVariant extends Size {
  data: Buffer;
  /** Media type. */
  type: string;
}

/**
 * Decodes once, at the size of the largest variant, so that the loaders' shrink-on-load serves all of them.
 * sharp's clone() shares only the compressed input: each clone decodes again (docs/decisions/0010 has the figures).
 * Throws TaskError `broken-image` (permanent), `took-too-long`, `out-of-memory`.
 * @param seconds Time limit, whole seconds.
 */
export async function decodeImage(bytes: Buffer, size: Size, seconds: number): Promise<Pixels> {
  try {
    const { data, info } = await sharp(bytes, {
      autoOrient: true,
      limitInputPixels: IMAGE_LIMITS.pixels,
      // Cut short or with errors in its data: refused. Warnings (stray bytes between markers) are common in photos.
      failOn: 'error',
      pages: 1,
    })
      .resize({ ...size, fit: 'fill' })
      .toColourspace('srgb')
      .raw()
      .timeout({ seconds })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: info.channels };
  } catch (error) {
    throw decodeError(error);
  }
}

const WHITE = { r: 255, g: 255, b: 255, alpha: 1 };
const TRANSPARENT = { ...WHITE, alpha: 0 };

/** Makes one variant. Throws TaskError `took-too-long`, `out-of-memory`; other errors are ours, not the source's. */
export async function encodeVariant(
  { data: raw, ...image }: Pixels,
  variant: Variant,
  size: Size,
  seconds: number,
): Promise<EncodedVariant> {
  const opaque = variant.format === 'jpeg';
  const resized = sharp(raw, { raw: image, limitInputPixels: IMAGE_LIMITS.pixels }).resize({
    ...size,
    fit: FITS[variant.fit],
    withoutEnlargement: variant.fit === 'contain' && !variant.enlarge,
    background: opaque ? WHITE : TRANSPARENT,
  });
  const flat = opaque ? resized.flatten({ background: WHITE }) : resized;
  try {
    const { data, info } = await encoded(flat, variant)
      .timeout({ seconds })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, type: `image/${variant.format}` };
  } catch (error) {
    throw encodeError(error);
  }
}

/** Sizes are exact already (variant-size.ts), so only cropping and borders are left to sharp. */
const FITS = { cover: 'cover', contain: 'contain', inside: 'fill', outside: 'fill', fill: 'fill' } as const;

function encoded(image: Sharp, { format, quality }: Variant): Sharp {
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality });
    case 'png':
      return image.png();
    case 'webp':
      return image.webp({ quality });
    case 'avif':
      // sharp's default of 4 takes four times as long for the same bytes (docs/decisions/0010).
      return image.avif({ quality, effort: 3 });
    case 'gif':
      return image.gif();
  }
}
