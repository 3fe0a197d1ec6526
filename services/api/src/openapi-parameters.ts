import type { oas31 } from 'zod-openapi';

/** What parameters mean wherever they stand, for those that say nothing themselves. */
const MEANINGS: Record<string, string> = {
  batch: 'Of this batch',
  count: 'How many',
  event: 'Of this event',
  'If-None-Match': 'ETags; 304 when nothing has changed',
  'If-Range': 'An ETag; another one than the present gets the whole file, not the range',
  limit: 'How many at most',
  name: 'Name of the file',
  owner: 'Of this owner',
  q: 'Words to be found',
  starred: 'Only those that are starred, or that are not',
  state: 'In this state',
  tag: 'With this tag',
  type: 'Task type',
  unread: 'Only those that were not read yet, or that were',
};

/** `/v1/tasks/{id}/files` → `task`: what the parameter names one of. */
function thingOf(path: string, name: string): string {
  const before = path.split(`/{${name}}`, 1)[0]?.split('/').at(-1) ?? '';
  return before.replace(/ies$/, 'y').replace(/(?<=ch)es$|s$/, '');
}

/** The document with a description for every parameter whose name says what it is. */
export function withMeanings(document: oas31.OpenAPIObject): oas31.OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const operation of Object.values(item as Record<string, oas31.OperationObject>))
      for (const parameter of operation.parameters ?? []) {
        if (!('name' in parameter) || parameter.description) continue;
        const { name } = parameter;
        const meaning = MEANINGS[name] ?? (parameter.in === 'path' ? `Id of the ${thingOf(path, name)}` : '');
        if (meaning !== '') parameter.description = meaning;
      }
  return document;
}
