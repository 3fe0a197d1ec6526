import { fileTypeFromBuffer } from 'file-type';

/** What servers say when they do not know. */
const UNKNOWN =
  /^(?:(?:application|binary)\/octet-stream|application\/(?:x-download|force-download|unknown|x-unknown)|unknown\/unknown)\b/i;

const OCTETS = 'application/octet-stream';

/** Enough for every format that file-type tells by its beginning, and for the first entries of a ZIP (docx, epub). */
export const SNIFF_BYTES = 256 * 1024;

/** What bytes do not tell: text, and what is built on it. */
const BY_EXTENSION = new Map(
  Object.entries({
    atom: 'application/atom+xml',
    css: 'text/css; charset=utf-8',
    csv: 'text/csv; charset=utf-8',
    htm: 'text/html; charset=utf-8',
    html: 'text/html; charset=utf-8',
    ics: 'text/calendar; charset=utf-8',
    js: 'text/javascript; charset=utf-8',
    json: 'application/json',
    jsonl: 'application/jsonl',
    md: 'text/markdown; charset=utf-8',
    mjs: 'text/javascript; charset=utf-8',
    opml: 'text/x-opml; charset=utf-8',
    rss: 'application/rss+xml',
    svg: 'image/svg+xml',
    tsv: 'text/tab-separated-values; charset=utf-8',
    txt: 'text/plain; charset=utf-8',
    vtt: 'text/vtt; charset=utf-8',
    wasm: 'application/wasm',
    webmanifest: 'application/manifest+json',
    xml: 'application/xml',
    yaml: 'application/yaml',
    yml: 'application/yaml',
  }),
);

/** Extensions of types, where a name has none. */
const EXTENSIONS = new Map(
  Object.entries({
    'application/gzip': 'gz',
    'application/json': 'json',
    'application/pdf': 'pdf',
    'application/xml': 'xml',
    'application/zip': 'zip',
    'audio/mpeg': 'mp3',
    'image/avif': 'avif',
    'image/gif': 'gif',
    'image/jpeg': 'jpg',
    'image/png': 'png',
    'image/svg+xml': 'svg',
    'image/tiff': 'tif',
    'image/webp': 'webp',
    'text/css': 'css',
    'text/csv': 'csv',
    'text/html': 'html',
    'text/javascript': 'js',
    'text/plain': 'txt',
    'text/xml': 'xml',
    'video/mp4': 'mp4',
    'video/webm': 'webm',
  }),
);

/**
 * The media type of a source: what it says itself, unless that means nothing; else what its first bytes are; else what
 * its name tells.
 */
export async function mediaType(said: string, name: string, beginning: Buffer): Promise<string> {
  if (saysSomething(said)) return said;
  return (await sniff(beginning)) ?? BY_EXTENSION.get(extensionOf(name)) ?? OCTETS;
}

/** Whether a media type is more than "bytes". */
export const saysSomething = (type: string): boolean => type !== '' && !UNKNOWN.test(type);

async function sniff(beginning: Buffer): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(beginning.subarray(0, SNIFF_BYTES)))?.mime;
  } catch {
    return undefined; // A parser that trips over bytes says no more than one that does not know them.
  }
}

/** In lower case, without the dot; empty when the name has none that is worth the name. */
export const extensionOf = (name: string): string =>
  /[^.]\.([A-Za-z0-9]{1,12})$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** An extension for a name without one; `bin` when the type has none here. */
export const extensionFor = (type: string): string =>
  EXTENSIONS.get(type.split(';', 1)[0]?.trim().toLowerCase() ?? '') ?? 'bin';
