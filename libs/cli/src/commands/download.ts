import { createHash, type Hash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ApiUnreachable, type Schemas } from '@offload/client';
import type { Context } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { print } from '../print.js';
import type { AddCommand } from '../program.js';

interface Options {
  output?: string;
  force?: boolean;
}

export const downloadCommand: AddCommand = (program, context) => {
  program
    .command('download')
    .description('Download a file of a task, or all of them, into this folder')
    .argument('<id>')
    .argument('[name]', 'one of them')
    .option('-o, --output <path>', 'where to; - is the standard output (with a name, or of a single file)')
    .option('-f, --force', 'replace files that are there')
    .action(async (id: string, name: string | undefined, options: Options) => {
      const now = context();
      const { files } = await now.client.task(id).task();
      const wanted = files.filter((file) => name === undefined || file.name === name);
      if (wanted.length === 0) {
        const there = files.map((file) => file.name).join(', ') || 'none';
        throw new UsageError(`The task has no file ${name ?? 'at all'} (there: ${there}).`);
      }
      if (options.output !== undefined && wanted.length > 1)
        throw new UsageError('With --output, name one of the files.');
      for (const file of wanted) {
        const path = options.output ?? basename(file.name);
        await save(now, id, file, path, options.force ?? false);
        if (path !== '-') await print(now, { ...file, path }, `${path} (${file.size} bytes)`);
      }
    });
};

/** Streams it, and checks its SHA-256: what did not come whole is removed. */
async function save(
  { client, stdout }: Context,
  id: string,
  { name, sha256 }: Schemas['StoredFile'],
  path: string,
  force: boolean,
): Promise<void> {
  const file = path === '-' ? null : await create(path, force);
  try {
    const { url, body } = await client
      .task(id)
      .file(name)
      .catch(async (error: unknown) => {
        await file?.close();
        throw error;
      });
    const hash = createHash('sha256');
    const bytes = hashed(body as ReadableStream<Uint8Array>, hash, url);
    if (file) await pipeline(bytes, file.createWriteStream());
    else await pipeline(bytes, stdout, { end: false });
    if (hash.digest('hex') !== sha256)
      throw new ApiUnreachable(url, new Error(`${name} arrived damaged, by its SHA-256`));
  } catch (error) {
    if (file) await rm(path, { force: true });
    throw error;
  }
}

async function* hashed(
  body: ReadableStream<Uint8Array>,
  hash: Hash,
  url: string,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const part of body) {
      hash.update(part);
      yield part;
    }
  } catch (error) {
    throw new ApiUnreachable(url, error);
  }
}

const create = (path: string, force: boolean): Promise<FileHandle> =>
  open(path, force ? 'w' : 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new UsageError(`${path} is there already; --force replaces it.`);
    throw error;
  });
