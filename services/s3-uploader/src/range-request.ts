import type { OutboundResponse } from '@offload/outbound/outbound';

/** What is known of a representation: enough to ask for the rest of it. */
export interface Form {
  /** Bytes in all; null when the origin did not say, or sent it coded. */
  size: number | null;
  /** What goes into If-Range; null: a part of it cannot be asked for. */
  validator: string | null;
}

export function formOf({ headers }: Pick<OutboundResponse, 'headers'>): Form {
  const coded = isCoded(headers);
  const length = headers['content-length'];
  const size = length !== undefined && /^\d{1,15}$/.test(length) && !coded ? Number(length) : null;
  const rangesRefused = headers['accept-ranges']?.trim().toLowerCase() === 'none';
  return { size, validator: coded || rangesRefused ? null : strongValidator(headers) };
}

/** Offsets of a Range count coded bytes, and what is read here is decoded. */
const isCoded = (headers: Record<string, string>): boolean =>
  !/^(identity)?$/i.test(headers['content-encoding']?.trim() ?? '');

/**
 * If-Range takes a strong ETag, or a Last-Modified that is strong: at least a second older than the Date it came with
 * (RFC 9110, sections 13.1.5 and 8.8.2.2).
 */
function strongValidator(headers: Record<string, string>): string | null {
  const etag = headers['etag']?.trim() ?? '';
  if (/^"[!#-~\u0080-\u00ff]*"$/.test(etag)) return etag;
  const modified = headers['last-modified'] ?? '';
  const age = Date.parse(headers['date'] ?? '') - Date.parse(modified);
  return age >= 1_000 ? modified : null;
}

/** Undefined when a part cannot be asked for, or when nothing has come yet. */
export function rangeHeaders(form: Form, from: number): Record<string, string> | undefined {
  if (form.validator === null || from === 0) return undefined;
  return { range: `bytes=${from}-`, 'if-range': form.validator };
}

/** Why a 206 is not the rest that was asked for, or undefined. Many servers get one of these wrong. */
export function rangeFault(
  { headers }: Pick<OutboundResponse, 'headers'>,
  { size, validator }: Form,
  from: number,
): string | undefined {
  const [, first, last, total] =
    /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(headers['content-range'] ?? '') ?? [];
  if (first === undefined || last === undefined) return 'no Content-Range';
  if (Number(first) !== from) return 'another beginning';
  if (isCoded(headers)) return 'coded';
  if (size !== null && total !== '*' && Number(total) !== size) return 'another size';
  const end = size ?? (total === '*' ? null : Number(total));
  if (end !== null && Number(last) !== end - 1) return 'another end';
  const etag = headers['etag']?.trim();
  if (etag !== undefined && validator?.startsWith('"') && etag !== validator) return 'another ETag';
  return undefined;
}
