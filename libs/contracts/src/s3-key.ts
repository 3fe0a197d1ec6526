import { z } from 'zod';
import { statedFault } from './stated-fault.js';

/** Bucket naming rules: Amazon S3 User Guide, "General purpose bucket naming rules". */
export const bucketName = z
  .string()
  .regex(
    /^[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]$/,
    'lower-case letters, digits, dots and dashes, 3 to 63',
  );

/** Object keys are at most 1,024 bytes of UTF-8 (Amazon S3 User Guide, "Naming objects"). */
const KEY_BYTES = 1024;

/**
 * What is wrong with a key, or undefined. Beyond S3's own rules: no control characters, and none of the parts that a
 * server over a file system, a proxy or a URL library would resolve.
 */
export function keyFault(key: string): string | undefined {
  if (key === '') return 'is empty';
  if (/\p{Surrogate}/u.test(key)) return 'is not well-formed Unicode';
  if (Buffer.byteLength(key) > KEY_BYTES) return 'has more than 1,024 bytes of UTF-8';
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is refused
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/.test(key)) return 'has control characters';
  if (key.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return 'has a leading or trailing slash or empty, . or .. parts';
  return undefined;
}

/** A whole key, nothing to be filled in. */
export const objectKey = z.string().check(statedFault(keyFault));

/** What a template may hold: name → what stands there when the template is checked. */
const SAMPLE = {
  name: 'photo.jpg',
  base: 'photo',
  ext: 'jpg',
  sha256: '0'.repeat(64),
  task: '0193b5d4-0000-7000-8000-000000000000',
  yyyy: '2026',
  mm: '01',
  dd: '31',
} as const;

export type KeyFacts = Record<keyof typeof SAMPLE, string>;

/** A key of several files tells them apart. */
export const MULTIPLE_KEY = /\{(?:name|base|sha256)\}/;

/** Whether the whole file has to be read before its key is known. */
export const needsDigest = (template: string): boolean => template.includes('{sha256}');

/** Doubled braces are literal ones; a brace alone is a mistake. */
const PLACE = /\{\{|\}\}|\{([a-z0-9]+)\}|[{}]/g;

/** A template with the facts in their places. Throws an Error that says which place is not known. */
export function fillKey(template: string, facts: KeyFacts): string {
  return template.replace(PLACE, (found, name?: string) => {
    if (found === '{{') return '{';
    if (found === '}}') return '}';
    if (name !== undefined && Object.hasOwn(facts, name)) return facts[name as keyof KeyFacts];
    const known = Object.keys(SAMPLE).map((each) => `{${each}}`);
    throw new Error(
      `has ${found}, which stands for nothing; there are ${known.join(' ')}, and {{ and }} for braces`,
    );
  });
}

export const keyTemplate = z
  .string()
  .min(1)
  .max(2 * KEY_BYTES)
  .check(statedFault(templateFault));

function templateFault(template: string): string | undefined {
  try {
    return keyFault(fillKey(template, SAMPLE));
  } catch (error) {
    return (error as Error).message;
  }
}
