import type { Readable } from 'node:stream';
import { TaskError } from '@offload/contracts/errors';
import type { Source } from '@offload/contracts/source';
import type { Outbound, OutboundResponse } from '@offload/outbound/outbound';
import { statusError } from '@offload/outbound/status-error';
import type { HandlerContext } from './handler.js';

export interface OpenSourceOptions {
  context: Pick<HandlerContext, 'files' | 'signal'>;
  outbound: Pick<Outbound, 'fetch'>;
  /** Cap on the source's bytes. */
  maxBytes: number;
  /** Limit of the whole download from a URL in milliseconds, the reading of `stream` included. */
  deadlineMs: number;
}

export interface OpenedSource {
  /** The bytes, once. Errors with TaskError when the source breaks, is too large or too slow. Destroy it when unwanted. */
  stream: Readable;
  /** For people: a file's name, the last part of the URL's path, or the host. */
  name: string;
  /** Media type as the origin or the uploader said it; its bytes may be something else. */
  type: string;
  /** Bytes; null when the origin did not say. */
  size: number | null;
  /** Hex; null for a URL. */
  sha256: string | null;
}

/** The statuses whose body is all of what was asked for: not 204 and 205 (none), not 206 (nobody asked for a range). */
export const WHOLE_BODY = new Set([200, 201, 203]);

const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * Opens a task's source, whichever of its three forms it has. Throws TaskError: `too-large` (permanent),
 * `file-not-found`, what the origin's status means (see statusError), and what libs/outbound refuses.
 */
export async function openSource(source: Source, options: OpenSourceOptions): Promise<OpenedSource> {
  const opened = 'url' in source ? await openUrl(source.url, options) : await openFile(source, options);
  // Breaks before anyone reads (an abort, a reset) must not end the process; the reader gets the stored error.
  opened.stream.on('error', () => {});
  if (opened.size !== null && opened.size > options.maxBytes) {
    opened.stream.destroy();
    throw new TaskError(
      'too-large',
      `The source has ${opened.size} bytes; at most ${options.maxBytes} are taken.`,
      { retry: 'no' },
    );
  }
  return opened;
}

async function openFile(
  source: Exclude<Source, { url: string }>,
  { context }: OpenSourceOptions,
): Promise<OpenedSource> {
  context.signal.throwIfAborted();
  const file = await context.files.open(source);
  destroyOnAbort(file.stream, context.signal);
  return file;
}

async function openUrl(url: string, options: OpenSourceOptions): Promise<OpenedSource> {
  const { context, outbound, maxBytes, deadlineMs } = options;
  const response = await outbound.fetch(url, { signal: context.signal, maxBytes, deadlineMs });
  if (!WHOLE_BODY.has(response.status)) throw statusError(response);
  return {
    stream: response.body,
    name: nameOf(response.url),
    type: typeOf(response),
    size: sizeOf(response),
    sha256: null,
  };
}

/** A type and subtype, then parameters (RFC 9110, 8.3.1); what else an origin may send there is not passed on. */
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+ *(;[ -~]*)?$/;

/** The media type that an origin says, if it is one. */
export function typeOf({ headers }: OutboundResponse): string {
  const type = headers['content-type']?.trim() ?? '';
  return type.length <= 200 && MEDIA_TYPE.test(type) ? type : UNKNOWN_TYPE;
}

/** Content-Length counts the encoded bytes (RFC 9110, 8.6); what the stream gives is decoded. */
function sizeOf({ headers }: OutboundResponse): number | null {
  const length = headers['content-length'];
  const encoding = headers['content-encoding'] ?? 'identity';
  if (length === undefined || !/^\d+$/.test(length) || encoding !== 'identity') return null;
  return Number(length);
}

/** What people would call it: the last part of the path, or the host. */
export function nameOf(url: string): string {
  const { pathname, hostname } = new URL(url);
  const last = pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || hostname;
  } catch {
    return last; // Not UTF-8 behind the percent signs (URIError): as it stands.
  }
}

function destroyOnAbort(stream: Readable, signal: AbortSignal): void {
  const abort = (): void => void stream.destroy(signal.reason as Error);
  if (signal.aborted) return abort();
  signal.addEventListener('abort', abort, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', abort));
}
