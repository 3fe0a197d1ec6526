import sharp from 'sharp';

/** The loaders that are on, by libvips class; the formats they read are in TAKEN_FORMATS. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map((name) => `VipsForeignLoad${name}`);

/**
 * Process-wide settings of libvips, set once before the first image.
 * Every loader is blocked but the six that are needed: SVG (reads other files), PDF, and what a later libvips
 * may bring cannot even be tried. No cache: an image is seen once.
 * @param threads Threads of one image; with the handlers that run at once they should come to about the cores.
 */
export function restrictSharp(threads: number): void {
  sharp.cache(false);
  sharp.concurrency(threads);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
}
