import { IMAGE_LIMITS } from '@offload/contracts/image-resize';
import sharp, { type Sharp } from 'sharp';
import { chooseFormat } from './choose-format.js';
import type { Variant } from './complete-variant.js';
import type { Copyright } from './copyright.js';
import { doesNotFit, encodeError, variantTooLarge } from './image-error.js';
import { openPixels, takePixels, type Pixels } from './pixels.js';

export type OutputFormat = Exclude<Variant['format'], 'auto'>;

export interface EncodedVariant {
  format: OutputFormat;
  /** Pixels, of one frame. */
  width: number;
  height: number;
  frames: number;
  bytes: number;
}

export interface EncodeOptions {
  /** Where it is written. */
  path: string;
  /** For messages. */
  name: string;
  variant: Variant;
  profiled: boolean;
  copyright: Copyright;
  /** Of an animation. */
  delay?: number[] | undefined;
  loop?: number | undefined;
}

/**
 * Encodes an arranged picture, or the frames of an animation, into a file. Throws permanent TaskErrors
 * `variant-too-large` and `cannot-fit`, and `out-of-memory`; other errors are ours, not the source's.
 */
export async function encodeVariant(frames: Sharp[], options: EncodeOptions): Promise<EncodedVariant> {
  const encoded = await encode(frames, options).catch((error: unknown) => {
    throw encodeError(error);
  });
  if (encoded.bytes > IMAGE_LIMITS.outputBytes)
    throw variantTooLarge(options.name, encoded.bytes, IMAGE_LIMITS.outputBytes);
  return encoded;
}

async function encode(frames: Sharp[], options: EncodeOptions): Promise<EncodedVariant> {
  const { variant, profiled } = options;
  if (frames.length > 1) return encodeAnimation(frames, options);
  const [picture] = frames as [Sharp];
  if (variant.format !== 'auto' && variant.maxBytes === undefined)
    return write(picture, variant.format, options);
  const pixels = await takePixels(picture, profiled);
  const format = variant.format === 'auto' ? await formatOf(pixels, variant) : variant.format;
  const first = await write(openPixels(pixels), format, options);
  if (variant.maxBytes === undefined || first.bytes <= variant.maxBytes) return first;
  return fit(pixels, format, options, variant.maxBytes);
}

async function formatOf(pixels: Pixels, { lossless = false }: Variant): Promise<OutputFormat> {
  const plain = pixels.profiled ? await takePixels(openPixels(pixels), false) : pixels;
  return chooseFormat(plain, lossless);
}

/** The highest quality below the asked one whose file is small enough. */
async function fit(
  pixels: Pixels,
  format: OutputFormat,
  options: EncodeOptions,
  maxBytes: number,
): Promise<EncodedVariant> {
  const at = (quality: number): Promise<EncodedVariant> =>
    write(openPixels(pixels), format, { ...options, variant: { ...options.variant, quality } });
  const lowest = await at(1);
  if (lowest.bytes > maxBytes) throw doesNotFit(options.name, lowest.bytes, maxBytes);
  let [fits, tooMuch] = [1, options.variant.quality ?? QUALITY[format]];
  while (tooMuch - fits > 1) {
    const quality = Math.floor((fits + tooMuch) / 2);
    if ((await at(quality)).bytes <= maxBytes) fits = quality;
    else tooMuch = quality;
  }
  return at(fits);
}

/** sharp takes an animation as one strip of frames. */
async function encodeAnimation(frames: Sharp[], options: EncodeOptions): Promise<EncodedVariant> {
  const { variant, delay, loop } = options;
  const taken: Pixels[] = [];
  for (const frame of frames) taken.push(await takePixels(frame, false));
  const [{ width, height: pageHeight, channels }] = taken as [Pixels];
  const format = variant.format === 'gif' ? 'gif' : 'webp';
  const strip = sharp(Buffer.concat(taken.map(({ data }) => data)), {
    raw: { width, height: pageHeight * taken.length, channels, pageHeight },
    limitInputPixels: IMAGE_LIMITS.framePixels,
  });
  return write(strip, format, options, { frames: taken.length, timing: { delay, loop } });
}

async function write(
  image: Sharp,
  format: OutputFormat,
  { path, variant, copyright }: EncodeOptions,
  { frames = 1, timing = {} }: { frames?: number; timing?: Timing } = {},
): Promise<EncodedVariant> {
  const marked = Object.keys(copyright).length > 0 ? image.withExif({ IFD0: { ...copyright } }) : image;
  // Grey needs one channel only; converted last, so that nothing before it has to know.
  const grey = variant.grayscale ? marked.toColourspace('b-w') : marked;
  const info = await encoded(grey, format, variant, timing).toFile(path);
  return { format, width: info.width, height: info.height / frames, frames, bytes: info.size };
}

interface Timing {
  delay?: number[] | undefined;
  loop?: number | undefined;
}

/** 63 in avif looks like 80 in the others (imgproxy has the same pair). */
const QUALITY = { jpeg: 80, webp: 80, avif: 63, png: 100, gif: 100 } as const;

/** Efforts from 0 to 9 on the encoder's own scale. */
const onScale = (effort: number, from: number, to: number): number =>
  from + Math.round((effort / 9) * (to - from));

function encoded(image: Sharp, format: OutputFormat, variant: Variant, timing: Timing): Sharp {
  const { effort, progressive, lossless, colours } = variant;
  const quality = variant.quality ?? QUALITY[format];
  switch (format) {
    case 'jpeg': {
      const mozjpeg = effort === undefined || effort >= MOZJPEG_FROM;
      const scans = progressive ?? mozjpeg;
      return image.jpeg({
        quality,
        progressive: scans,
        ...(mozjpeg && { ...MOZJPEG, optimiseScans: scans }),
      });
    }
    case 'png':
      return image.png({
        compressionLevel: effort ?? 6,
        progressive,
        ...(colours !== undefined && {
          palette: true,
          colours,
          quality,
          effort: onScale(effort ?? 7, 1, 10),
        }),
      });
    case 'webp':
      return image.webp({ quality, lossless, effort: onScale(effort ?? 6, 0, 6), ...timing });
    case 'avif':
      // sharp's default of 4 takes four times as long for the same bytes (docs/decisions/0010).
      return image.avif({ quality, lossless, effort: effort ?? 3 });
    case 'gif':
      return image.gif({ colours, progressive, effort: onScale(effort ?? 6, 1, 10), ...timing });
  }
}

const MOZJPEG_FROM = 4;
/** What sharp's `mozjpeg: true` stands for, but for the progressive scans, which it would insist on. */
const MOZJPEG = { trellisQuantisation: true, overshootDeringing: true, quantisationTable: 3 } as const;
