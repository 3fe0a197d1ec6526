import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { imageResize } from '@offload/contracts/image-resize';
import { runHandler, type HandlerRun, type RunHandlerOptions } from '@offload/worker/run-handler';
import type { Sharp } from 'sharp';
import { createImageHandler, type ImageHandlerOptions } from '../../services/image-resizer/src/handler.js';
import { renderImage } from '../../services/image-resizer/src/render-image.js';
import { restrictSharp } from '../../services/image-resizer/src/sharp-settings.js';

export type AskedVariants = z.input<typeof imageResize.input>['variants'];
export type ResizeRun = HandlerRun<typeof imageResize>;

const uploadsOnly = { fetch: () => Promise.reject(new Error('These tests read uploaded files only.')) };

/** Runs image.resize on an uploaded image, with libvips in this process (in a child of its own: image-processes). */
export async function resize(
  image: Sharp | Buffer,
  variants: AskedVariants,
  { handler = {}, ...options }: RunHandlerOptions & { handler?: Partial<ImageHandlerOptions> } = {},
): Promise<ResizeRun> {
  restrictSharp({ threads: 1, svg: handler.svg ?? false });
  const file = randomUUID();
  const body = Buffer.isBuffer(image) ? image : await image.toBuffer();
  const handle = createImageHandler({ outbound: uploadsOnly, render: renderImage, ...handler });
  const files = { [file]: { body, name: 'photo.jpg', type: 'image/jpeg' } };
  return runHandler(imageResize, handle, { source: { file }, variants }, { files, ...options });
}

/** The bytes of the variants, in their order. */
export const bodies = ({ result, files }: ResizeRun): Buffer[] =>
  result.variants.map(({ file }) => files.get(file)!.body);

/** What a refused image or variant is refused with. */
export async function refusal(
  run: Promise<unknown>,
): Promise<{ code: string; retry: string; message: string }> {
  return run.then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: { code: string; retry: string; message: string }) => error,
  );
}
