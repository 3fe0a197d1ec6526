/** Type and subtype, then parameters (RFC 9110, section 8.3.1); what else an origin may send there is not passed on. */
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+ *(;[ -~]*)?$/;

const UNKNOWN = 'application/octet-stream';

/** The Content-Type as it may be stored, or null when there is none that can be read. */
export function mediaType(contentType: string | undefined): string | null {
  const type = contentType?.trim() ?? '';
  return type.length <= 200 && MEDIA_TYPE.test(type) ? type : null;
}

/** In lower case, without parameters. */
export const essence = (type: string | null): string => (type ?? UNKNOWN).split(';')[0]!.trim().toLowerCase();

/** RFC 8259 and the `+json` suffix of RFC 6839, section 3.1; `text/json` stands in the wild. */
export const isJson = (type: string | null): boolean =>
  /^(application\/(json|[\w.-]+\+json)|text\/json)$/.test(essence(type));

const ENDINGS: Record<string, string> = {
  'application/gzip': 'gz',
  'application/javascript': 'js',
  'application/pdf': 'pdf',
  'application/x-ndjson': 'ndjson',
  'application/xml': 'xml',
  'application/zip': 'zip',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'text/calendar': 'ics',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/plain': 'txt',
  'text/xml': 'xml',
};

/** Under which type and name a body is stored when the task does not name it. */
export function fileOf(type: string | null): { type: string; name: string } {
  const ending = isJson(type) ? 'json' : essence(type).endsWith('+xml') ? 'xml' : ENDINGS[essence(type)];
  return { type: type ?? UNKNOWN, name: `response.${ending ?? 'bin'}` };
}
