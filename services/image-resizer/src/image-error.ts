import { TaskError } from '@offload/contracts/errors';
import { IMAGE_LIMITS } from '@offload/contracts/image-resize';

export const TAKEN_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const;
export const TAKEN = 'JPEG, PNG, WebP, AVIF, GIF and TIFF are taken';

const permanent = (code: string, message: string, cause?: unknown): TaskError =>
  new TaskError(code, message, { retry: 'no', cause });

export const notAnImage = (why: string, cause?: unknown): TaskError =>
  permanent('not-an-image', `${why} ${TAKEN}.`, cause);

export const formatRefused = (name: string): TaskError =>
  permanent('format-refused', `The source is ${name}; ${TAKEN}.`);

export const svgRefused = (why: string): TaskError =>
  permanent('svg-refused', `The SVG ${why}; take it out of the file.`);

const megapixels = (pixels: number): string => `${(pixels / 1e6).toFixed(1)} megapixels`;

export const tooManyPixels = (what: string, width: number, height: number): TaskError =>
  permanent(
    'too-many-pixels',
    `${what} has ${width} × ${height} pixels (${megapixels(width * height)}); at most ${megapixels(IMAGE_LIMITS.pixels)} are taken.`,
  );

export const tooManyFrames = (frames: number): TaskError =>
  permanent(
    'too-many-frames',
    `The animation has ${frames} frames; at most ${IMAGE_LIMITS.frames} are taken.`,
  );

export const framesTooLarge = (what: string, pixels: number, most: number): TaskError =>
  permanent(
    'too-many-pixels',
    `All frames of the animation together have ${megapixels(pixels)} ${what}; at most ${megapixels(most)} are taken.`,
  );

export const tooManyChannels = (channels: number): TaskError =>
  permanent(
    'too-many-channels',
    `The image has ${channels} channels; at most ${IMAGE_LIMITS.channels} (CMYK and transparency) are taken.`,
  );

export const noSuchPage = (page: number, pages: number): TaskError =>
  permanent('no-such-page', `There is no page ${page}; the image has ${pages}, counted from 0.`);

export const cropOutside = (width: number, height: number): TaskError =>
  permanent(
    'crop-outside',
    `The crop lies outside the picture, which has ${width} × ${height} pixels as seen.`,
  );

export const sideTooLong = (what: string, width: number, height: number): TaskError =>
  permanent(
    'side-too-long',
    `${what} would have ${width} × ${height} pixels; a side has at most ${IMAGE_LIMITS.side}.`,
  );

export const variantTooLarge = (name: string, bytes: number, most: number): TaskError =>
  permanent('variant-too-large', `The variant ${name} has ${bytes} bytes; at most ${most} are made.`);

export const doesNotFit = (name: string, bytes: number, most: number): TaskError =>
  permanent(
    'cannot-fit',
    `The variant ${name} has ${bytes} bytes at the lowest quality; maxBytes is ${most}: ask for a smaller size.`,
  );

/** Another try may do where the machine was busy, or a neighbour took the memory; one more, not all of them. */
const onceMore = (again: boolean): 'yes' | 'no' => (again ? 'yes' : 'no');

export const tookTooLong = (limitMs: number, again: boolean): TaskError =>
  new TaskError(
    'took-too-long',
    `The image took more than ${limitMs / 1000} s; ask for fewer or smaller variants, or less effort.`,
    { retry: onceMore(again) },
  );

export const imageCrashed = (how: string, again: boolean): TaskError =>
  new TaskError(
    'image-crashed',
    'The image made the process end that worked on it; save it anew and try that.',
    {
      retry: onceMore(again),
      cause: new Error(`The process for images ended: ${how}`),
    },
  );

export const tooMuchMemory = (limitBytes: number): TaskError =>
  permanent(
    'too-much-memory',
    `The image needed more than ${Math.round(limitBytes / 1024 / 1024)} MiB of memory; ask for fewer or smaller variants.`,
  );

/**
 * What an error of libvips while decoding means for the task: no memory, or else that the bytes are bad.
 * libvips has no codes, only messages.
 */
export function decodeError(error: unknown): TaskError {
  const reason = messageOf(error).trim().split('\n').at(-1);
  return (
    memoryError(error) ?? permanent('broken-image', `The image is damaged or cut short (${reason}).`, error)
  );
}

/** While encoding, an error that is not one of memory is no fault of the source: it is returned as it is. */
export const encodeError = (error: unknown): unknown => memoryError(error) ?? error;

/** Failed allocations (glib's and libvips' words). Another try may do. */
function memoryError(cause: unknown): TaskError | null {
  if (!/out of memory|unable to allocate/i.test(messageOf(cause))) return null;
  return new TaskError('out-of-memory', 'The worker had not enough memory for the image.', {
    retry: 'yes',
    cause,
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
