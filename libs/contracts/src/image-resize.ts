import { z } from 'zod';
import { defineTask } from './define-task.js';
import { imageFormat, variant } from './image-resize-variant.js';
import { fileName, source } from './source.js';

export { IMAGE_LIMITS, imageFormat, variantNames } from './image-resize-variant.js';

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
  version: 2,
  summary: 'Makes several variants (size, crop, format, quality, effects) of one image in one decode.',
  input: z.strictObject({
    source,
    variants,
  }),
  result: z.strictObject({
    source: z.strictObject({
      format: z.string().describe('By content, not by name: jpeg, png, webp, avif, gif, tiff, svg'),
      width: z.int().describe('As seen, EXIF orientation applied'),
      height: z.int(),
      bytes: z.int(),
      pages: z.int().describe('Pages or frames'),
      hasAlpha: z.boolean().describe('Whether it can be transparent'),
      dominantColour: z.string().describe('The most common colour, #rrggbb: a placeholder while it loads'),
      blurhash: z.string().describe('The same as a blurred picture: https://blurha.sh'),
    }),
    variants: z.array(
      z.strictObject({
        file: fileName.describe('Served under /v1/tasks/{id}/files/{file}'),
        format: imageFormat,
        type: z.string().describe('Media type'),
        width: z.int(),
        height: z.int(),
        frames: z.int().describe('1, or more for an animation'),
        bytes: z.int(),
        sha256: z.string(),
      }),
    ),
  }),
  timeoutMs: 60_000,
  maxAttempts: 5,
  backoff: { baseMs: 5_000, maxMs: 120_000 },
  concurrency: 2,
  example: {
    source: { url: 'https://www.debian.org/logos/openlogo-nd-100.png' },
    variants: [
      { width: 64, format: 'webp' },
      { width: 32, height: 32, fit: 'cover', format: 'jpeg', quality: 85 },
    ],
  },
});
