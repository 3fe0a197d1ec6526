import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '../exit-codes.js';
import { print } from '../print.js';
import { progressLine } from '../progress.js';
import type { AddCommand } from '../program.js';

export const uploadCommand: AddCommand = (program, context) => {
  program
    .command('upload')
    .description('Upload a file; prints its id, for {"file": id} in an input')
    .argument('<file>', '- is the standard input')
    .option('--name <name>', "instead of the file's own")
    .option('--type <type>', 'media type')
    .action(async (path: string, { name, type }: { name?: string; type?: string }) => {
      const now = context();
      const line = progressLine(now, now.json || !now.stderr.isTTY);
      const size = path === '-' ? null : await sizeOf(path);
      const source = path === '-' ? bytesOf(now.stdin) : () => createReadStream(path);
      const upload = await now.client
        .upload(source, {
          name: name ?? (path === '-' ? undefined : basename(path)),
          type,
          onProgress: (sent) => line.show(`${sent} bytes`, size ? sent / size : null),
        })
        .finally(() => line.clear());
      await print(now, upload, upload.id);
    });
};

/** Bytes; that it can be read is seen before anything is sent. */
async function sizeOf(path: string): Promise<number> {
  const file = await open(path).catch((error: Error) => {
    throw new UsageError(`The file cannot be read: ${error.message}`);
  });
  const stat = await file.stat().finally(() => file.close());
  if (stat.isDirectory()) throw new UsageError(`${path} is a folder.`);
  return stat.size;
}

async function* bytesOf(stdin: NodeJS.ReadableStream): AsyncGenerator<Uint8Array, void> {
  for await (const part of stdin) yield typeof part === 'string' ? Buffer.from(part) : part;
}
