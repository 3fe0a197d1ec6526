import { z } from 'zod';
import { statedFault } from './stated-fault.js';

/** One line of printable ASCII: what may stand in a header without being encoded. */
const headerText = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[!-~]([ -~]*[!-~])?$/, 'one line of printable ASCII, no blanks at its ends');

/** S3 takes 2 KB of names and values together (Amazon S3 User Guide, "Working with object metadata"); we add two. */
const METADATA_BYTES = 1_800;

/** Ours begin so: `offload-task` and `offload-sha256` (docs/uploads.md). */
const OWN_METADATA = /^offload-/;

/** Letters of all languages, digits, blanks and + - = . _ : / @ (Amazon S3 User Guide, "Object tagging"). */
const TAG = /^[\p{L}\p{N}\p{Zs}+\-=._:/@]*$/u;

const TAGS = 10;

const metadata = z
  .record(z.string(), headerText(METADATA_BYTES))
  .check(statedFault(metadataFault))
  .meta({ description: 'Sent as x-amz-meta-*: names in lower case, 1,800 bytes in all' });

const tags = z
  .record(z.string(), z.string())
  .check(statedFault(tagsFault))
  .meta({ description: 'At most 10; names of 1 to 128 and values of at most 256 characters' });

/** The parts of an s3.upload input that become the object's headers. */
export const objectHeaders = {
  contentType: z
    .string()
    .max(200)
    .regex(
      /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+(?: *;[ -~]*)?$/,
      'a media type such as image/png',
    )
    .optional()
    .describe(
      "Media type of the object; by default the source's own, or what its first bytes or its name tell",
    ),
  contentDisposition: headerText(500).optional().describe('e.g. attachment; filename="report.pdf"'),
  contentEncoding: headerText(100).optional().describe('e.g. gzip, of bytes that are compressed already'),
  contentLanguage: headerText(100).optional(),
  cacheControl: headerText(200).optional().describe('e.g. public, max-age=31536000, immutable'),
  metadata: metadata.optional(),
  tags: tags.optional(),
  storageClass: z
    .string()
    .regex(/^[A-Z][A-Z0-9_-]{0,40}$/, 'such as STANDARD_IA')
    .optional()
    .describe('As the server names it, e.g. STANDARD_IA, INTELLIGENT_TIERING, GLACIER_IR'),
  encryption: z
    .strictObject({
      algorithm: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']),
      kmsKeyId: headerText(2048).optional().describe('With aws:kms: id, ARN or alias of the key'),
    })
    .check(({ value, issues }) => {
      if (value.algorithm === 'AES256' && value.kmsKeyId !== undefined)
        issues.push({
          code: 'custom',
          message: 'stands with aws:kms only',
          path: ['kmsKeyId'],
          input: value,
        });
    })
    .optional()
    .describe('Server-side encryption; when the server does not confirm it, the task fails'),
};

function metadataFault(metadata: Record<string, string>): string | undefined {
  const names = Object.keys(metadata);
  // RFC 9110, section 5.6.2 (token), without what some servers drop.
  const odd = names.find((name) => !/^[a-z0-9][a-z0-9._-]{0,99}$/.test(name));
  if (odd !== undefined)
    return `the name ${JSON.stringify(odd)} is not made of a-z, 0-9, dot, dash and underscore`;
  if (names.some((name) => OWN_METADATA.test(name))) return 'names that begin with offload- are taken';
  const bytes = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return bytes > METADATA_BYTES ? `names and values have more than ${METADATA_BYTES} bytes` : undefined;
}

function tagsFault(tags: Record<string, string>): string | undefined {
  const all = Object.entries(tags);
  if (all.length > TAGS) return `at most ${TAGS}`;
  for (const [name, value] of all) {
    if (name.length < 1 || name.length > 128) return 'names have 1 to 128 characters';
    if (value.length > 256) return 'values have at most 256 characters';
    if (!TAG.test(name) || !TAG.test(value)) return 'letters, digits, blanks and + - = . _ : / @ only';
    if (/^aws:/i.test(name)) return 'names that begin with aws: are taken';
  }
  return undefined;
}
