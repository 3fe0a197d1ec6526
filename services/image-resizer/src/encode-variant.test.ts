import { describe, expect, jest, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { colourAt, near, noise, plain, quadrants } from '../../../test/support/images.js';
import { bodies, refusal, resize, type AskedVariants } from '../../../test/support/resize.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

async function made(source: Sharp, ...asked: AskedVariants) {
  const run = await resize(source.png(), asked);
  const images = bodies(run);
  const metadata = await Promise.all(images.map((image) => sharp(image).metadata()));
  return { variants: run.result.variants, images, metadata };
}

const grain = (side = 80): Sharp => noise(side, side);

describe('quality', () => {
  test.each(['jpeg', 'webp', 'avif'] as const)('counts in %s', async (format) => {
    const { variants } = await made(
      grain(),
      { width: 80, format, quality: 20 },
      { width: 80, format, quality: 95 },
    );
    expect(variants[0]!.bytes).toBeLessThan(variants[1]!.bytes / 1.5);
  });

  test('is 80 by default, and 63 in avif', async () => {
    const { variants } = await made(
      grain(),
      { width: 80, format: 'webp' },
      { width: 80, format: 'webp', quality: 80 },
      { width: 80, format: 'avif' },
      { width: 80, format: 'avif', quality: 63 },
    );
    expect(variants[0]!.sha256).toBe(variants[1]!.sha256);
    expect(variants[2]!.sha256).toBe(variants[3]!.sha256);
  });
});

describe('maxBytes', () => {
  test.each(['jpeg', 'webp', 'avif'] as const)(
    'lowers the quality of %s until it fits, no further',
    async (format) => {
      const { variants } = await made(grain(), { width: 80, format }, { width: 80, format, maxBytes: 2_600 });
      expect(variants[0]!.bytes).toBeGreaterThan(2_600);
      expect(variants[1]!.bytes).toBeLessThanOrEqual(2_600);
      expect(variants[1]!.bytes).toBeGreaterThan(1_500);
    },
  );

  test('changes nothing where the file fits anyhow', async () => {
    const { variants } = await made(
      plain(),
      { width: 80, format: 'jpeg' },
      { width: 80, format: 'jpeg', maxBytes: 50_000 },
    );
    expect(variants[0]!.sha256).toBe(variants[1]!.sha256);
  });

  test('that cannot be met is refused for good, the size named', async () => {
    const error = await refusal(made(grain(), { width: 80, format: 'jpeg', maxBytes: 100 }));
    expect(error).toMatchObject({
      code: 'cannot-fit',
      retry: 'no',
      message: expect.stringMatching(/w80.jpg has \d+ bytes/),
    });
  });
});

describe('lossless', () => {
  test.each(['webp', 'avif', 'png'] as const)('%s gives the very pixels', async (format) => {
    const source = await grain(30).png().toBuffer();
    const [image] = bodies(await resize(source, [{ width: 30, format, lossless: true }]));
    const raw = (bytes: Buffer) => sharp(bytes).removeAlpha().raw().toBuffer();
    expect((await raw(image!)).equals(await raw(source))).toBe(true);
  });
});

test('jpeg is progressive and by mozjpeg unless asked otherwise; effort below 4 is faster and larger', async () => {
  const { metadata, variants } = await made(
    grain(),
    { width: 80, format: 'jpeg' },
    { width: 80, format: 'jpeg', progressive: false },
    { width: 80, format: 'jpeg', effort: 0 },
    { width: 80, format: 'jpeg', effort: 0, progressive: true },
  );
  expect(metadata.map(({ isProgressive }) => isProgressive)).toEqual([true, false, false, true]);
  expect(variants[0]!.bytes).toBeLessThan(variants[2]!.bytes);
});

test('png is interlaced on demand', async () => {
  const { metadata } = await made(
    plain(),
    { width: 80, format: 'png' },
    { width: 80, format: 'png', progressive: true },
  );
  expect(metadata.map(({ isProgressive }) => isProgressive)).toEqual([false, true]);
});

test('colours: png gets a palette on demand only, gif has one of as many', async () => {
  const { metadata } = await made(
    grain(),
    { width: 80, format: 'png' },
    { width: 80, format: 'png', colours: 16 },
    { width: 80, format: 'gif', colours: 4 },
  );
  expect(metadata.map(({ isPalette, bitsPerSample }) => [isPalette, bitsPerSample])).toEqual([
    [false, 8],
    [true, 4],
    [true, 2],
  ]);
});

test('effort saves bytes', async () => {
  const { variants } = await made(
    grain(),
    { width: 80, format: 'webp', effort: 0 },
    { width: 80, format: 'webp', effort: 9 },
  );
  expect(variants[1]!.bytes).toBeLessThan(variants[0]!.bytes);
});

describe('auto', () => {
  /** A red disc on nothing. */
  const disc = (side = 80): Sharp => {
    const inside = (i: number) =>
      Math.hypot((i % side) - side / 2, Math.floor(i / side) - side / 2) < side / 3;
    const pixels = Array.from({ length: side * side }, (_, i) => [255, 0, 0, inside(i) ? 255 : 0]);
    return sharp(Buffer.from(pixels.flat()), { raw: { width: side, height: side, channels: 4 } });
  };
  const cases: [string, () => Promise<Sharp>, object, string][] = [
    ['a photo', async () => grain(), {}, 'jpeg'],
    ['a photo that must lose nothing', async () => grain(), { lossless: true }, 'webp'],
    ['a photo with transparent parts', async () => grain().ensureAlpha(0.5), {}, 'webp'],
    ['a photo with an alpha channel that hides nothing', async () => grain().ensureAlpha(1), {}, 'jpeg'],
    ['a photo on a background', async () => grain().ensureAlpha(0.5), { background: '#fff' }, 'jpeg'],
    ['a photo in a transparent border', async () => grain(), { height: 90, fit: 'contain' }, 'webp'],
    ['flat colours', quadrants, {}, 'png'],
    ['a drawing on nothing', async () => disc(), {}, 'png'],
  ];
  test.each(cases)('%s: %s', async (_what, source, asked, format) => {
    const bytes = await (await source()).png().toBuffer();
    const { result } = await resize(bytes, [{ width: 80, format: 'auto', ...asked }]);
    expect(result.variants[0]).toMatchObject({
      format,
      type: `image/${format}`,
      file: expect.not.stringContaining('.'),
    });
  });
});

describe('what is known of the source', () => {
  test('its size as seen, bytes, pages, whether it can be transparent, and placeholders', async () => {
    const image = await quadrants();
    const bytes = await image.ensureAlpha().png().toBuffer();
    const { result } = await resize(bytes, [{ width: 10 }]);
    expect(result.source).toEqual({
      format: 'png',
      width: 60,
      height: 40,
      bytes: bytes.length,
      pages: 1,
      hasAlpha: true,
      dominantColour: expect.stringMatching(/^#[\da-f]{6}$/),
      blurhash: expect.stringMatching(/^[\w#$%*+,\-.:;=?@[\]^{|}~]{28}$/),
    });
  });

  test('the dominant colour is the most common one that can be seen', async () => {
    const source = sharp({
      create: { width: 60, height: 60, channels: 4, background: 'rgba(0, 255, 0, 0)' },
    }).composite([
      { input: { create: { width: 30, height: 20, channels: 3, background: '#c04020' } }, left: 0, top: 0 },
      { input: { create: { width: 10, height: 10, channels: 3, background: '#00f' } }, left: 40, top: 40 },
    ]);
    const { result } = await resize(source.png(), [{ width: 10 }]);
    const { dominantColour } = result.source;
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(dominantColour.slice(at, at + 2), 16));
    expect([r, g, b]).toEqual([near(0xc0, 8), near(0x40, 8), near(0x20, 8)]);
  });

  test('one that shows nothing is white', async () => {
    const clear = sharp({ create: { width: 9, height: 9, channels: 4, background: 'rgba(0, 0, 0, 0)' } });
    const { result } = await resize(clear.png(), [{ width: 5 }]);
    expect(result.source.dominantColour).toBe('#ffffff');
  });
});

test('a 1 × 1 picture makes every format', async () => {
  const formats = ['jpeg', 'png', 'webp', 'avif', 'gif', 'auto'] as const;
  const { variants, images } = await made(
    plain('#c04020', 1, 1),
    ...formats.map((format) => ({ width: 10, format, enlarge: true })),
  );
  expect(variants.map(({ width, height }) => [width, height])).toEqual(formats.map(() => [10, 10]));
  expect((await colourAt(images[1]!)).slice(0, 3)).toEqual([0xc0, 0x40, 0x20]);
});
