import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_LIMITS } from '@offload/contracts/image-resize';
import { arrangeVariant } from './arrange-variant.js';
import type { Variant } from './complete-variant.js';
import { readCopyright } from './copyright.js';
import { decodeImage } from './decode-image.js';
import { encodeVariant, type EncodedVariant } from './encode-variant.js';
import { framesTooLarge } from './image-error.js';
import { checkFrames, inspectImage, type ImageFacts } from './inspect-image.js';
import type { Pixels } from './pixels.js';
import { placeholderOf, type Placeholder } from './placeholder.js';
import { trimRegion } from './trim-region.js';
import { decodeScale, regionOf, scaled, turnedSize, variantSize, whole, type Rect } from './variant-size.js';

/** One image's work. Bytes go by files, so that no process holds more of them than it works on. */
export interface RenderJob {
  /** Path of the source. */
  source: string;
  /** Where the variants are written, each under its index. */
  folder: string;
  /** With its file's name, for messages. */
  variants: (Variant & { name: string })[];
  /** Whether SVG is taken. */
  svg: boolean;
  /** Whether a failure that may have been the machine's should be tried once more. */
  again: boolean;
}

export interface RenderedSource extends Placeholder {
  format: string;
  width: number;
  height: number;
  pages: number;
  hasAlpha: boolean;
}

export type RenderEvent =
  { variant: EncodedVariant & { index: number; path: string } } | { source: RenderedSource };

/** Does a job; tells of each variant once it is written, in any order, and of the source at the end. */
export type Renderer = (job: RenderJob, signal: AbortSignal) => AsyncIterable<RenderEvent>;

/** What is decoded at once, and the variants that are made from it, the largest first. */
interface Decode {
  facts: ImageFacts;
  /** A page, or all frames of an animation. */
  page: number | { frames: number };
  profiled: boolean;
  trims: boolean;
  variants: { index: number; variant: RenderJob['variants'][number] }[];
}

/**
 * The work of image.resize, in this process: header checked, then one decode for all variants (one more for each other
 * page, for an animation, for a kept profile and for a trim, which needs all pixels). Everything that can be refused
 * without decoding is refused before. Throws TaskErrors: see inspectImage, decodeImage, variantSize, encodeVariant.
 */
export async function* renderImage(job: RenderJob, signal: AbortSignal): AsyncGenerator<RenderEvent> {
  const bytes = await readFile(job.source);
  const facts = await inspectImage(bytes, { svg: job.svg });
  const decodes = await planDecodes(bytes, facts, job);
  let placeholder: Placeholder | undefined;
  for (const decode of decodes) {
    signal.throwIfAborted();
    const frames = await decodeFor(bytes, decode);
    placeholder ??= await placeholderOf(frames[0]!);
    for (const { index, variant } of decode.variants) {
      // libvips knows no AbortSignal: a step that has begun ends by itself, or with its process.
      signal.throwIfAborted();
      yield {
        variant: {
          index,
          ...(await renderVariant(frames, decode, variant, join(job.folder, String(index)))),
        },
      };
    }
  }
  const { format, width, height, pages, hasAlpha } = facts;
  yield { source: { format, width, height, pages, hasAlpha, ...placeholder! } };
}

/** Groups the variants by what they need decoded, and checks all of their sizes. */
async function planDecodes(
  bytes: Buffer,
  first: ImageFacts,
  { variants, svg }: RenderJob,
): Promise<Decode[]> {
  const decodes = new Map<string, Decode>();
  for (const [index, asked] of variants.entries()) {
    const moves = asked.animated === true && first.pages > 1;
    const page = moves ? { frames: first.pages } : (asked.page ?? 0);
    const profiled = asked.keepProfile === true && first.hasProfile;
    const trims = asked.trim !== undefined;
    const key = JSON.stringify([page, profiled, trims]);
    const known = decodes.get(key);
    const facts =
      known?.facts ?? (page === 0 || moves ? first : await inspectImage(bytes, { page: asked.page, svg }));
    if (moves && !known) checkFrames(facts);
    // An SVG has no pixels that could be enlarged.
    const variant = facts.format === 'svg' ? { ...asked, enlarge: true } : asked;
    if (!trims) variantSize(turnedSize(regionOf(facts, variant), variant.rotate), variant);
    const decode = known ?? { facts, page, profiled, trims, variants: [] };
    decodes.set(key, decode);
    decode.variants.push({ index, variant });
  }
  for (const { facts, variants } of decodes.values())
    variants.sort(
      (a, b) => decodeScale(facts, b.variant, Infinity) - decodeScale(facts, a.variant, Infinity),
    );
  return [...decodes.values()];
}

async function decodeFor(bytes: Buffer, { facts, page, profiled, variants }: Decode): Promise<Pixels[]> {
  const most = facts.format === 'svg' ? Infinity : 1;
  const scale = Math.max(...variants.map(({ variant }) => decodeScale(facts, variant, most)));
  const size = scaled(facts, scale);
  const pixels = size.width * size.height * (typeof page === 'number' ? 1 : page.frames);
  if (pixels > IMAGE_LIMITS.pixels)
    throw framesTooLarge('at the size that is asked for', pixels, IMAGE_LIMITS.pixels);
  return decodeImage(bytes, { size, page, profiled, endsInP3: facts.endsInP3 });
}

async function renderVariant(
  frames: Pixels[],
  { facts, profiled }: Decode,
  variant: RenderJob['variants'][number],
  path: string,
): Promise<EncodedVariant & { path: string }> {
  // A trim's decode is in full: its pixels are the source's.
  const region: Rect = variant.trim ? await trimRegion(frames[0]!, variant.trim) : regionOf(facts, variant);
  const source = variant.trim ? whole(frames[0]!) : facts;
  const pictures = await arrangeVariant(frames, source, region, variant);
  const encoded = await encodeVariant(pictures, {
    path,
    name: variant.name,
    variant,
    profiled,
    copyright: variant.keepCopyright ? readCopyright(facts.exif) : {},
    delay: facts.delay,
    loop: facts.loop,
  });
  return { ...encoded, path };
}
