import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { StorageFull } from '@offload/store/storage-quota';
import { Problem } from './problem.js';

/** A file on its way in. */
export interface Upload {
  name: string;
  /** Media type as the client said it, without parameters. */
  type: string;
  /** The bytes; fails with a Problem when there are too many, or the request is cut off or not well-formed. */
  body: Readable;
}

export interface UploadLimits {
  maxBytes: number;
  /** Asked before so many more bytes are taken in; what it rejects with is the upload's error. */
  take?: (bytes: number) => Promise<void>;
  /** The slowest sender; given in tests. */
  slowest?: { bytesPerSecond: number; windowMs: number };
}

/** As Apache's mod_reqtimeout has it (body, MinRate=500). */
const SLOWEST = { bytesPerSecond: 500, windowMs: 30_000 };
/** Room for a body of unknown length is asked for in such portions, bytes. */
const PORTION = 1024 * 1024;

const UNKNOWN_TYPE = 'application/octet-stream';
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** What surrounds the one file of a form. */
const FORM_BYTES = 64 * 1024;

/**
 * The file of a request: of a multipart/form-data body (RFC 7578) the one part that is a file; of any other body all
 * of it. Nothing is buffered; the sender is slowed down to what the reader of `body` takes.
 * @param name of a raw body; a form says its own
 */
export async function receiveUpload(
  request: IncomingMessage,
  limits: UploadLimits,
  name: string | undefined,
): Promise<Upload> {
  const { maxBytes } = limits;
  const { headers } = request;
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new Problem('wrong-content-type', 'Send a file as it is, without Content-Encoding.');
  const type = mediaType(headers['content-type']);
  const length = Number(headers['content-length'] ?? Number.NaN);
  const isForm = type === 'multipart/form-data';
  if (length > maxBytes + (isForm ? FORM_BYTES : 0)) throw tooLarge(maxBytes);
  if (length > 0) await limits.take?.(Math.min(length, maxBytes));
  const taken = { ...limits, taken: Number.isNaN(length) ? 0 : length };
  if (isForm) return fileOfForm(request, taken);
  if (length === 0 || (Number.isNaN(length) && headers['transfer-encoding'] === undefined))
    throw new Problem('invalid-file', 'There is no body; send the bytes of the file, or a form with it.');

  const body = limiter(taken, async () => {});
  feed(request, body);
  return { name: fileNameOf(name ?? dispositionName(headers['content-disposition'])), type, body };
}

async function fileOfForm(request: IncomingMessage, limits: LimiterOptions): Promise<Upload> {
  const form = openForm(request);
  const whole = parse(request, form);
  let body: Transform | undefined;
  const first = new Promise<Upload>((resolve) => {
    form.on('file', (_field, file, { filename, mimeType }) => {
      // It fails with the form; the form says so.
      file.on('error', () => {});
      if (body) {
        form.destroy(new Problem('invalid-file', 'Send one file per request.'));
        return;
      }
      // Its end is held back until the form has been read to its end: a broken form leaves no file.
      body = limiter(limits, () => whole);
      feed(file, body);
      resolve({ name: fileNameOf(filename), type: mediaType(mimeType), body });
    });
  });
  // Heard of by whoever reads the file; before there is one, by the race.
  whole.catch((error: unknown) => body?.destroy(error as Error));
  return Promise.race([
    first,
    whole.then(() => {
      if (body) return first;
      throw new Problem('invalid-file', 'The form has no file; send it as a part with a file name.');
    }),
  ]);
}

function openForm(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fields: 20, fieldSize: 4_096, parts: 22 },
    });
  } catch (error) {
    throw new Problem('malformed-request', 'The form has no boundary in its Content-Type.', { cause: error });
  }
}

/**
 * Reads the request through the form. The request itself is not destroyed when that fails (it carries the answer),
 * hence a stream of its own in between.
 */
async function parse(request: IncomingMessage, form: busboy.Busboy): Promise<void> {
  const relay = new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) });
  feed(request, relay);
  try {
    await pipeline(relay, form);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('malformed-request', `The form cannot be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/** A source that ends badly (the client went away) ends its target, too; pipe() alone does not. */
function feed(source: Readable, target: Transform): void {
  const fail = (cause?: Error): void => {
    const cutOff = () => new Problem('malformed-request', 'The body ended too early.', { cause });
    target.destroy(cause instanceof Problem ? cause : cutOff());
  };
  source.once('error', fail);
  source.once('close', () => {
    if (!source.readableEnded) fail();
  });
  // What is no longer wanted is read and dropped, so that the sender gets to its answer.
  target.once('close', () => source.unpipe(target).resume());
  source.pipe(target);
}

interface LimiterOptions extends UploadLimits {
  /** Bytes that there is room for already. */
  taken: number;
}

/** Passes so many bytes and fails at the next one, or when they come too slowly. `end` must resolve before the end is passed on. */
function limiter(
  { maxBytes, take, taken, slowest = SLOWEST }: LimiterOptions,
  end: () => Promise<void>,
): Transform {
  let bytes = 0;
  let room = taken;
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) return done(tooLarge(maxBytes));
      if (bytes <= room || !take) return done(null, chunk);
      const needed = bytes - room;
      const portion = Math.min(Math.max(needed, PORTION), maxBytes - room);
      takeOr(take, portion, needed).then((taken) => {
        room += taken;
        done(null, chunk);
      }, done);
    },
    flush(done) {
      end().then(() => done(), done);
    },
  });
  // It can fail before anybody reads it; the reader gets the stored error.
  body.on('error', () => {});
  let before = 0;
  const watch = setInterval(() => {
    const came = bytes - before;
    before = bytes;
    // While its reader is behind, the sender has to wait.
    if (body.readableLength > 0 || came >= (slowest.bytesPerSecond * slowest.windowMs) / 1_000) return;
    if (!body.writableEnded) body.destroy(tooSlow(slowest.bytesPerSecond));
  }, slowest.windowMs).unref();
  // The sender is through, whether somebody reads it or not.
  for (const event of ['close', 'finish']) body.once(event, () => clearInterval(watch));
  return body;
}

/** Where there is no room for a portion, there may be for what is needed now. */
async function takeOr(
  take: (bytes: number) => Promise<void>,
  portion: number,
  needed: number,
): Promise<number> {
  try {
    await take(portion);
    return portion;
  } catch (error) {
    if (portion === needed || !(error instanceof StorageFull)) throw error;
    await take(needed);
    return needed;
  }
}

const tooSlow = (bytesPerSecond: number): Problem =>
  new Problem('request-timeout', `A file must come with ${bytesPerSecond} bytes a second at least.`);

const tooLarge = (maxBytes: number): Problem =>
  new Problem('too-large', `A file may have ${maxBytes} bytes at most; nothing of it was kept.`);

function mediaType(header: string | undefined): string {
  const essence = header?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(essence) ? essence : UNKNOWN_TYPE;
}

/** `filename*` before `filename` (RFC 6266 section 4.3), the former in UTF-8 (RFC 8187). */
function dispositionName(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1]?.replaceAll(/\\(.)/g, '$1');
  const token = /;\s*filename\s*=\s*([^;"\s]+)/i.exec(header)?.[1];
  try {
    if (encoded !== undefined) return decodeURIComponent(encoded);
  } catch (error) {
    throw new Problem('malformed-request', 'filename* in Content-Disposition is not well encoded.', {
      cause: error,
    });
  }
  return quoted ?? token;
}

/** The last part of a path, without what terminals and headers would trip over. */
function fileNameOf(given: string | undefined): string {
  const last = given?.split(/[/\\]/).at(-1) ?? '';
  const name = last.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '').trim();
  // The cut may have halved a character.
  return name.slice(0, 200).replaceAll(/\p{Surrogate}/gu, '') || 'file';
}
