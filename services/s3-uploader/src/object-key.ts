import { TaskError } from '@offload/contracts/errors';
import { fillKey, keyFault } from '@offload/contracts/s3-key';
import { extensionFor, extensionOf } from './media-type.js';

export interface NamedSource {
  taskId: string;
  /** As its origin or uploader calls it. */
  name: string;
  /** Media type of the object. */
  type: string;
  /** Hex; only where the template asks for it. */
  sha256: string | null;
}

/** A name that long still leaves room for the rest of a key. */
const NAME_BYTES = 400;

/**
 * The key of an object. The same for every attempt of a task: days are those of its creation, in UTC.
 * Throws TaskError `invalid-key` (permanent).
 */
export function keyOf(template: string, source: NamedSource): string {
  const name = safeName(source.name);
  const own = extensionOf(name);
  const [yyyy = '', mm = '', dd = ''] = timeOf(source.taskId).toISOString().slice(0, 10).split('-');
  const key = fillKey(template, {
    name,
    base: own === '' ? name : name.slice(0, -own.length - 1),
    ext: own === '' ? extensionFor(source.type) : own,
    sha256: source.sha256 ?? '',
    task: source.taskId,
    yyyy,
    mm,
    dd,
  });
  const fault = keyFault(key);
  if (fault === undefined) return key;
  throw new TaskError('invalid-key', `The key ${JSON.stringify(key.slice(0, 200))} ${fault}.`, {
    retry: 'no',
  });
}

/** One part of a key, whatever an origin has called it. */
function safeName(name: string): string {
  const plain = name
    .replace(/\p{Surrogate}/gu, '_')
    // eslint-disable-next-line no-control-regex -- control characters are exactly what is replaced
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff/\\]/g, '_');
  if (plain === '' || plain === '.' || plain === '..') return '_';
  return shortened(plain);
}

/** Keeps the beginning and the extension, and whole characters. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= NAME_BYTES) return name;
  const extension = extensionOf(name);
  const tail = extension === '' ? '' : `.${extension}`;
  let kept = '';
  let bytes = Buffer.byteLength(tail);
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > NAME_BYTES) break;
    kept += character;
  }
  return kept + tail;
}

/** The time in a UUIDv7 (RFC 9562, section 5.7), which every task's id is. */
function timeOf(taskId: string): Date {
  return new Date(Number.parseInt(taskId.replaceAll('-', '').slice(0, 12), 16));
}
