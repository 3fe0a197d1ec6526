import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import type { FileRecord } from '@offload/store/files';
import type { Store } from '@offload/store/open-store';
import type { StorageQuota } from '@offload/store/storage-quota';
import { findTask } from './find-task.js';
import { ownerOf } from './owner.js';
import { invalidQuery } from './parse-query.js';
import { Problem } from './problem.js';
import { receiveUpload } from './receive-upload.js';
import { pathPart, pathUuid, type Routes } from './routes.js';
import { sendFile } from './send-file.js';
import { inTime } from './store-deadline.js';

export interface FileRoutesOptions {
  store: Pick<Store, 'tasks' | 'files'>;
  /** Bytes of one upload. */
  fileMaxBytes: number;
  /** Bytes of all uploads of an owner. */
  storage: StorageQuota;
  /** Given in tests. */
  uploadIdleMs?: number;
}

/** Uploads are kept so long, in milliseconds. */
export const KEEP_UPLOADS_MS = 7 * 24 * 3_600_000;

/** Milliseconds without a byte after which an upload counts as given up. */
const IDLE_MS = 30_000;

export const upload = z
  .object({
    id: z.uuid().describe('Names the file in a source: {"file": id}'),
    name: z.string(),
    type: z.string().describe('Media type as the uploader said it'),
    size: z.int().describe('Bytes'),
    sha256: z.string().describe('Hex'),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().describe('When it is removed'),
    links: z.object({ self: z.string(), content: z.string() }),
  })
  .meta({ id: 'Upload' });

export function fileRoutes(options: FileRoutesOptions): Routes {
  return {
    '/v1/files': { post: [uploadHandler(options)] },
    '/v1/files/:id': { get: [metadataHandler(options)], delete: [removeHandler(options)] },
    '/v1/files/:id/content': { get: [contentHandler(options)] },
    '/v1/tasks/:id/files/:name': { get: [taskFileHandler(options)] },
  };
}

/** POST /v1/files. Refused, cut off or too large: nothing of it is kept. */
function uploadHandler(options: FileRoutesOptions): RequestHandler {
  const { store, fileMaxBytes, storage, uploadIdleMs = IDLE_MS } = options;
  return async (request, response) => {
    const { name: given } = request.query;
    if (given !== undefined && typeof given !== 'string')
      throw invalidQuery([{ parameter: 'name', detail: 'may be given once' }]);
    const owner = ownerOf(request);
    const room = storage.open(owner);
    const limits = { maxBytes: fileMaxBytes, take: (bytes: number) => inTime(room.take(bytes)) };
    let stored = 0;
    // Without a listener, the server cuts the connection then.
    request.setTimeout(uploadIdleMs);
    try {
      const { name, type, body } = await receiveUpload(request, limits, given);
      const expireAt = new Date(store.tasks.now().getTime() + KEEP_UPLOADS_MS);
      const file = await store.files.save({ owner, name, type, expireAt }, body);
      stored = file.size;
      response.status(201).location(`/v1/files/${file.id}`).json(uploadOf(file));
    } finally {
      room.close(stored);
      request.setTimeout(0);
    }
  };
}

function metadataHandler({ store }: FileRoutesOptions): RequestHandler {
  return async (request, response) => {
    response.json(uploadOf(await findUpload(request, store)));
  };
}

/** DELETE /v1/files/{id}. A task that names it and has not read it yet fails. */
function removeHandler({ store }: FileRoutesOptions): RequestHandler {
  return async (request, response) => {
    const id = pathUuid(request);
    if (id === null || !(await inTime(store.files.removeUpload(id, ownerOf(request))))) throw noUpload();
    response.status(204).end();
  };
}

function contentHandler({ store }: FileRoutesOptions): RequestHandler {
  return async (request, response) => {
    const file = await findUpload(request, store);
    await sendFile(request, response, file, {
      files: store.files,
      until: file.expireAt,
      now: store.tasks.now(),
    });
  };
}

/** GET /v1/tasks/{id}/files/{name}: what the attempt stored that succeeded, and no other. */
function taskFileHandler({ store }: FileRoutesOptions): RequestHandler {
  return async (request, response) => {
    const task = await findTask(request, { store });
    if (task.state !== 'succeeded')
      throw new Problem(
        'file-not-found',
        `The task is ${task.state}; its files are there once it has succeeded.`,
      );
    const name = pathPart(request, 'name');
    const file = task.lastToken ? await inTime(store.files.taskFile(task._id, task.lastToken, name)) : null;
    if (!file)
      throw new Problem('file-not-found', "The task has no such file; its 'files' lists those that it has.");
    await sendFile(request, response, file, {
      files: store.files,
      until: task.expireAt,
      now: store.tasks.now(),
    });
  };
}

async function findUpload(request: Request, store: Pick<Store, 'files'>): Promise<FileRecord> {
  const id = pathUuid(request);
  const file = id === null ? null : await inTime(store.files.upload(id, ownerOf(request)));
  if (!file) throw noUpload();
  return file;
}

const noUpload = (): Problem =>
  new Problem('file-not-found', 'You have no such upload; uploads are kept for 7 days.');

const uploadOf = (file: FileRecord): z.output<typeof upload> => ({
  id: file.id,
  name: file.name,
  type: file.type,
  size: file.size,
  sha256: file.sha256,
  createdAt: file.createdAt.toISOString(),
  expiresAt: (file.expireAt ?? file.createdAt).toISOString(),
  links: { self: `/v1/files/${file.id}`, content: `/v1/files/${file.id}/content` },
});
