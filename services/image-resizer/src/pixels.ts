import { IMAGE_LIMITS } from '@offload/contracts/image-resize';
import sharp, { type Sharp } from 'sharp';
import type { Size } from './variant-size.js';

/**
 * A decoded picture: upright, 8 bits a channel, nothing left of the metadata. `data` is raw sRGB, or with `profiled`
 * an uncompressed TIFF that carries the source's own colours and their profile.
 */
export interface Pixels extends Size {
  data: Buffer;
  channels: 3 | 4;
  profiled: boolean;
}

/** Reads pixels again, for another step. */
export function openPixels({ data, width, height, channels, profiled }: Pixels): Sharp {
  const limitInputPixels = IMAGE_LIMITS.framePixels;
  if (profiled) return sharp(data, { ignoreIcc: true, limitInputPixels }).keepIccProfile();
  return sharp(data, { raw: { width, height, channels }, limitInputPixels });
}

/** Carries out the steps so far and holds the pixels. */
export async function takePixels(image: Sharp, profiled: boolean): Promise<Pixels> {
  const held = profiled
    ? image.keepIccProfile().tiff({ compression: 'none' })
    : image.toColourspace('srgb').raw();
  const { data, info } = await held.toBuffer({ resolveWithObject: true });
  // Grey has become three channels by the conversion to sRGB.
  return { data, width: info.width, height: info.height, channels: info.channels as 3 | 4, profiled };
}
