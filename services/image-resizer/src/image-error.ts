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

const megapixels = (pixels: number): string => `${(pixels / 1e6).toFixed(1)} megapixels`;

export const tooManyPixels = (what: string, width: number, height: number): TaskError =>
  permanent(
    'too-many-pixels',
    `${what} has ${width} × ${height} pixels (${megapixels(width * height)}); at most ${megapixels(IMAGE_LIMITS.pixels)} are taken.`,
  );

export const sideTooLong = (what: string, width: number, height: number): TaskError =>
  permanent(
    'side-too-long',
    `${what} would have ${width} × ${height} pixels; a side has at most ${IMAGE_LIMITS.side}.`,
  );

/**
 * What an error of libvips while decoding means for the task: a limit (below), or else that the bytes are bad.
 * libvips has no codes, only messages.
 */
export function decodeError(error: unknown): TaskError {
  const reason = messageOf(error).trim().split('\n').at(-1);
  return (
    limitError(error) ?? permanent('broken-image', `The image is damaged or cut short (${reason}).`, error)
  );
}

/** While encoding, an error that is not a limit is no fault of the source: it is returned as it is. */
export const encodeError = (error: unknown): unknown => limitError(error) ?? error;

/** sharp's own timeout (its common.cc) and failed allocations (glib's and libvips' words). Another try may do. */
function limitError(cause: unknown): TaskError | null {
  const message = messageOf(cause);
  if (message.startsWith('timeout'))
    return new TaskError('took-too-long', 'The image took too long; ask for fewer or smaller variants.', {
      retry: 'yes',
      cause,
    });
  if (/out of memory|unable to allocate/i.test(message))
    return new TaskError('out-of-memory', 'The worker had not enough memory for the image.', {
      retry: 'yes',
      cause,
    });
  return null;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
