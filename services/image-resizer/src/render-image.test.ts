import { describe, expect, jest, test } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { colourAt, near, plain, quadrants } from '../../../test/support/images.js';
import { resize } from '../../../test/support/resize.js';
import { readCopyright } from './copyright.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

describe.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('EXIF orientation %d', (orientation) => {
  test('is applied, and the tag is gone with all other metadata', async () => {
    const upright = await quadrants();
    const stored = sharp(await turnedFor(orientation, await upright.png().toBuffer()));
    const tagged = await stored
      .withExif({ IFD0: { Copyright: 'somebody', Orientation: String(orientation) } })
      .withMetadata({ orientation })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const run = await resize(tagged, [{ width: 30, format: 'png' }]);

    expect(run.result.source).toMatchObject({ width: 60, height: 40 });
    expect(run.result.variants[0]).toMatchObject({ width: 30, height: 20 });
    const corners = [
      [0.25, 0.25, [255, 0, 0]],
      [0.75, 0.25, [0, 255, 0]],
      [0.25, 0.75, [0, 0, 255]],
      [0.75, 0.75, [255, 255, 255]],
    ] as const;
    for (const [left, top, colour] of corners)
      expect(await colourAt(run.files.get('w30.png')!.body, left, top)).toEqual(colour.map((c) => near(c)));
    const { exif, icc, xmp, iptc, orientation: tag } = await sharp(run.files.get('w30.png')!.body).metadata();
    expect([exif, icc, xmp, iptc, tag]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });
});

/** Stores an upright image as a camera would that writes this orientation (TIFF 6.0, tag 274). */
async function turnedFor(orientation: number, upright: Buffer): Promise<Buffer> {
  const steps: Record<number, (image: Sharp) => Sharp> = {
    1: (image) => image,
    2: (image) => image.flop(),
    3: (image) => image.rotate(180),
    4: (image) => image.flip(),
    5: (image) => image.rotate(270),
    6: (image) => image.rotate(270),
    7: (image) => image.rotate(90),
    8: (image) => image.rotate(90),
  };
  const turned = await steps[orientation]!(sharp(upright)).png().toBuffer();
  // 5 and 7 are mirrored on top of the turn.
  if (orientation === 5 || orientation === 7) return sharp(turned).flip().png().toBuffer();
  return turned;
}

describe('colour comes out as sRGB with 8 bits', () => {
  test('CMYK', async () => {
    const run = await resize(plain('#2060c0').toColourspace('cmyk').jpeg({ quality: 100 }), [
      { width: 50, format: 'png' },
    ]);
    expect(await colourAt(run.files.get('w50.png')!.body)).toEqual([
      near(0x20, 40),
      near(0x60, 40),
      near(0xc0, 40),
    ]);
  });

  test('16 bits a channel', async () => {
    const run = await resize(plain().toColourspace('rgb16').png(), [{ width: 50, format: 'png' }]);
    expect(await colourAt(run.files.get('w50.png')!.body)).toEqual([
      near(0xc0, 2),
      near(0x40, 2),
      near(0x20, 2),
    ]);
    expect((await sharp(run.files.get('w50.png')!.body).metadata()).depth).toBe('uchar');
  });

  test('grey, with and without alpha', async () => {
    const grey = await resize(plain('#777').greyscale().toColourspace('b-w').png(), [
      { width: 50, format: 'webp' },
    ]);
    expect((await colourAt(grey.files.get('w50.webp')!.body)).slice(0, 3)).toEqual([
      near(0x77),
      near(0x77),
      near(0x77),
    ]);
    const veiled = plain('#777').greyscale().ensureAlpha(0.5).toColourspace('b-w').png();
    const run = await resize(veiled, [{ width: 50, format: 'png' }]);
    expect((await sharp(run.files.get('w50.png')!.body).metadata()).hasAlpha).toBe(true);
  });

  test('a Display P3 profile is converted and dropped', async () => {
    const p3 = await plain('#c02020').withIccProfile('p3').png().toBuffer();
    const stored = await sharp(p3, { ignoreIcc: true }).raw().toBuffer();
    expect([...stored.subarray(0, 3)]).not.toEqual([0xc0, 0x20, 0x20]);
    const run = await resize(p3, [{ width: 50, format: 'png' }]);
    expect(await colourAt(run.files.get('w50.png')!.body)).toEqual([near(0xc0), near(0x20), near(0x20)]);
    expect((await sharp(run.files.get('w50.png')!.body).metadata()).icc).toBeUndefined();
  });
});

describe('alpha', () => {
  const clear = () =>
    sharp({ create: { width: 80, height: 80, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } });

  test.each(['png', 'webp', 'avif', 'gif'] as const)('is kept in %s', async (format) => {
    const run = await resize(clear().png(), [{ width: 40, format }]);
    expect((await colourAt(run.files.get(`w40.${format}`)!.body)).at(3)).toBe(0);
  });

  test('becomes white in jpeg', async () => {
    const run = await resize(clear().png(), [{ width: 40, format: 'jpeg' }]);
    expect(await colourAt(run.files.get('w40.jpg')!.body)).toEqual([near(255), near(255), near(255)]);
  });

  test('a border is transparent, and white in jpeg', async () => {
    const run = await resize(plain().png(), [
      { width: 50, height: 50, fit: 'contain', format: 'png' },
      { width: 50, height: 50, fit: 'contain', format: 'jpeg' },
    ]);
    expect((await colourAt(run.files.get('w50-h50.png')!.body, 0.5, 0)).at(3)).toBe(0);
    expect(await colourAt(run.files.get('w50-h50.png')!.body)).toEqual([0xc0, 0x40, 0x20, 255]);
    expect(await colourAt(run.files.get('w50-h50.jpg')!.body, 0.5, 0)).toEqual([
      near(255),
      near(255),
      near(255),
    ]);
  });
});

describe('colour of every kind', () => {
  const shown = async (image: Sharp | Buffer) =>
    colourAt((await resize(image, [{ width: 50, format: 'png' }])).files.get('w50.png')!.body);
  const blue = (by: number) => [near(0x20, by), near(0x60, by), near(0xc0, by)];

  test('CMYK with a profile is converted by it', async () => {
    const cmyk = await plain('#2060c0')
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect(await sharp(cmyk).metadata()).toMatchObject({ space: 'cmyk', hasProfile: true });
    // What sharp's CMYK profile can show of it.
    expect(await shown(cmyk)).toEqual([near(25), near(91), near(140)]);
  });

  test('CMYK in a TIFF', async () => {
    expect(await shown(plain('#2060c0').toColourspace('cmyk').tiff())).toEqual(blue(45));
  });

  test('Lab', async () => {
    expect(await shown(plain('#2060c0').toColourspace('lab').tiff())).toEqual(blue(4));
  });

  test('16 bits with a P3 profile', async () => {
    const deep = await plain('#2060c0').toColourspace('rgb16').withIccProfile('p3').png().toBuffer();
    expect(await sharp(deep).metadata()).toMatchObject({ depth: 'ushort', hasProfile: true });
    expect(await shown(deep)).toEqual(blue(4));
  });

  test('16 bits without a profile', async () => {
    expect(await shown(plain('#2060c0').toColourspace('rgb16').png())).toEqual(blue(4));
  });

  test('16 bits of grey, with alpha', async () => {
    const deep = await plain('#777').grayscale().ensureAlpha(0.5).toColourspace('grey16').png().toBuffer();
    expect(await sharp(deep).metadata()).toMatchObject({ depth: 'ushort', channels: 2 });
    expect(await shown(deep)).toEqual([near(0x77, 3), near(0x77, 3), near(0x77, 3), near(128, 2)]);
  });

  test('a palette with transparency', async () => {
    const source = sharp({ create: { width: 60, height: 60, channels: 4, background: 'rgba(0, 0, 0, 0)' } })
      .composite([
        { input: { create: { width: 60, height: 30, channels: 3, background: '#c04020' } }, left: 0, top: 0 },
      ])
      .png({ palette: true });
    const body = (await resize(source, [{ width: 50, format: 'png' }])).files.get('w50.png')!.body;
    expect(await colourAt(body, 0.5, 0.2)).toEqual([near(0xc0), near(0x40), near(0x20), 255]);
    expect((await colourAt(body, 0.5, 0.8)).at(3)).toBe(0);
  });

  test('one bit a pixel', async () => {
    const body = await shown(plain('#fff').toColourspace('b-w').tiff({ bitdepth: 1 }));
    expect(body.slice(0, 3)).toEqual([255, 255, 255]);
  });

  test('floating point', async () => {
    const body = await shown(plain('#2060c0').toColourspace('scrgb').tiff());
    expect(body).toEqual(blue(6));
  });
});

describe('on demand', () => {
  const owned = (image: Sharp) =>
    image.withExif({
      IFD0: { Copyright: 'Ann Example', Artist: 'Ann', Model: 'A camera' },
      IFD3: { GPSLatitude: '1/1 2/1 3/1' },
    });

  test.each(['jpeg', 'webp', 'png', 'avif'] as const)(
    '%s keeps copyright and artist, and nothing else',
    async (format) => {
      const source = await owned(plain('#2060c0').jpeg()).toBuffer();
      const run = await resize(source, [
        { width: 20, format, keepCopyright: true },
        { width: 20, format },
      ]);
      const [kept, stripped] = await Promise.all(
        run.result.variants.map(({ file }) => sharp(run.files.get(file)!.body).metadata()),
      );
      expect(readCopyright(kept!.exif)).toEqual({ Copyright: 'Ann Example', Artist: 'Ann' });
      const exif = kept!.exif!.toString('latin1');
      expect([exif.includes('camera'), exif.includes('GPS')]).toEqual([false, false]);
      expect(stripped!.exif).toBeUndefined();
    },
  );

  test('the colours and the profile stay as they are, in every step', async () => {
    const p3 = await plain('#c02020').withIccProfile('p3').png().toBuffer();
    const stored = [...(await sharp(p3, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3)];
    const run = await resize(p3, [
      { width: 50, format: 'png', keepProfile: true },
      { width: 40, height: 40, fit: 'cover', rotate: 90, format: 'png', keepProfile: true },
      { width: 50, format: 'png', name: 'srgb.png' },
    ]);
    const [kept, turned, srgb] = run.result.variants.map(({ file }) => run.files.get(file)!.body);
    for (const image of [kept, turned]) {
      expect((await sharp(image).metadata()).hasProfile).toBe(true);
      expect([...(await sharp(image, { ignoreIcc: true }).raw().toBuffer()).subarray(0, 3)]).toEqual(
        stored.map((c) => near(c, 2)),
      );
    }
    expect((await sharp(srgb).metadata()).hasProfile).toBe(false);
  });

  test('CMYK has no profile to keep: it becomes sRGB', async () => {
    const cmyk = await plain('#2060c0').toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer();
    const run = await resize(cmyk, [{ width: 20, format: 'png', keepProfile: true }]);
    expect(await sharp(run.files.get('w20.png')!.body).metadata()).toMatchObject({
      space: 'srgb',
      hasProfile: false,
    });
  });
});

test('an animation with an orientation is not turned frame by frame into something else', async () => {
  const frames = await Promise.all(['#f00', '#00f'].map((colour) => plain(colour, 40, 20).png().toBuffer()));
  const source = await sharp(frames, { join: { animated: true } })
    .withMetadata({ orientation: 6 })
    .webp()
    .toBuffer();
  const run = await resize(source, [
    { width: 20, animated: true },
    { width: 10, format: 'png' },
  ]);
  expect(run.result.variants.map(({ frames: count }) => count)).toEqual([2, 1]);
});
