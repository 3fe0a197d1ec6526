import sharp from 'sharp';
import type { Variant } from './complete-variant.js';

/** As sharp takes it. */
export interface Colour {
  r: number;
  g: number;
  b: number;
  alpha: number;
}

const WHITE: Colour = { r: 255, g: 255, b: 255, alpha: 1 };
const TRANSPARENT: Colour = { ...WHITE, alpha: 0 };

export interface Background {
  /** Of borders and corners. */
  border: Colour;
  /** What lies behind transparent parts; null: they stay transparent. */
  behind: Colour | null;
}

/**
 * jpeg has no transparency: what is transparent there lies on the background, and a background that is transparent
 * itself on white. Elsewhere an opaque background lies behind all of the picture, as imgproxy's does.
 */
export async function backgroundOf({
  format,
  background,
}: Pick<Variant, 'format' | 'background'>): Promise<Background> {
  const given = background === undefined ? TRANSPARENT : await parsed(background);
  if (format === 'jpeg') {
    const flat = blended(given, WHITE);
    return { border: flat, behind: flat };
  }
  return { border: given, behind: given.alpha === 1 ? given : null };
}

/** sharp's own reading of a colour, the one that its operations use. */
async function parsed(background: string): Promise<Colour> {
  if (background.toLowerCase() === 'transparent') return TRANSPARENT;
  const pixel = { width: 1, height: 1, channels: 4, background } as const;
  const [r = 0, g = 0, b = 0, a = 255] = await sharp({ create: pixel }).raw().toBuffer();
  return { r, g, b, alpha: a / 255 };
}

function blended(over: Colour, under: Colour): Colour {
  const mix = (a: number, b: number): number => Math.round(a * over.alpha + b * (1 - over.alpha));
  return { r: mix(over.r, under.r), g: mix(over.g, under.g), b: mix(over.b, under.b), alpha: 1 };
}
