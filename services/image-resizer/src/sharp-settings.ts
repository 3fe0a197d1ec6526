import sharp from 'sharp';

/** The loaders that are on, by libvips class; the formats they read are in TAKEN_FORMATS. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'];

/** Process-wide settings of libvips. */
export interface SharpSettings {
  /** Threads of one image; with the images that are worked on at once they should come to about the cores. */
  threads: number;
  /** Whether SVG is read at all. */
  svg: boolean;
}

/**
 * Sets libvips up, once before the first image. Every loader is blocked but those that are needed: PDF and what a
 * later libvips may bring cannot even be tried. No cache: an image is seen once.
 */
export function restrictSharp({ threads, svg }: SharpSettings): void {
  sharp.cache(false);
  sharp.concurrency(threads);
  sharp.block({ operation: ['VipsForeignLoad'] });
  const loaders = svg ? [...LOADERS, 'Svg'] : LOADERS;
  sharp.unblock({ operation: loaders.map((name) => `VipsForeignLoad${name}`) });
}
