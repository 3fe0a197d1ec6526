import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Context } from './context.js';
import { UsageError } from './exit-codes.js';

/** JSON as it is given: itself, `@file`, or `-` for the standard input. */
export async function readJson({ stdin }: Context, given: string): Promise<unknown> {
  const [source, from] =
    given === '-'
      ? [await text(stdin), 'The standard input']
      : given.startsWith('@')
        ? [await fileText(given.slice(1)), given.slice(1)]
        : [given, 'The input'];
  try {
    return JSON.parse(source) as unknown;
  } catch (error) {
    throw new UsageError(`${from} is not JSON: ${(error as Error).message}`);
  }
}

const fileText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(`The file cannot be read: ${error.message}`);
  });
