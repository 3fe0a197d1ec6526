import { z } from 'zod';
import { defineTask } from './define-task.js';
import { source } from './source.js';

/**
 * `bytes`: the most that one task takes. `partBytes`: at most so much goes in a single PUT, more in parts of this
 * size. bytes ÷ partBytes is below S3's limit of 10,000 parts, so parts never have to grow, and all but the last
 * are of one size, as some servers demand (Amazon S3 User Guide, "Amazon S3 multipart upload limits").
 */
export const UPLOAD_LIMITS = { bytes: 64 * 1024 ** 3, partBytes: 8 * 1024 ** 2 } as const;

/** Bucket naming rules: Amazon S3 User Guide, "General purpose bucket naming rules". */
export const bucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'lower-case letters, digits, dots and dashes, 3 to 63');

/** Object keys are at most 1,024 bytes of UTF-8 (Amazon S3 User Guide, "Naming objects"). */
const key = z
  .string()
  .min(1)
  .refine((k) => Buffer.byteLength(k) <= 1024, 'at most 1,024 bytes of UTF-8')
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is refused
  .refine((k) => !/[\u0000-\u001f\u007f]/.test(k), 'no control characters')
  .refine(
    (k) => !k.startsWith('/') && !k.split('/').some((part) => part === '' || part === '.' || part === '..'),
    {
      message: 'no leading slash and no empty, . or .. parts',
    },
  );

export const s3Upload = defineTask({
  type: 's3.upload',
  summary: 'Streams a source to a bucket and key, checksummed end to end.',
  input: z.strictObject({
    source,
    bucket: bucketName.describe('One of the buckets that the operator allows (S3_BUCKETS)'),
    key,
    contentType: z
      .string()
      .max(200)
      .regex(/^[!-~]+\/[ -~]+$/, 'a media type such as image/png')
      .optional()
      .describe("Media type of the object; the source's own by default"),
    overwrite: z
      .boolean()
      .default(true)
      .describe('false: fails with `exists` when other bytes stand at the key; the same bytes are a success'),
  }),
  result: z.strictObject({
    bucket: z.string(),
    key: z.string(),
    location: z.string().describe('URL of the object'),
    etag: z.string().describe('As S3 gives it, in double quotes'),
    bytes: z.int(),
    type: z.string().describe('Media type'),
    sha256: z.string().describe('Hex, of the bytes that were sent'),
    parts: z.int().describe('1: single PUT; more: multipart'),
    existed: z.boolean().describe('The same bytes stood there already; nothing was sent'),
  }),
  timeoutMs: 600_000,
  maxAttempts: 4,
  backoff: { baseMs: 2_000, maxMs: 120_000 },
  concurrency: 4,
  example: {
    source: { url: 'https://www.debian.org/logos/openlogo-nd-100.png' },
    bucket: 'offload',
    key: 'examples/logo.png',
  },
});
