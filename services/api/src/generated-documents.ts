import { readFile, writeFile } from 'node:fs/promises';
import { asyncApiDocument } from './asyncapi.js';
import { errorsPage } from './errors-page.js';
import { openApiDocument } from './openapi.js';
import { tasksPage } from './tasks-page.js';

/** The files of docs/ that are made from the contracts: name → text. The same input gives the same bytes. */
export function generatedDocuments(): Record<
  'openapi.json' | 'asyncapi.json' | 'tasks.md' | 'errors.md',
  string
> {
  const openApi = openApiDocument();
  return {
    'openapi.json': pretty(openApi),
    'asyncapi.json': pretty(asyncApiDocument()),
    'tasks.md': tasksPage(openApi),
    'errors.md': errorsPage(),
  };
}

const pretty = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

/**
 * Brings the documents in a folder up to date.
 * @param folder ends in a slash
 * @returns the names of those that were not
 */
export async function updateDocuments(folder: URL, options: { check: boolean }): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, text] of Object.entries(generatedDocuments())) {
    const file = new URL(name, folder);
    if ((await textOf(file)) === text) continue;
    stale.push(name);
    if (!options.check) await writeFile(file, text);
  }
  return stale;
}

const textOf = (file: URL): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
