import { randomUUID } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import { imageResize } from '@offload/contracts/image-resize';
import { runHandler } from '@offload/worker/run-handler';
import sharp, { type Sharp } from 'sharp';
import { colourAt, near, plain, quadrants } from '../../../test/support/images.js';
import { createImageHandler } from './handler.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

const unreachable = {
  fetch: () => Promise.reject(new Error('These tests read uploaded files only.')),
};
const handler = createImageHandler({ outbound: unreachable, threads: 1 });

async function resize(image: Sharp | Buffer, variants: (typeof imageResize.example)['variants']) {
  const file = randomUUID();
  const body = Buffer.isBuffer(image) ? image : await image.toBuffer();
  return runHandler(imageResize, handler, { source: { file }, variants }, { files: { [file]: { body } } });
}

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
