import { z } from 'zod';
import { DEEPEST, taskReference } from './reference.js';

/** Names of files that handlers store: served under /v1/tasks/{id}/files/{name}. */
export const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/, 'letters, digits, dot, dash and underscore, at most 200');

/** An http(s) URL. What it may reach is decided when it is fetched (libs/outbound), not here. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' })
  .max(2048)
  .meta({ examples: ['https://example.com/photo.jpg'] });

export const urlSource = z.strictObject({ url: httpUrl }).meta({ title: 'A URL' });
export const uploadSource = z
  .strictObject({ file: z.uuid().describe('The id that POST /v1/files answered') })
  .meta({ title: 'An uploaded file' });
export const taskFileSource = z
  .strictObject({
    task: z.uuid().describe('A task of yours; this one waits until it has succeeded'),
    file: fileName.describe('The name of one of its files'),
  })
  .meta({ title: "Another task's file" });

/**
 * Names of files as a shell's glob writes them: star, question mark, [a-z], {a,b}. Three stars at most: more take a backtracking
 * matcher past all bounds (names have 200 characters).
 */
const filePattern = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9._\-*?,{}[\]^!]+$/, 'a name with * ? [a-z] {a,b}')
  .refine((pattern) => pattern.split('*').length <= 4, 'at most three stars');

export const taskFilesSource = z
  .strictObject({
    task: z.uuid().describe('A task of yours; this one waits until it has succeeded'),
    files: filePattern.describe(
      'Those of its files whose names fit this pattern, e.g. *.webp or {small,large}.*',
    ),
  })
  .meta({ title: "Several of another task's files" });

/** Where bytes come from. The three forms tell each other apart by their keys. */
export const source = z.union([urlSource, uploadSource, taskFileSource]).meta({
  id: 'Source',
  description: "Where the bytes come from: a URL, an uploaded file, or another task's file.",
});

export type Source = z.output<typeof source>;
export type UploadSource = z.output<typeof uploadSource>;
export type TaskFileSource = z.output<typeof taskFileSource>;

/**
 * The tasks that an input names, in a source (`{task, file}`, `{task, files}`) or a reference (`{task, pointer}`) at any depth: the new
 * task waits for them.
 */
export function tasksNamedBy(input: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown, depth: number): void => {
    if (value === null || typeof value !== 'object' || depth > DEEPEST) return;
    const named = taskNamedBy(value);
    if (named !== undefined) found.add(named);
    else for (const inner of Object.values(value)) visit(inner, depth + 1);
  };
  visit(input, 0);
  return [...found];
}

/** The task that this very value names, if it is a source or a reference that does. */
export function taskNamedBy(value: object): string | undefined {
  if (!('task' in value)) return undefined;
  const form = 'file' in value ? taskFileSource : 'files' in value ? taskFilesSource : taskReference;
  const parsed = form.safeParse(value);
  return parsed.success ? parsed.data.task : undefined;
}
