import { z } from 'zod';
import { defineTask } from './define-task.js';
import { bucketName, keyTemplate, MULTIPLE_KEY, objectKey } from './s3-key.js';
import { objectHeaders } from './s3-object.js';
import { source, taskFilesSource } from './source.js';

/**
 * `bytes`: the most that one object takes. `partBytes`: at most so much goes in a single PUT, more in parts of at least
 * this size (they grow so that there are never more than `parts`). `files`: objects that one task makes.
 * Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits".
 */
export const UPLOAD_LIMITS = {
  bytes: 256 * 1024 ** 3,
  partBytes: 8 * 1024 ** 2,
  parts: 10_000,
  files: 200,
} as const;

/** SigV4 signs for a week at most (AWS General Reference, "Authenticating requests: query parameters"). */
const LONGEST_LINK_MS = 7 * 24 * 3_600_000;

const uploadSource = z.union([...source.options, taskFilesSource]).meta({
  description:
    "Where the bytes come from: a URL, an uploaded file, another task's file, or those of its files that a pattern names.",
});

const input = z
  .strictObject({
    source: uploadSource,
    target: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes')
      .optional()
      .describe("One of the operator's connections (S3_CONNECTIONS); the default one if absent"),
    bucket: bucketName.describe('One of the buckets that the operator allows for the target'),
    key: keyTemplate.describe(
      'The key, or a template of it: {name} {base} {ext} {sha256} {task} {yyyy} {mm} {dd}; see docs/uploads.md',
    ),
    ...objectHeaders,
    overwrite: z
      .enum(['always', 'never', 'if-match'])
      .default('always')
      .describe(
        'never: fails with `exists` when other bytes stand at the key. if-match: replaces the object that has the ' +
          'ETag `ifMatch` and fails with `changed` when it is another. The same bytes are a success: `already-there`.',
      ),
    ifMatch: z
      .string()
      .regex(/^("[!#-~]{1,200}"|[!#-~]{1,200})$/, 'an ETag')
      .optional()
      .describe('With overwrite if-match: the ETag of the object to be replaced'),
    presign: z
      .strictObject({
        expiresInMs: z
          .int()
          .min(1_000)
          .max(LONGEST_LINK_MS)
          .describe('How long the link works: at most 7 days, and never longer than the credentials'),
      })
      .optional()
      .describe('Puts a link into the result with which anybody can read the object'),
  })
  .check(({ value, issues }) => {
    const fault = (path: string, message: string): void =>
      void issues.push({ code: 'custom', message, path: [path], input: value });
    if ((value.overwrite === 'if-match') !== (value.ifMatch !== undefined))
      fault('ifMatch', 'stands with overwrite if-match, and only there');
    if ('files' in value.source && !MULTIPLE_KEY.test(value.key))
      fault('key', 'for several files the key holds {name}, {base} or {sha256}');
    if ('files' in value.source && value.overwrite === 'if-match')
      fault('overwrite', 'if-match is for a single object');
  });

const objectFields = {
  key: objectKey,
  location: z.string().describe('URL of the object; reading it needs permission'),
  etag: z.string().describe('As S3 gives it, in double quotes'),
  versionId: z.string().nullable().describe('In a bucket that keeps versions'),
  bytes: z.int(),
  type: z.string().describe('Media type'),
  sha256: z.string().describe('Hex, of all bytes'),
  parts: z.int().describe('1: single PUT; more: multipart'),
  status: z
    .enum(['uploaded', 'already-there'])
    .describe('already-there: the same bytes stood at the key, nothing was replaced'),
  presigned: z
    .strictObject({ url: z.string(), expiresAt: z.iso.datetime() })
    .optional()
    .describe('On demand: a link with which anybody can read the object until then'),
};

const target = z.string().describe('The connection that was used');

export const s3Upload = defineTask({
  type: 's3.upload',
  version: 2,
  summary: 'Streams a source, or several files of a task, to a bucket, checksummed end to end.',
  input,
  result: z.union([
    z.strictObject({ target, bucket: z.string(), ...objectFields }).meta({ title: 'One object' }),
    z
      .strictObject({
        target,
        bucket: z.string(),
        bytes: z.int().describe('Of all objects'),
        objects: z.array(z.strictObject({ file: z.string().describe("The task's file"), ...objectFields })),
      })
      .meta({ title: 'Several objects' }),
  ]),
  timeoutMs: 1_200_000,
  maxAttempts: 5,
  backoff: { baseMs: 5_000, maxMs: 120_000 },
  concurrency: 4,
  example: {
    source: { url: 'https://www.debian.org/logos/openlogo-nd-100.png' },
    bucket: 'offload',
    key: 'examples/logo.png',
  },
});
