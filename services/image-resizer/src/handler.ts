import { buffer } from 'node:stream/consumers';
import type { Input } from '@offload/contracts/define-task';
import { IMAGE_LIMITS, imageResize, variantNames } from '@offload/contracts/image-resize';
import type { Outbound } from '@offload/outbound/outbound';
import type { Handler, HandlerContext } from '@offload/worker/handler';
import { openSource } from '@offload/worker/open-source';
import { inspectImage } from './inspect-image.js';
import { decodeImage, encodeVariant } from './render-image.js';
import { restrictSharp } from './sharp-settings.js';
import { decodeSize, variantSize } from './variant-size.js';

export interface ImageHandlerOptions {
  outbound: Pick<Outbound, 'fetch'>;
  /** Threads of one image. */
  threads: number;
}

/**
 * The handler of image.resize: download, check the header, decode once, make the variants one by one.
 * Memory of one task: the source's bytes, its pixels at the size of the largest variant (at most 200 MB), one variant.
 */
export function createImageHandler({ outbound, threads }: ImageHandlerOptions): Handler<typeof imageResize> {
  restrictSharp(threads);

  return async (input, context) => {
    const secondsLeft = countdown(imageResize.timeoutMs);
    const bytes = await download(input.source, context, outbound);
    const facts = await inspectImage(bytes);
    const sizes = input.variants.map((variant) => variantSize(facts, variant));

    // libvips knows no AbortSignal: a step that has begun ends by itself or by its time limit.
    context.signal.throwIfAborted();
    context.progress(0, sizes.length, 'decoding');
    const pixels = await decodeImage(bytes, decodeSize(facts, input.variants), secondsLeft());

    const names = variantNames(input.variants);
    const variants = [];
    for (const [index, variant] of input.variants.entries()) {
      context.signal.throwIfAborted();
      const { data, type, width, height } = await encodeVariant(
        pixels,
        variant,
        sizes[index]!,
        secondsLeft(),
      );
      const { name, size, sha256 } = await context.files.save(names[index]!, type, data);
      variants.push({ file: name, format: variant.format, type, width, height, bytes: size, sha256 });
      context.progress(index + 1, sizes.length, name);
    }
    return { source: { ...facts, bytes: bytes.length }, variants };
  };
}

async function download(
  source: Input<typeof imageResize>['source'],
  context: HandlerContext,
  outbound: Pick<Outbound, 'fetch'>,
): Promise<Buffer> {
  const opened = await openSource(source, {
    context,
    outbound,
    maxBytes: IMAGE_LIMITS.bytes,
    deadlineMs: imageResize.timeoutMs,
  });
  return buffer(opened.stream);
}

/** sharp takes whole seconds, and 0 would mean no limit. */
function countdown(limitMs: number): () => number {
  const ends = performance.now() + limitMs;
  return () => Math.max(1, Math.ceil((ends - performance.now()) / 1000));
}
