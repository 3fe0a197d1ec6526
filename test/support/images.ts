import { expect } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';

export const plain = (background = '#c04020', width = 300, height = 200): Sharp =>
  sharp({ create: { width, height, channels: 3, background } });

/** Does not compress well, so that quality and lost bytes show. */
export const noise = (width = 300, height = 300): Sharp =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });

/** Upper left red, upper right green, lower left blue, lower right white. */
export async function quadrants(width = 60, height = 40): Promise<Sharp> {
  const tile = (background: string) =>
    plain(background, width / 2, height / 2)
      .png()
      .toBuffer();
  return plain('#fff', width, height).composite([
    { input: await tile('#f00'), left: 0, top: 0 },
    { input: await tile('#0f0'), left: width / 2, top: 0 },
    { input: await tile('#00f'), left: 0, top: height / 2 },
  ]);
}

/** One pixel's channels, its place given as shares of the width and the height. */
export async function colourAt(image: Buffer, left = 0.5, top = 0.5): Promise<number[]> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const at = Math.floor(info.height * top) * info.width + Math.floor(info.width * left);
  return [...data.subarray(at * info.channels, (at + 1) * info.channels)];
}

/** Matches a channel that is at most `by` off: what lossy formats and colour conversions change. */
export const near = (value: number, by = 6): number =>
  expect.closeTo(value, -Math.log10(2 * by)) as unknown as number;
