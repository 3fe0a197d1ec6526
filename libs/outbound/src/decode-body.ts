import { PassThrough, pipeline, Transform, type Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import type { TaskError } from '@offload/contracts/errors';
import { capped } from './capped.js';
import { OutboundError } from './outbound-error.js';

/** Node has zstd from 22.15 on. */
const ZSTD = 'createZstdDecompress' in zlib;

/** RFC 9659: a zstd body on the web needs a window of at most 8 MiB, 2^23 bytes. */
const ZSTD_WINDOW_LOG = 23;

/** Words that origins write there and that name no coding; browsers take the body as it is, too. */
const NO_CODING = new Set(['', 'identity', 'none', 'utf-8', 'utf8', 'binary', '7bit', '8bit']);

/** More codings than one on top of another are nobody's use but a bomb's. */
const MAX_CODINGS = 2;

export const ACCEPT_ENCODING = ZSTD ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br';

/**
 * The codings of a Content-Encoding header, the outermost first. Throws OutboundError `bad-encoding` (permanent)
 * for one that is not known here.
 */
export function codingsOf(header: string | undefined, host: string): string[] {
  const codings = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => !NO_CODING.has(coding))
    .reverse();
  const unknown = codings.find((coding) => !DECODERS.has(coding));
  if (unknown === undefined && codings.length <= MAX_CODINGS) return codings;
  throw new OutboundError(
    'bad-encoding',
    `${host} sent a body in the Content-Encoding ${JSON.stringify(header)}, which is not supported.`,
    { retry: 'no' },
  );
}

/**
 * Decodes a body and counts it: once more than `maxBytes` came out of any stage, the result is destroyed with
 * `tooLarge()`. What comes over the wire may be a little longer than what it decodes to, never much.
 * Destroying the result destroys all stages; their errors arrive on it, as `explain` puts them.
 */
export function decodeBody(
  wire: Readable,
  codings: readonly string[],
  maxBytes: number,
  tooLarge: () => TaskError,
  explain: (error: Error) => TaskError,
): Readable {
  const slack = codings.length === 0 ? 0 : 1024 + Math.ceil(maxBytes / 64);
  const stages: Transform[] = [capped(maxBytes + slack, tooLarge)];
  for (const coding of codings) stages.push(DECODERS.get(coding)!(), capped(maxBytes, tooLarge));
  const body = new PassThrough({
    destroy: (error, done) => done(error && explain(error)),
  });
  // The callback only marks the errors as seen: pipeline has destroyed `body` with them.
  pipeline([wire, ...stages, body], () => {});
  return body;
}

function zstd(): Transform {
  // Absent from the types of Node 20, which this is compiled against.
  const { createZstdDecompress, constants } = zlib as unknown as {
    createZstdDecompress: (this: void, options: { params: Record<number, number> }) => Transform;
    constants: { ZSTD_d_windowLogMax: number };
  };
  return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } });
}

/** RFC 9110, section 8.4.1.2: `deflate` is the zlib format, and some servers send it without its wrapper. */
class InflateEither extends Transform {
  #inflate: zlib.Inflate | zlib.InflateRaw | undefined;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#inflate ??= this.#start(chunk);
    this.#inflate.write(chunk, done);
  }

  override _flush(done: () => void): void {
    if (!this.#inflate) return done();
    this.#inflate.once('end', done).end();
  }

  override _read(size: number): void {
    this.#inflate?.resume();
    super._read(size);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inflate?.destroy();
    done(error);
  }

  /** RFC 1950, section 2.2: method 8, and the first two bytes are a multiple of 31. */
  #start(head: Buffer): zlib.Inflate | zlib.InflateRaw {
    const wrapped = (head[0]! & 0x0f) === 8 && (head.length < 2 || head.readUInt16BE(0) % 31 === 0);
    const inflate = wrapped ? zlib.createInflate() : zlib.createInflateRaw();
    inflate.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) inflate.pause();
    });
    return inflate.on('error', (error: Error) => this.destroy(error));
  }
}

const DECODERS = new Map<string, () => Transform>([
  ['gzip', () => zlib.createGunzip()],
  ['x-gzip', () => zlib.createGunzip()],
  ['deflate', () => new InflateEither()],
  ['br', () => zlib.createBrotliDecompress()],
]);
if (ZSTD) DECODERS.set('zstd', zstd);
