import { TaskError } from '@offload/contracts/errors';
import { IMAGE_LIMITS } from '@offload/contracts/image-resize';
import sharp, { type Metadata } from 'sharp';
import {
  TAKEN_FORMATS,
  decodeError,
  formatRefused,
  framesTooLarge,
  noSuchPage,
  notAnImage,
  tooManyChannels,
  tooManyFrames,
  tooManyPixels,
} from './image-error.js';
import { refusedFormat } from './refused-format.js';
import { checkSvg } from './svg-guard.js';

export interface ImageFacts {
  /** By content: jpeg, png, webp, avif, gif, tiff, and svg where it is taken. */
  format: string;
  /** Pixels as seen, EXIF orientation applied. */
  width: number;
  height: number;
  /** Pages or frames. */
  pages: number;
  hasAlpha: boolean;
  /** RGB with a profile of its own. */
  hasProfile: boolean;
  /** RGB of 16 bits with a profile, which sharp leaves in Display P3 (its pipeline.cc, "processingProfile"). */
  endsInP3: boolean;
  /** EXIF block, if any. */
  exif: Buffer | undefined;
  /** Of an animation: milliseconds of each frame, and how often it is shown (0: for ever). */
  delay: number[] | undefined;
  loop: number | undefined;
}

/**
 * Reads the header only and checks it against the limits; nothing is decoded. Throws permanent TaskErrors:
 * `not-an-image`, `format-refused`, `svg-refused`, `broken-image`, `no-such-page`, `too-many-channels`,
 * `too-many-pixels`. One page is looked at, which is all that is decoded; for animations see checkFrames.
 */
export async function inspectImage(bytes: Buffer, { page = 0, svg = false } = {}): Promise<ImageFacts> {
  if (bytes.length === 0) throw notAnImage('The source is empty.');
  const refused = refusedFormat(bytes);
  if (refused && !(svg && refused === 'SVG')) throw formatRefused(refused);
  if (refused) checkSvg(bytes);

  const metadata = await readHeader(bytes, page);
  const format = formatOf(metadata, bytes);
  if (!(TAKEN_FORMATS as readonly string[]).includes(format) && !(svg && format === 'svg'))
    throw formatRefused(format);
  if (metadata.channels > IMAGE_LIMITS.channels) throw tooManyChannels(metadata.channels);
  const { width, height } = metadata.autoOrient;
  if (width * height > IMAGE_LIMITS.pixels) throw tooManyPixels('The image', width, height);
  return {
    format,
    width,
    height,
    pages: metadata.pages ?? 1,
    hasAlpha: metadata.hasAlpha,
    hasProfile: metadata.hasProfile && metadata.space === 'srgb',
    endsInP3: metadata.hasProfile && metadata.space === 'rgb16',
    exif: metadata.exif,
    delay: metadata.delay,
    loop: metadata.loop,
  };
}

/** Throws permanent TaskErrors `too-many-frames` and `too-many-pixels` for an animation that is too much as a whole. */
export function checkFrames({ pages, width, height }: Pick<ImageFacts, 'pages' | 'width' | 'height'>): void {
  if (pages > IMAGE_LIMITS.frames) throw tooManyFrames(pages);
  const pixels = pages * width * height;
  if (pixels > IMAGE_LIMITS.framePixels)
    throw framesTooLarge('as they are', pixels, IMAGE_LIMITS.framePixels);
}

/** Without sharp's own pixel limit, whose error would not say the size. */
async function readHeader(bytes: Buffer, page: number): Promise<Metadata> {
  const header = (options: { page?: number }): Promise<Metadata> =>
    sharp(bytes, { limitInputPixels: false, limitInputChannels: false, ...options }).metadata();
  try {
    const first = await header({});
    if (page === 0) return first;
    const pages = first.pages ?? 1;
    if (page >= pages) throw noSuchPage(page, pages);
    // Pages of a TIFF have sizes of their own.
    return { ...(await header({ page })), pages };
  } catch (error) {
    if (error instanceof Error && /unsupported image format/.test(error.message))
      throw notAnImage('The source is not an image that can be read.', error);
    throw error instanceof TaskError ? error : decodeError(error);
  }
}

/**
 * libvips says `heif` for AVIF and HEIC. What tells them apart is the codec, which libvips takes from the file's first
 * brand; AVIF may stand among the others, too (AV1 Image File Format, section 6).
 */
function formatOf({ format, compression }: Metadata, bytes: Buffer): string {
  if (format !== 'heif') return format;
  return compression === 'av1' || /avi[fs]/.test(brandsOf(bytes)) ? 'avif' : 'HEIC';
}

/** The compatible brands of an ISO base media file's first box (ISO/IEC 14496-12, 4.3). */
const brandsOf = (bytes: Buffer): string =>
  bytes.toString('latin1', 16, Math.min(256, bytes.length < 16 ? 0 : bytes.readUInt32BE(0)));
