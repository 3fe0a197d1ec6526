import { IMAGE_LIMITS } from '@offload/contracts/image-resize';
import sharp, { type Metadata } from 'sharp';
import { TAKEN_FORMATS, formatRefused, notAnImage, decodeError, tooManyPixels } from './image-error.js';
import { refusedFormat } from './refused-format.js';

export interface ImageFacts {
  /** By content: jpeg, png, webp, avif, gif, tiff. */
  format: string;
  /** Pixels as seen, EXIF orientation applied. */
  width: number;
  height: number;
}

/**
 * Reads the header only and checks it against the limits; nothing is decoded. Throws permanent TaskErrors:
 * `not-an-image`, `format-refused`, `broken-image`, `too-many-pixels`.
 * Only the first frame or page is ever decoded, so that is what counts.
 */
export async function inspectImage(bytes: Buffer): Promise<ImageFacts> {
  if (bytes.length === 0) throw notAnImage('The source is empty.');
  const refused = refusedFormat(bytes);
  if (refused) throw formatRefused(refused);

  const metadata = await readHeader(bytes);
  const format = formatOf(metadata);
  if (!(TAKEN_FORMATS as readonly string[]).includes(format)) throw formatRefused(format);
  const { width, height } = metadata.autoOrient;
  if (width * height > IMAGE_LIMITS.pixels) throw tooManyPixels('The image', width, height);
  return { format, width, height };
}

/** Without sharp's own pixel limit, whose error would not say the size. */
async function readHeader(bytes: Buffer): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    if (error instanceof Error && /unsupported image format/.test(error.message))
      throw notAnImage('The source is not an image that can be read.', error);
    throw decodeError(error);
  }
}

/** libvips says `heif` for AVIF and HEIC; what tells them apart is the codec. */
function formatOf({ format, compression }: Metadata): string {
  if (format !== 'heif') return format;
  return compression === 'av1' ? 'avif' : 'HEIC';
}
