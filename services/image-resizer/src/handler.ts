import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Input, Result } from '@offload/contracts/define-task';
import { IMAGE_LIMITS, imageResize, variantNames } from '@offload/contracts/image-resize';
import type { Outbound } from '@offload/outbound/outbound';
import type { Handler, HandlerContext } from '@offload/worker/handler';
import { openSource } from '@offload/worker/open-source';
import { completeVariant, type Presets } from './complete-variant.js';
import type { RenderedSource, Renderer } from './render-image.js';

export interface ImageHandlerOptions {
  outbound: Pick<Outbound, 'fetch'>;
  /** Does the work with the pixels: in processes of its own (image-processes.ts), or here, in tests. */
  render: Renderer;
  presets?: Presets;
  /** Whether SVG is taken. */
  svg?: boolean;
}

type MadeVariant = Result<typeof imageResize>['variants'][number];

/**
 * The handler of image.resize: the source goes into a file, the renderer makes the variants into files beside it, and
 * each is stored while the next one is made. This process never holds an image's bytes as a whole.
 */
export function createImageHandler(options: ImageHandlerOptions): Handler<typeof imageResize> {
  const { outbound, render, presets = new Map(), svg = false } = options;

  return async (input, context) => {
    const names = variantNames(input.variants);
    const variants = input.variants.map((asked, index) => ({
      ...completeVariant(asked, presets),
      name: names[index]!,
    }));
    const folder = await mkdtemp(join(tmpdir(), 'offload-image-'));
    try {
      const path = join(folder, 'source');
      const bytes = await download(input.source, path, context, outbound);
      context.progress(0, variants.length, 'decoding');
      let source: RenderedSource | undefined;
      const made: MadeVariant[] = [];
      let done = 0;
      const again = context.attempt === 1;
      for await (const event of render({ source: path, folder, variants, svg, again }, context.signal)) {
        if ('source' in event) source = event.source;
        else {
          const { index, path, ...variant } = event.variant;
          const type = `image/${variant.format}`;
          const { name, sha256 } = await context.files.save(names[index]!, type, createReadStream(path));
          made[index] = { ...variant, file: name, type, sha256 };
          context.progress(++done, variants.length, name);
        }
      }
      if (!source) throw new Error('The renderer ended without telling of the source.');
      return { source: { ...source, bytes }, variants: made };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** Returns the bytes that were written to `path`. */
async function download(
  source: Input<typeof imageResize>['source'],
  path: string,
  context: HandlerContext,
  outbound: Pick<Outbound, 'fetch'>,
): Promise<number> {
  const opened = await openSource(source, {
    context,
    outbound,
    maxBytes: IMAGE_LIMITS.bytes,
    deadlineMs: imageResize.timeoutMs,
  });
  await pipeline(opened.stream, createWriteStream(path));
  return (await stat(path)).size;
}
