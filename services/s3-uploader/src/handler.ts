import type { Input, Result } from '@offload/contracts/define-task';
import { UPLOAD_LIMITS, type s3Upload } from '@offload/contracts/s3-upload';
import type { Outbound } from '@offload/outbound/outbound';
import type { Handler, HandlerContext } from '@offload/worker/handler';
import type { Connection, Connections } from './connections.js';
import { matchingFiles } from './matching-files.js';
import { keyOf } from './object-key.js';
import { ObjectUpload, type UploadedObject } from './object-upload.js';
import { distinctKeys } from './distinct-keys.js';
import { typeForKey } from './type-for-key.js';

export interface UploadHandlerOptions {
  connections: Pick<Connections, 'get'>;
  outbound: Pick<Outbound, 'fetch'>;
}

type UploadInput = Input<typeof s3Upload>;
type UploadResult = Result<typeof s3Upload>;

/**
 * The handler of s3.upload. A second run after a crash is harmless: it finds the same bytes at the key and says
 * `already-there`, or writes them again.
 */
export function createUploadHandler({
  connections,
  outbound,
}: UploadHandlerOptions): Handler<typeof s3Upload> {
  return async (input, context) => {
    const connection = connections.get(input.target);
    connection.check(input.bucket);
    const { source } = input;
    if ('files' in source) return uploadFiles({ ...input, source }, context, connection, outbound);
    const place = { connection, outbound, total: null, before: 0 };
    const object = await new ObjectUpload(place, input, source, context).run();
    return { target: connection.name, bucket: input.bucket, ...object };
  };
}

/** One after the other. What an earlier attempt has uploaded is found there. */
async function uploadFiles(
  input: UploadInput & { source: { task: string; files: string } },
  context: HandlerContext,
  connection: Connection,
  outbound: Pick<Outbound, 'fetch'>,
): Promise<UploadResult> {
  const { task, files: pattern } = input.source;
  const files = await matchingFiles(context.files, task, pattern, UPLOAD_LIMITS.files);
  const named: { name: string; sha256: string; key: string }[] = [];
  for (const file of files) {
    const { name, sha256 } = file;
    const type = input.contentType ?? (await typeForKey(task, file, context.files));
    named.push({ name, sha256, key: keyOf(input.key, { taskId: context.taskId, name, type, sha256 }) });
  }
  distinctKeys(named);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const objects: (UploadedObject & { file: string })[] = [];
  let before = 0;
  for (const { name, size } of files) {
    const place = { connection, outbound, total, before };
    const object = await new ObjectUpload(place, input, { task, file: name }, context).run();
    objects.push({ file: name, ...object });
    before += size;
  }
  return { target: connection.name, bucket: input.bucket, bytes: total, objects };
}
