import { z } from 'zod';
import { defineTask } from './define-task.js';
import { fileName, source } from './source.js';

/**
 * What is taken, checked on the header before anything is decoded; pixels and side hold for each variant, too.
 * `side` in pixels is WebP's (14 bits, RFC 9649 section 2.5).
 */
export const IMAGE_LIMITS = { pixels: 50_000_000, bytes: 50 * 1024 * 1024, side: 16_383 } as const;

const side = z.int().min(1).max(IMAGE_LIMITS.side);

export const imageFormat = z.enum(['jpeg', 'png', 'webp', 'avif', 'gif']);

const variant = z
  .strictObject({
    name: fileName
      .optional()
      .describe('The file name; otherwise made from what is asked: w64.webp, w64-h32.jpg'),
    width: side.optional(),
    height: side.optional(),
    fit: z
      .enum(['cover', 'contain', 'inside', 'outside', 'fill'])
      .default('inside')
      .describe(
        'How it fits when both sides are given: cover crops around the centre, contain adds a border (transparent; ' +
          'white in jpeg), inside and outside keep the shape, fill does not',
      ),
    format: imageFormat.default('webp'),
    quality: z.int().min(1).max(100).default(80).describe('1 to 100; not used for png and gif'),
    enlarge: z.boolean().default(false).describe('Small images are not enlarged unless asked for'),
  })
  .refine((v) => v.width !== undefined || v.height !== undefined, {
    message: 'give a width, a height or both',
    path: ['width'],
  });

type Variant = Pick<z.output<typeof variant>, 'name' | 'width' | 'height' | 'format'>;

/**
 * The file name of each variant, in their order. A function of the input alone, so that a later task can name
 * the file before it exists. Names that are not given are made from the asked sides, with `-2`, `-3` … when taken.
 */
export function variantNames(variants: readonly Variant[]): string[] {
  const taken = new Set(variants.flatMap(({ name }) => name ?? []));
  return variants.map(({ name, width, height, format }) => {
    if (name !== undefined) return name;
    const sides = [width && `w${width}`, height && `h${height}`].filter(Boolean).join('-');
    const extension = format === 'jpeg' ? 'jpg' : format;
    let free = `${sides}.${extension}`;
    for (let n = 2; taken.has(free); n++) free = `${sides}-${n}.${extension}`;
    taken.add(free);
    return free;
  });
}

const variants = z
  .array(variant)
  .min(1)
  .max(20)
  .superRefine((all, check) => {
    all.forEach(({ name }, index) => {
      if (name !== undefined && all.findIndex((other) => other.name === name) < index)
        check.addIssue({ code: 'custom', message: 'another variant has this name', path: [index, 'name'] });
    });
  });

export const imageResize = defineTask({
  type: 'image.resize',
  summary: 'Makes several variants (size, fit, format, quality) of one image in one decode.',
  input: z.strictObject({
    source,
    variants,
  }),
  result: z.strictObject({
    source: z.strictObject({
      format: z.string().describe('By content, not by name: jpeg, png, webp, avif, gif, tiff'),
      width: z.int().describe('As seen, EXIF orientation applied'),
      height: z.int(),
      bytes: z.int(),
    }),
    variants: z.array(
      z.strictObject({
        file: fileName.describe('Served under /v1/tasks/{id}/files/{file}'),
        format: imageFormat,
        type: z.string().describe('Media type'),
        width: z.int(),
        height: z.int(),
        bytes: z.int(),
        sha256: z.string(),
      }),
    ),
  }),
  timeoutMs: 60_000,
  maxAttempts: 3,
  backoff: { baseMs: 2_000, maxMs: 60_000 },
  concurrency: 2,
  example: {
    source: { url: 'https://www.debian.org/logos/openlogo-nd-100.png' },
    variants: [
      { width: 64, format: 'webp' },
      { width: 32, height: 32, fit: 'cover', format: 'jpeg', quality: 85 },
    ],
  },
});
