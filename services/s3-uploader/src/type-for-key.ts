import type { HandlerContext, StoredFile } from '@offload/worker/handler';
import { extensionOf, mediaType, saysSomething, SNIFF_BYTES } from './media-type.js';

/**
 * The media type that the upload of a task's file will find, as far as its key depends on it: of a file whose name has
 * no extension and whose type says nothing, the first bytes tell it.
 */
export async function typeForKey(
  task: string,
  { name, type }: StoredFile,
  files: Pick<HandlerContext['files'], 'open'>,
): Promise<string> {
  if (saysSomething(type) || extensionOf(name) !== '') return type;
  const { stream } = await files.open({ task, file: name });
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop destroys the stream.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= SNIFF_BYTES) break;
  }
  return mediaType(type, name, Buffer.concat(chunks));
}
