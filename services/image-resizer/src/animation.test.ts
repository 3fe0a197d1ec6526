import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { near, plain, quadrants } from '../../../test/support/images.js';
import { bodies, refusal, resize, type AskedVariants } from '../../../test/support/resize.js';

// Real work on a machine that may be busy.
jest.setTimeout(30_000);

const COLOURS = ['#f00', '#0f0', '#00f'];
const TIMING = { delay: [50, 60, 70], loop: 2 };

/** Three frames, 40 × 30. */
const strip = async () =>
  sharp(await Promise.all(COLOURS.map((colour) => plain(colour, 40, 30).png().toBuffer())), {
    join: { animated: true },
  });

let gif: Buffer;
let webp: Buffer;
beforeAll(async () => {
  gif = await (await strip()).gif(TIMING).toBuffer();
  webp = await (await strip()).webp(TIMING).toBuffer();
});

const one = async (source: Buffer, asked: AskedVariants[number]) => {
  const run = await resize(source, [asked]);
  const [body] = bodies(run);
  return { variant: run.result.variants[0]!, body: body!, metadata: await sharp(body).metadata() };
};

/** The colour in the middle of each frame. */
async function frameColours(body: Buffer, pages: number): Promise<number[][]> {
  const colours = [];
  for (let page = 0; page < pages; page++) {
    const { data, info } = await sharp(body, { page })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels;
    colours.push([...data.subarray(at, at + 3)]);
  }
  return colours;
}

const SHOWN = [
  [near(255, 12), near(0, 12), near(0, 12)],
  [near(0, 12), near(255, 12), near(0, 12)],
  [near(0, 12), near(0, 12), near(255, 12)],
];

describe('an animation that is asked for', () => {
  test.each([
    ['gif', 'gif'],
    ['gif', 'webp'],
    ['webp', 'gif'],
    ['webp', 'webp'],
  ] as const)('goes from %s to %s with its frames, their times and its repeats', async (from, format) => {
    const { variant, body, metadata } = await one(from === 'gif' ? gif : webp, {
      width: 20,
      format,
      animated: true,
    });
    expect(variant).toMatchObject({ format, width: 20, height: 15, frames: 3 });
    expect(metadata).toMatchObject({ width: 20, height: 15, pages: 3, ...TIMING });
    expect(await frameColours(body, 3)).toEqual(SHOWN);
  });

  test('is webp where the format is auto', async () => {
    expect((await one(gif, { width: 20, format: 'auto', animated: true })).variant).toMatchObject({
      format: 'webp',
      frames: 3,
    });
  });

  test.each([
    [{ height: 20, fit: 'cover' }, [20, 20]],
    [{ height: 20, fit: 'cover', position: 'attention' }, [20, 20]],
    [{ height: 20, fit: 'contain', background: '#000' }, [20, 20]],
    [{ rotate: 90 }, [20, 27]],
    [{ flip: true, grayscale: false }, [20, 15]],
    [{ crop: { left: 10, top: 10, width: 10, height: 10 } }, [10, 10]],
    [{ trim: {} }, [20, 15]],
  ] as const)('is cut, turned and framed alike in all frames: %j', async (asked, [width, height]) => {
    const { variant, body } = await one(gif, { width: 20, format: 'webp', animated: true, ...asked });
    expect(variant).toMatchObject({ width, height, frames: 3 });
    expect(await frameColours(body, 3)).toEqual(SHOWN);
  });

  test('each frame is mirrored for itself, not the strip of them', async () => {
    const frame = await (await quadrants()).png().toBuffer();
    const source = await sharp([frame, await plain('#fff', 60, 40).png().toBuffer()], {
      join: { animated: true },
    })
      .gif()
      .toBuffer();
    const { body } = await one(source, { width: 60, format: 'gif', animated: true, flip: true });
    const { data, info } = await sharp(body, { page: 0 })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data.subarray((5 * info.width + 5) * 3, (5 * info.width + 5) * 3 + 3)]).toEqual([0, 0, 255]);
  });

  test('is a still picture where the source is one', async () => {
    const { variant } = await one(await plain().png().toBuffer(), {
      width: 20,
      format: 'webp',
      animated: true,
    });
    expect(variant).toMatchObject({ frames: 1 });
  });

  test('beside still variants: each gets what it asked for, from one task', async () => {
    const run = await resize(gif, [
      { width: 30, format: 'jpeg' },
      { width: 20, animated: true },
      { width: 10, format: 'png', page: 2 },
    ]);
    expect(run.result.source).toMatchObject({ pages: 3 });
    expect(run.result.variants.map(({ width, frames }) => [width, frames])).toEqual([
      [30, 1],
      [20, 3],
      [10, 1],
    ]);
    expect(await frameColours(bodies(run)[2]!, 1)).toEqual([[0, 0, 255]]);
  });
});

describe('a page', () => {
  test('that is not there is refused for good, their number named', async () => {
    const error = await refusal(resize(gif, [{ width: 10, page: 3 }]));
    expect(error).toMatchObject({
      code: 'no-such-page',
      retry: 'no',
      message: expect.stringContaining('has 3'),
    });
  });

  test('of a TIFF is another picture', async () => {
    const pages = [
      await plain('#f00', 40, 30).png().toBuffer(),
      await plain('#00f', 40, 30).png().toBuffer(),
    ];
    const tiff = await sharp(pages, { join: { animated: true } })
      .tiff()
      .toBuffer();
    const { body, variant } = await one(tiff, { width: 20, format: 'png', page: 1 });
    expect(variant).toMatchObject({ width: 20, height: 15 });
    expect(await frameColours(body, 1)).toEqual([SHOWN[2]]);
  });
});

describe('too much of it is refused for good', () => {
  /** A GIF of so many frames of one pixel, each a few bytes (GIF89a, sections 18 to 22). */
  const manyFrames = (frames: number, width = 1, height = 1): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt16LE(width, 0);
    size.writeUInt16LE(height, 2);
    const head = [Buffer.from('GIF89a'), size, Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255])];
    const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
    return Buffer.concat([...head, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
  };

  test('more frames than are taken', async () => {
    const error = await refusal(resize(manyFrames(1_001), [{ width: 1, animated: true }]));
    expect(error).toMatchObject({
      code: 'too-many-frames',
      retry: 'no',
      message: 'The animation has 1001 frames; at most 1000 are taken.',
    });
  });

  test('all frames together', async () => {
    const error = await refusal(resize(manyFrames(300, 1_000, 1_000), [{ width: 10, animated: true }]));
    expect(error).toMatchObject({
      code: 'too-many-pixels',
      retry: 'no',
      message: expect.stringMatching(/300\.0 megapixels.*at most 200\.0/),
    });
    const large = await refusal(resize(manyFrames(100, 1_000, 1_000), [{ width: 1_000, animated: true }]));
    expect(large).toMatchObject({
      code: 'too-many-pixels',
      message: expect.stringMatching(/100\.0.*at most 50\.0/),
    });
  });

  test('a hundred thousand frames do no harm to a still variant', async () => {
    const { result } = await resize(manyFrames(100_000), [{ width: 1, format: 'png' }]);
    expect(result.source.pages).toBe(100_000);
  });
});
