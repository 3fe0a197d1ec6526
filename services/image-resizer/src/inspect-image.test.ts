import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { PNG_SIGNATURE, pngChunk } from '../../../test/support/sample-content.js';
import { inspectImage } from './inspect-image.js';
import { restrictSharp } from './sharp-settings.js';

beforeAll(() => restrictSharp({ threads: 1, svg: false }));

const picture = (width = 30, height = 20) =>
  sharp({ create: { width, height, channels: 3, background: '#c04020' } });

test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)(
  '%s is told by its content',
  async (format) => {
    const bytes = await picture().toFormat(format).toBuffer();
    expect(await inspectImage(bytes)).toMatchObject({ format, width: 30, height: 20, pages: 1 });
  },
);

test.each([1, 2, 3, 4, 5, 6, 7, 8])('the size is as seen with EXIF orientation %d', async (orientation) => {
  const bytes = await picture().withMetadata({ orientation }).jpeg().toBuffer();
  const turned = orientation > 4;
  expect(await inspectImage(bytes)).toMatchObject(
    turned ? { width: 20, height: 30 } : { width: 30, height: 20 },
  );
});

describe('what is not taken is refused for good, by its content', () => {
  test.each([
    ['nothing', '', 'not-an-image', /empty/],
    ['text', 'hello, I am photo.jpg', 'not-an-image', /JPEG, PNG, WebP, AVIF, GIF and TIFF/],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', 'format-refused', /SVG/],
    ['an SVG with a prologue', '\ufeff<?xml version="1.0"?>\n<!-- x --><svg/>', 'format-refused', /SVG/],
    ['an HTML page', '\n<!DOCTYPE html><body><svg></svg>', 'format-refused', /HTML/],
    ['other XML', '<?xml version="1.0"?><rss/>', 'format-refused', /XML/],
    ['a PDF', '%PDF-1.7\n', 'format-refused', /PDF/],
    ['PostScript', '%!PS-Adobe-3.0 EPSF-3.0\n', 'format-refused', /PostScript/],
    ['HEIC', '\0\0\0\u0018ftypheic\0\0\0\0heic', 'format-refused', /HEIC/],
    ['a video', '\0\0\0\u0018ftypisom\0\0\0\0isom', 'format-refused', /video/],
    ['a bitmap', 'BM\u0046\0\0\0\0\0\0\0\u0036\0\0\0\u0028', 'format-refused', /BMP/],
    ['an icon', '\0\0\u0001\0\u0001\0', 'format-refused', /ICO/],
    ['a ZIP file', 'PK\u0003\u0004', 'format-refused', /ZIP/],
    ['a pixmap', 'P6 1 1 255\nabc', 'not-an-image', /can be read/],
  ])('%s', async (_name, content, code, message) => {
    const error: unknown = await inspectImage(Buffer.from(content)).catch((e: unknown) => e);
    expect(error).toMatchObject({ code, retry: 'no' });
    expect((error as Error).message).toMatch(message);
  });
});

test('an AVIF may call itself by a general brand', async () => {
  const bytes = await picture().avif().toBuffer();
  bytes.write('mif1', 8, 'latin1');
  expect(await inspectImage(bytes)).toMatchObject({ format: 'avif', width: 30, height: 20 });
});

test('a header that claims 60,000 × 60,000 pixels is refused without decoding, the limit named', async () => {
  const error: unknown = await inspectImage(pngClaiming(60_000, 60_000)).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'too-many-pixels', retry: 'no' });
  expect((error as Error).message).toBe(
    'The image has 60000 × 60000 pixels (3600.0 megapixels); at most 50.0 megapixels are taken.',
  );
});

test('50 megapixels are taken, a line more is not', async () => {
  expect(await inspectImage(pngClaiming(10_000, 5_000))).toMatchObject({ width: 10_000, height: 5_000 });
  await expect(inspectImage(pngClaiming(10_000, 5_001))).rejects.toMatchObject({ code: 'too-many-pixels' });
});

test('an animation is told by its pages, and counts by one frame', async () => {
  const frames = await Promise.all(
    ['#f00', '#0f0'].map((background) =>
      sharp({ create: { width: 30, height: 20, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const bytes = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
  expect(await inspectImage(bytes)).toMatchObject({ format: 'gif', width: 30, height: 20, pages: 2 });
});

/** A PNG with a well-formed header (PNG specification, 11.2.1) and no pixels. */
function pngClaiming(width: number, height: number): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', ihdr), pngChunk('IDAT', Buffer.alloc(16))]);
}
