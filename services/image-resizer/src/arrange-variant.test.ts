import { describe, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { colourAt, near, plain, quadrants } from '../../../test/support/images.js';
import { bodies, refusal, resize, type AskedVariants } from '../../../test/support/resize.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

const RED = [255, 0, 0];
const GREEN = [0, 255, 0];
const BLUE = [0, 0, 255];
const WHITE = [255, 255, 255];

type Asked = AskedVariants[number];

/** The colours of the four quarters of a variant: upper left, upper right, lower left, lower right. */
async function quartersOf(image: Buffer): Promise<number[][]> {
  const at = (x: number, y: number) => colourAt(image, x, y).then((colour) => colour.slice(0, 3));
  return [await at(0.2, 0.2), await at(0.8, 0.2), await at(0.2, 0.8), await at(0.8, 0.8)];
}

/** One variant; its size is what the result says. */
async function png(asked: Asked, source = quadrants()): Promise<Buffer> {
  const run = await resize(await (await source).png().toBuffer(), [{ format: 'png', ...asked }]);
  const [body] = bodies(run);
  const { width, height } = await sharp(body).metadata();
  expect(run.result.variants[0]).toMatchObject({ width, height });
  return body!;
}

describe('what cover keeps', () => {
  // 60 × 40, cut to a 10 × 10 corner or edge of the picture at its own height.
  test.each([
    ['top-left', RED],
    ['top-right', GREEN],
    ['bottom-left', BLUE],
    ['bottom-right', WHITE],
    [{ x: 0, y: 0.1 }, RED],
    [{ x: 0.95, y: 0.9 }, WHITE],
  ] as const)('with position %j', async (position, colour) => {
    const narrow = await png({ width: 10, height: 40, fit: 'cover', position });
    const flat = await png({ width: 60, height: 10, fit: 'cover', position });
    const row = typeof position === 'string' ? position.startsWith('top') : position.y < 0.5;
    expect((await colourAt(narrow, 0.5, row ? 0.2 : 0.8)).slice(0, 3)).toEqual(colour);
    const column = typeof position === 'string' ? position.endsWith('left') : position.x < 0.5;
    expect((await colourAt(flat, column ? 0.2 : 0.8, 0.5)).slice(0, 3)).toEqual(colour);
  });

  test.each(['attention', 'entropy'] as const)('with %s is the part where something is', async (position) => {
    const thing = await sharp({
      create: {
        width: 20,
        height: 20,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer();
    const source = plain('#eee', 120, 30).composite([
      { input: thing, left: 95, top: 5 },
      { input: { create: { width: 8, height: 8, channels: 3, background: '#f00' } }, left: 100, top: 10 },
    ]);
    const body = await png({ width: 30, height: 30, fit: 'cover', position }, Promise.resolve(source));
    expect(await sharp(body).metadata()).toMatchObject({ width: 30, height: 30 });
    const { channels } = await sharp(body).stats();
    expect(channels[0]!.stdev).toBeGreaterThan(20);
  });
});

describe('contain', () => {
  test.each([
    ['left', [60, 20], [0.02, 0.5]],
    ['right', [60, 20], [0.98, 0.5]],
    ['top', [20, 60], [0.5, 0.02]],
    ['bottom', [20, 60], [0.5, 0.98]],
  ] as const)('puts the picture where position says: %s', async (position, [width, height], [x, y]) => {
    const body = await png(
      { width, height, fit: 'contain', position, background: '#000' },
      Promise.resolve(plain('#fff', 20, 20)),
    );
    expect(await sharp(body).metadata()).toMatchObject({ width, height });
    expect((await colourAt(body, x, y)).slice(0, 3)).toEqual(WHITE);
    expect((await colourAt(body, 1 - x, 1 - y)).slice(0, 3)).toEqual([0, 0, 0]);
  });

  test.each([
    ['#0f0', [0, 255, 0, 255]],
    ['rgba(0, 0, 255, 0.5)', [0, 0, 255, near(128, 2)]],
    ['Navy', [0, 0, 128, 255]],
    ['transparent', [255, 255, 255, 0]],
    [undefined, [255, 255, 255, 0]],
  ])('has a border of the background %s', async (background, colour) => {
    const body = await png({ width: 40, height: 80, fit: 'contain', background });
    expect(await colourAt(await sharp(body).ensureAlpha().png().toBuffer(), 0.5, 0.05)).toEqual(colour);
  });

  test('has a coloured border around a grey picture, too', async () => {
    const grey = plain('#777', 20, 20).grayscale().toColourspace('b-w');
    const body = await png(
      { width: 60, height: 20, fit: 'contain', background: '#f00' },
      Promise.resolve(grey),
    );
    expect((await colourAt(body, 0.02, 0.5)).slice(0, 3)).toEqual(RED);
  });
});

describe('a background', () => {
  const veil = () =>
    sharp({ create: { width: 20, height: 20, channels: 4, background: 'rgba(255, 0, 0, 0.5)' } });

  test.each([
    ['jpeg', undefined, [255, 127, 127]],
    ['jpeg', '#000', [128, 0, 0]],
    ['jpeg', 'rgba(0, 0, 0, 0.5)', [near(191), near(64), near(64)]],
    ['png', '#000', [128, 0, 0]],
    ['png', 'rgba(0, 0, 0, 0.5)', [255, 0, 0, 128]],
  ] as const)('in %s, %s, lies behind transparent parts', async (format, background, colour) => {
    const body = await png({ width: 20, format, quality: 100, background }, Promise.resolve(veil()));
    expect(await colourAt(body)).toEqual(colour.map((c) => (typeof c === 'number' ? near(c, 3) : c)));
  });
});

describe('turns and mirrors', () => {
  test.each([
    [{ rotate: 90 }, [40, 60], [BLUE, RED, WHITE, GREEN]],
    [{ rotate: -90 }, [40, 60], [GREEN, WHITE, RED, BLUE]],
    [{ rotate: 180 }, [60, 40], [WHITE, BLUE, GREEN, RED]],
    [{ rotate: 360 }, [60, 40], [RED, GREEN, BLUE, WHITE]],
    [{ flip: true }, [60, 40], [BLUE, WHITE, RED, GREEN]],
    [{ flop: true }, [60, 40], [GREEN, RED, WHITE, BLUE]],
    [{ rotate: 90, flop: true }, [40, 60], [RED, BLUE, GREEN, WHITE]],
    [{ rotate: 90, flip: true }, [40, 60], [WHITE, GREEN, BLUE, RED]],
  ])('%j', async (asked, [width, height], quarters) => {
    const body = await png({ width: 100, ...asked });
    expect(await sharp(body).metadata()).toMatchObject({ width, height });
    expect(await quartersOf(body)).toEqual(quarters);
  });

  test('by any angle: the box around it, with corners of the background', async () => {
    const square = Promise.resolve(plain('#f00', 40, 40));
    const body = await png({ width: 100, rotate: 45, background: '#00f' }, square);
    expect(await sharp(body).metadata()).toMatchObject({ width: 57, height: 57 });
    expect((await colourAt(body, 0.02, 0.02)).slice(0, 3)).toEqual(BLUE);
    expect((await colourAt(body)).slice(0, 3)).toEqual(RED);
    const clear = await png({ width: 100, rotate: 45 }, Promise.resolve(plain('#f00', 40, 40)));
    expect((await colourAt(clear, 0.02, 0.02)).at(3)).toBe(0);
  });

  test('the sides that are asked for are those of the turned picture', async () => {
    expect(await sharp(await png({ width: 20, rotate: 90 })).metadata()).toMatchObject({
      width: 20,
      height: 30,
    });
  });
});

describe('a crop', () => {
  test('is a part of the source, in its pixels, before it is resized', async () => {
    const body = await png({ width: 15, crop: { left: 30, top: 0, width: 30, height: 40 } });
    expect(await sharp(body).metadata()).toMatchObject({ width: 15, height: 20 });
    expect(await quartersOf(body)).toEqual([GREEN, GREEN, WHITE, WHITE]);
  });

  test('counts in the picture as seen, not as stored', async () => {
    const upright = await (await quadrants()).png().toBuffer();
    const stored = await sharp(upright).rotate(270).png().toBuffer();
    const tagged = await sharp(stored)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const body = bodies(
      await resize(tagged, [{ width: 30, format: 'png', crop: { left: 0, top: 0, width: 30, height: 20 } }]),
    )[0]!;
    expect((await colourAt(body)).slice(0, 3)).toEqual(RED.map((c) => near(c)));
  });

  test('outside the picture is refused for good', async () => {
    const error = await refusal(png({ width: 10, crop: { left: 60, top: 0, width: 5, height: 5 } }));
    expect(error).toMatchObject({
      code: 'crop-outside',
      retry: 'no',
      message: expect.stringContaining('60 × 40'),
    });
  });
});

describe('a trim', () => {
  const framed = (border = '#fff') =>
    plain(border, 100, 80).composite([
      { input: { create: { width: 30, height: 20, channels: 3, background: '#00f' } }, left: 50, top: 10 },
    ]);

  test('cuts off a border of one colour', async () => {
    const body = await png({ width: 100, trim: {} }, Promise.resolve(framed()));
    expect(await sharp(body).metadata()).toMatchObject({ width: 30, height: 20 });
    expect(await quartersOf(body)).toEqual([BLUE, BLUE, BLUE, BLUE]);
  });

  test('leaves a picture of one colour as it is', async () => {
    const body = await png({ width: 100, trim: {} }, Promise.resolve(plain('#fff', 100, 80)));
    expect(await sharp(body).metadata()).toMatchObject({ width: 100, height: 80 });
  });

  test('takes for border what is within the threshold', async () => {
    const almost = await framed('#0000f8').png().toBuffer();
    const run = await resize(almost, [
      { width: 100, trim: { threshold: 0 } },
      { width: 100, trim: { threshold: 20 } },
    ]);
    expect(run.result.variants.map(({ width }) => width)).toEqual([30, 100]);
  });
});

describe('effects', () => {
  test('grayscale has one channel, and three alike to the eye', async () => {
    const body = await png({ width: 60, grayscale: true });
    expect((await sharp(body).metadata()).space).toBe('b-w');
    const [red, green] = await quartersOf(await sharp(body).toColourspace('srgb').png().toBuffer());
    expect(red).toEqual([red![0], red![0], red![0]]);
    expect(green![0]).toBeGreaterThan(red![0]!);
  });

  test('blur softens an edge, sharpen makes it harder', async () => {
    const edge = async (asked: Asked) => {
      const grey = plain('#505050', 60, 40).composite([
        {
          input: { create: { width: 30, height: 40, channels: 3, background: '#a0a0a0' } },
          left: 30,
          top: 0,
        },
      ]);
      const { channels } = await sharp(await png({ width: 60, ...asked }, Promise.resolve(grey))).stats();
      return channels[0]!.max - channels[0]!.min + channels[0]!.stdev;
    };
    const asIs = await edge({});
    expect(await edge({ blur: 10 })).toBeLessThan(asIs);
    expect(await edge({ sharpen: 2 })).toBeGreaterThan(asIs);
  });
});
