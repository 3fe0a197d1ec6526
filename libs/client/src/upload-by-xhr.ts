import type { Schemas } from './api.js';
import { ApiUnreachable, problemOf } from './errors.js';
import type { Transport } from './transport.js';

/** In browsers: fetch there neither streams over HTTP/1.1 nor tells how far it is; XMLHttpRequest does the latter. */
export function uploadByXhr(
  { authorization }: Transport,
  body: Blob,
  options: {
    url: string;
    type: string;
    onProgress?: (sent: number, total: number | null) => void;
    signal?: AbortSignal;
  },
): Promise<Schemas['Upload']> {
  const { url, type, onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const xhr = new XMLHttpRequest();
    const stop = (): void => xhr.abort();
    signal?.addEventListener('abort', stop, { once: true });
    xhr.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded, total);
    xhr.onerror = () => reject(new ApiUnreachable(url, new Error('the connection broke off')));
    xhr.onabort = () => reject(signal?.reason as Error);
    xhr.onload = () => {
      settled(responseOf(xhr)).then(resolve, reject);
    };
    xhr.onloadend = () => signal?.removeEventListener('abort', stop);
    xhr.open('POST', url);
    xhr.setRequestHeader('content-type', type);
    if (authorization) xhr.setRequestHeader('authorization', authorization);
    xhr.send(body);
  });
}

/** The stored file; whatever else a server or proxy answers is an error. */
async function settled(response: Response): Promise<Schemas['Upload']> {
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  if (response.status !== 201 || !isJson) throw await problemOf(response);
  return (await response.json()) as Schemas['Upload'];
}

/** Fetch standard, "null body status": a Response of these takes no body. */
const BODILESS = new Set([204, 205, 304]);

function responseOf(xhr: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ['content-type', 'retry-after', 'x-request-id']) {
    const value = xhr.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(!BODILESS.has(xhr.status) ? xhr.responseText : null, {
    status: xhr.status,
    statusText: xhr.statusText,
    headers,
  });
}
