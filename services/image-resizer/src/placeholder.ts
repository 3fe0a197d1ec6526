import { encode } from 'blurhash';
import { openPixels, type Pixels } from './pixels.js';

export interface Placeholder {
  /** `#rrggbb` */
  dominantColour: string;
  /** 4 × 3 components, or 3 × 4 for a portrait: https://blurha.sh */
  blurhash: string;
}

/** Enough for both, and a few milliseconds of work. */
const SIDE = 32;
const WHITE = '#ffffff';

/** What a page can show until the picture is there: its most common colour, and a blur of it (on white). */
export async function placeholderOf(pixels: Pixels): Promise<Placeholder> {
  const small = { width: SIDE, height: SIDE, fit: 'inside', kernel: 'linear' } as const;
  const { data, info } = await openPixels(pixels)
    .resize(small)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const portrait = info.height > info.width;
  const flat = onWhite(data);
  return {
    dominantColour: dominantColour(data),
    blurhash: encode(flat, info.width, info.height, portrait ? 3 : 4, portrait ? 4 : 3),
  };
}

function onWhite(rgba: Buffer): Uint8ClampedArray {
  return Uint8ClampedArray.from(rgba, (value, i) => {
    const alpha = rgba[i | 3]! / 255;
    return (i & 3) === 3 ? 255 : value * alpha + 255 * (1 - alpha);
  });
}

/** The mean of the fullest of 4,096 bins (4 bits a channel); pixels that cannot be seen do not count. */
function dominantColour(rgba: Buffer): string {
  const bins = new Map<number, [count: number, r: number, g: number, b: number]>();
  let fullest: [number, number, number, number] | undefined;
  for (let i = 0; i < rgba.length; i += 4) {
    const [r, g, b, alpha] = rgba.subarray(i, i + 4) as unknown as [number, number, number, number];
    if (alpha < 128) continue;
    const key = ((r >> 4) << 8) | ((g >> 4) << 4) | (b >> 4);
    const bin = bins.get(key) ?? [0, 0, 0, 0];
    bins.set(key, bin);
    bin[0]++;
    bin[1] += r;
    bin[2] += g;
    bin[3] += b;
    if (!fullest || bin[0] > fullest[0]) fullest = bin;
  }
  if (!fullest) return WHITE;
  const [count, ...sums] = fullest;
  return (
    '#' +
    sums
      .map((sum) =>
        Math.round(sum / count)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')
  );
}
