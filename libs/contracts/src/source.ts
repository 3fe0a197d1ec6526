import { z } from 'zod';

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

/** Where bytes come from. The three forms tell each other apart by their keys. */
export const source = z.union([urlSource, uploadSource, taskFileSource]).meta({
  id: 'Source',
  description: "Where the bytes come from: a URL, an uploaded file, or another task's file.",
});

export type Source = z.output<typeof source>;
export type UploadSource = z.output<typeof uploadSource>;
export type TaskFileSource = z.output<typeof taskFileSource>;

/** The tasks that an input's sources name: the new task waits for them. Looks at every depth of the input. */
export function tasksNamedBy(input: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (value !== null && typeof value === 'object') {
      const parsed = taskFileSource.safeParse(value);
      if (parsed.success) found.add(parsed.data.task);
      else Object.values(value).forEach(visit);
    }
  };
  visit(input);
  return [...found];
}
