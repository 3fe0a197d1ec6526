import { deflateSync } from 'node:zlib';
import { describe, expect, jest, test } from '@jest/globals';
import { noise, plain } from '../../../test/support/images.js';
import { refusal, resize, type AskedVariants } from '../../../test/support/resize.js';
import { PNG_SIGNATURE, pngChunk } from '../../../test/support/sample-content.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

const small: AskedVariants = [{ width: 10, format: 'png' }];
/** Codes of a source that is bad, whichever the loader finds first. */
const BAD = ['broken-image', 'not-an-image', 'too-many-pixels', 'too-many-channels'];

async function refusedForGood(bytes: Buffer): Promise<void> {
  const { code, retry } = await refusal(resize(bytes, small));
  expect({ code: BAD.includes(code) ? 'bad' : code, retry }).toEqual({ code: 'bad', retry: 'no' });
}

/** A grey PNG of this size whose pixel data is `data` uncompressed (PNG specification, 11.2). */
function pngOf(width: number, height: number, data: Buffer, ...before: Buffer[]): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set([8, 0, 0, 0, 0], 8);
  const end = [pngChunk('IDAT', deflateSync(data)), pngChunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', ihdr), ...before, ...end]);
}

const tiny = (...before: Buffer[]): Buffer => pngOf(2, 2, Buffer.alloc(6), ...before);

describe('an image that is not what it says', () => {
  test('a PNG with more data than its size needs is read to its size', async () => {
    const { result } = await resize(pngOf(2, 2, Buffer.alloc(20_000_000)), small);
    expect(result.source).toMatchObject({ width: 2, height: 2 });
  });

  test('a PNG with less data than its size needs', async () => {
    await refusedForGood(pngOf(5_000, 5_000, Buffer.alloc(100)));
  });

  test('a PNG without size', async () => {
    await refusedForGood(pngOf(0, 0, Buffer.alloc(0)));
  });

  test('a GIF whose frame is larger than its screen is no larger than its screen', async () => {
    const gif = await plain('#f00', 8, 8).gif().toBuffer();
    gif.writeUInt16LE(4, 6);
    const { result } = await resize(gif, small).catch(() => ({ result: { source: { width: 4 } } }));
    expect(result.source.width).toBeLessThanOrEqual(8);
  });

  test('a WebP whose header claims other sides than its picture has', async () => {
    const webp = await plain('#f00', 8, 8).webp({ lossless: true }).toBuffer();
    // VP8L: 14 bits of width - 1 and of height - 1 (RFC 9649, section 3.4).
    webp.writeUInt32LE(webp.readUInt32LE(21) | 0x0fffffff, 21);
    await refusedForGood(webp);
  });

  test('an AVIF whose header claims other sides than its picture has', async () => {
    const avif = await noise(64, 64).avif().toBuffer();
    // The property `ispe`: version and flags, width, height (ISO/IEC 23008-12, 6.5.3).
    const ispe = avif.indexOf('ispe');
    avif.writeUInt32BE(6_000, ispe + 8);
    avif.writeUInt32BE(6_000, ispe + 12);
    await refusedForGood(avif);
  });

  test('a JPEG of 65,500 × 65,500 pixels in a few bytes', async () => {
    const jpeg = await plain('#f00', 8, 8).jpeg().toBuffer();
    const sof = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(65_500, sof + 5);
    jpeg.writeUInt16BE(65_500, sof + 7);
    expect(await refusal(resize(jpeg, small))).toMatchObject({ code: 'too-many-pixels', retry: 'no' });
  });

  test('a TIFF whose directories go round in a circle', async () => {
    const tiff = await plain('#f00', 8, 8).tiff({ compression: 'none' }).toBuffer();
    const directory = tiff.readUInt32LE(4);
    const next = directory + 2 + tiff.readUInt16LE(directory) * 12;
    tiff.writeUInt32LE(directory, next);
    const { result } = await resize(tiff, small);
    expect(result.source.width).toBe(8);
  });

  test('a TIFF of eight channels', async () => {
    const one = await plain('#777', 8, 8).extractChannel(0).png().toBuffer();
    const tiff = await plain('#f00', 8, 8)
      .joinChannel([one, one, one, one, one])
      .toColourspace('multiband')
      .tiff({ compression: 'none' })
      .toBuffer();
    expect(await refusal(resize(tiff, small))).toMatchObject({
      code: 'too-many-channels',
      retry: 'no',
      message: 'The image has 8 channels; at most 5 (CMYK and transparency) are taken.',
    });
  });
});

describe('an image with more in it than a picture', () => {
  const zeros = deflateSync(Buffer.alloc(30_000_000));

  test.each([
    ['a text of 30 MB in 30 kB', [pngChunk('zTXt', Buffer.concat([Buffer.from('x\0\0', 'latin1'), zeros]))]],
    [
      'a profile of 30 MB in 30 kB',
      [pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0', 'latin1'), zeros]))],
    ],
    ['20,000 chunks of text', Array.from({ length: 20_000 }, () => pngChunk('tEXt', Buffer.from('a\0b')))],
    ['5 MB of nothing known', [pngChunk('abCd', Buffer.alloc(5_000_000))]],
  ])('a PNG with %s is done or refused in bounded memory', async (_what, chunks) => {
    const before = process.memoryUsage().rss;
    const outcome = await resize(tiny(...chunks), small).then(
      ({ result }) => result.source.width,
      (error: { retry: string }) => error.retry,
    );
    expect([2, 'no']).toContain(outcome);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  test.each([
    ['a ZIP file', 'PK\u0003\u0004'],
    ['a script', '<script>alert(1)</script>'],
    ['a PDF', '%PDF-1.7'],
  ])('%s behind a JPEG is not passed on', async (_what, behind) => {
    const jpeg = Buffer.concat([await plain().jpeg().toBuffer(), Buffer.from(behind)]);
    const run = await resize(jpeg, [{ width: 10, format: 'jpeg' }]);
    expect(run.files.get('w10.jpg')!.body.includes(behind)).toBe(false);
  });

  test('a JPEG that mentions a PDF in its comment is a JPEG', async () => {
    const jpeg = await plain().jpeg().toBuffer();
    const text = Buffer.from('%PDF-1.4 <svg><html>');
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), text]);
    const { result } = await resize(Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]), small);
    expect(result.source.format).toBe('jpeg');
  });
});

describe('bytes that went wrong on the way', () => {
  const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;

  test.each(formats)('%s with one byte changed anywhere: done, or refused for good', async (format) => {
    const bytes = await noise(24, 24).toFormat(format).toBuffer();
    for (let n = 0; n < 16; n++) {
      const broken = Buffer.from(bytes);
      broken[Math.floor((n / 16) * bytes.length)]! ^= 0x55;
      const outcome = await resize(broken, small).then(
        () => 'no',
        (error: { retry: string }) => error.retry,
      );
      expect({ n, outcome }).toEqual({ n, outcome: 'no' });
    }
  });

  test.each(formats)(
    '%s cut short anywhere is refused for good, or all there was of the picture',
    async (format) => {
      const bytes = await noise(24, 24).toFormat(format).toBuffer();
      for (let n = 1; n < 10; n++) {
        const outcome = await resize(bytes.subarray(0, Math.floor((n / 10) * bytes.length)), small).then(
          () => 'done',
          (error: { retry: string }) => error.retry,
        );
        expect({ n, outcome }).toEqual({ n, outcome: 'no' });
      }
    },
  );
});
