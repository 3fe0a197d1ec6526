import type { Pixels } from './pixels.js';

/** What `auto` stands for: formats that every program opens, by what they are good at. */
export function chooseFormat(pixels: Pixels, lossless = false): 'jpeg' | 'png' | 'webp' {
  if (isFlat(pixels)) return 'png';
  return isOpaque(pixels) && !lossless ? 'jpeg' : 'webp';
}

function isOpaque({ data, channels }: Pick<Pixels, 'data' | 'channels'>): boolean {
  if (channels === 3) return true;
  for (let i = 3; i < data.length; i += 4) if (data[i]! < 255) return false;
  return true;
}

/** Flat colours: logos, drawings, screenshots. A camera's picture has hardly two equal pixels side by side. */
const FLAT_SHARE = 0.5;
/** Rows that are looked at. */
const ROWS = 200;

function isFlat({ data, width, height, channels }: Pixels): boolean {
  let seen = 0;
  let equal = 0;
  const step = Math.max(1, Math.floor(height / ROWS));
  for (let y = 0; y < height; y += step)
    for (let x = 1; x < width; x++) {
      const at = (y * width + x) * channels;
      if (channels === 4 && data[at + 3] === 0) continue;
      seen++;
      if (sameColour(data, at, at - channels)) equal++;
    }
  return equal >= seen * FLAT_SHARE;
}

const sameColour = (data: Buffer, a: number, b: number): boolean =>
  data[a] === data[b] && data[a + 1] === data[b + 1] && data[a + 2] === data[b + 2];
