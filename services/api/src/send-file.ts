import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { FileRecord, FileStore } from '@offload/store/files';
import { Problem } from './problem.js';

/** Shown by browsers without running anything; all else is downloaded. */
const INLINE = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/avif',
  'image/gif',
  'application/json',
  'text/plain',
]);

/**
 * JavaScript MIME types (WHATWG MIME Sniffing, section 4.6) and style sheets: as what they are, a page of this origin
 * could be made to load them, since its own scripts and styles are of this origin, too.
 */
const LOADABLE =
  /^(?:(?:text|application)\/(?:x-)?(?:java|ecma)script|text\/(?:javascript1\.\d|jscript|livescript|css))$/;

const HEADER_VALUE = /^[\t\x20-\x7e]+$/;

/**
 * Answers GET and HEAD with a file's bytes: conditional (If-None-Match, If-Range) by its checksum and in part (one
 * range; several are answered with the whole, as RFC 9110 section 14.2 allows). Files come from strangers: no
 * browser may guess their type or run what is in them as this origin.
 * @param options.until the file never changes, so it may be kept until it is removed
 */
export async function sendFile(
  request: Request,
  response: Response,
  file: FileRecord,
  options: { files: Pick<FileStore, 'read'>; until: Date | undefined; now: Date },
): Promise<void> {
  const seconds = Math.max(
    0,
    Math.floor(((options.until ?? options.now).getTime() - options.now.getTime()) / 1_000),
  );
  const said = file.type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const type = HEADER_VALUE.test(file.type) && !LOADABLE.test(said) ? file.type : 'application/octet-stream';
  const essence = type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  response.attachment(file.name);
  if (INLINE.has(essence))
    response.setHeader(
      'Content-Disposition',
      String(response.get('Content-Disposition')).replace('attachment', 'inline'),
    );
  response.setHeader('Content-Type', essence === 'text/plain' ? 'text/plain; charset=utf-8' : type);
  response.setHeader('ETag', `"${file.sha256}"`);
  response.setHeader('Cache-Control', `private, max-age=${seconds}, immutable`);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (request.fresh) {
    response.status(304).end();
    return;
  }

  const range = rangeOf(request, file);
  if (range) {
    response.status(206);
    response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`);
  }
  const length = range ? range.end - range.start + 1 : file.size;
  response.setHeader('Content-Length', length);
  if (request.method === 'HEAD' || file.size === 0) {
    response.end();
    return;
  }
  await pipeline(options.files.read(file, range), response).catch((error: unknown) => {
    // The client went away: nobody is left to be answered.
    if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE' || !request.socket.destroyed)
      throw error;
  });
}

/** First and last byte, both inclusive; undefined for the whole file. */
function rangeOf(request: Request, file: FileRecord): { start: number; end: number } | undefined {
  const ifRange = request.get('if-range');
  if (ifRange !== undefined && ifRange !== `"${file.sha256}"`) return undefined;
  const ranges = request.range(file.size);
  if (ranges === -1)
    throw new Problem('range-not-satisfiable', `The file has ${file.size} bytes.`, {
      headers: { 'Content-Range': `bytes */${file.size}` },
    });
  if (ranges === undefined || ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1)
    return undefined;
  return ranges[0];
}
