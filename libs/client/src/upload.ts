import type { Schemas } from './api.js';
import type { Transport } from './transport.js';
import { uploadByXhr } from './upload-by-xhr.js';

/** A web stream, or anything that iterates over bytes, such as a stream of Node. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A Blob or File, bytes, a stream, or what makes the stream anew for each time that it is sent. */
export type UploadSource = Blob | ArrayBuffer | Uint8Array | ByteStream | (() => ByteStream);

export interface UploadOptions {
  /** File name; by default a File's own. */
  name?: string;
  /** Media type; by default a Blob's own, else application/octet-stream. */
  type?: string;
  /** Bytes that were handed to the connection so far, and all of them; null for a stream. */
  onProgress?: (sent: number, total: number | null) => void;
  signal?: AbortSignal;
}

type Body = Blob | ByteStream | (() => ByteStream);
type Sent = UploadOptions & { url: string; type: string };

/**
 * Sends a file, streamed. What can be read twice is sent again after a failure; a stream cannot.
 * Rejects with the source's own error, too.
 * @returns the stored file; its `id` names it in a source: `{ file: id }`
 */
export async function upload(
  transport: Transport,
  source: UploadSource,
  options: UploadOptions,
): Promise<Schemas['Upload']> {
  const body: Body =
    source instanceof ArrayBuffer || ArrayBuffer.isView(source) ? new Blob([source as BlobPart]) : source;
  const name = options.name ?? (typeof File !== 'undefined' && body instanceof File ? body.name : undefined);
  const url = transport.url(`/v1/files${name === undefined ? '' : `?name=${encodeURIComponent(name)}`}`);
  const type = options.type || (body instanceof Blob && body.type) || 'application/octet-stream';
  const sent = { ...options, url, type };
  if (body instanceof Blob && options.onProgress && typeof XMLHttpRequest !== 'undefined')
    return uploadByXhr(transport, body, sent);
  const once = !(body instanceof Blob || typeof body === 'function');
  const response = await transport.send(() => requestOf(body, sent), { patient: true, once });
  return (await response.json()) as Schemas['Upload'];
}

function requestOf(source: Body, { url, type, onProgress, signal }: Sent): Request {
  const headers = { 'content-type': type };
  if (source instanceof Blob && !onProgress)
    return new Request(url, { method: 'POST', headers, body: source, signal });
  // A fault of the source is no fault of the connection: it ends the request as the signal's reason.
  const broken = new AbortController();
  const stop = signal ? AbortSignal.any([signal, broken.signal]) : broken.signal;
  const stream = streamOf(typeof source === 'function' ? source() : source, (error) => broken.abort(error));
  const body = stream.pipeThrough(counter(source instanceof Blob ? source.size : null, onProgress));
  // RequestInit of the DOM's types lacks `duplex`, without which a stream is no body.
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers,
    body,
    signal: stop,
    duplex: 'half',
  };
  return new Request(url, init);
}

function counter(
  total: number | null,
  onProgress: UploadOptions['onProgress'],
): TransformStream<Uint8Array, Uint8Array> {
  let sent = 0;
  return new TransformStream({
    transform(bytes, controller) {
      controller.enqueue(bytes);
      sent += bytes.byteLength;
      onProgress?.(sent, total);
    },
  });
}

function streamOf(source: Blob | ByteStream, onError: (error: unknown) => void): ReadableStream<Uint8Array> {
  if (source instanceof Blob) return source.stream();
  if (source instanceof ReadableStream) return source;
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        onError(error);
        throw error;
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
