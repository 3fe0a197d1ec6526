import { describe, expect, test } from '@jest/globals';
import { imageResize } from '@offload/contracts/image-resize';
import { completeVariant, type Variant } from './complete-variant.js';
import { decodeScale, placed, projected, regionOf, turnedSize, variantSize } from './variant-size.js';

const source = { width: 1000, height: 600 };
const parse = (...variants: Record<string, unknown>[]): Variant[] =>
  imageResize.input
    .parse({ source: { url: 'https://example.com/a' }, variants })
    .variants.map((asked) => completeVariant(asked, new Map()));

describe('the size of a variant', () => {
  test.each([
    ['the other side follows the width', { width: 333 }, [333, 200]],
    ['the other side follows the height', { height: 300 }, [500, 300]],
    ['fit does not matter with one side', { height: 300, fit: 'cover' }, [500, 300]],
    ['inside: both sides are limits', { width: 500, height: 500 }, [500, 300]],
    ['outside: both sides are minima', { width: 300, height: 300, fit: 'outside' }, [500, 300]],
    ['cover: exact, cropped', { width: 300, height: 300, fit: 'cover' }, [300, 300]],
    ['contain: exact, with a border', { width: 300, height: 300, fit: 'contain' }, [300, 300]],
    ['fill: exact, distorted', { width: 300, height: 300, fit: 'fill' }, [300, 300]],
    ['a small image is not enlarged', { width: 2000 }, [1000, 600]],
    [
      'cover of a small image: cropped to what there is',
      { width: 2000, height: 300, fit: 'cover' },
      [1000, 300],
    ],
    ['fill of a small image: each side for itself', { width: 2000, height: 300, fit: 'fill' }, [1000, 300]],
    [
      'contain of a small image: the border makes up',
      { width: 2000, height: 900, fit: 'contain' },
      [2000, 900],
    ],
    ['enlarged when asked for', { width: 2000, enlarge: true }, [2000, 1200]],
    [
      'cover, enlarged when asked for',
      { width: 2000, height: 100, fit: 'cover', enlarge: true },
      [2000, 100],
    ],
    ['never less than a pixel', { width: 1 }, [1, 1]],
  ])('%s', (_name, variant, [width, height]) => {
    expect(variantSize(source, parse(variant)[0]!).final).toEqual({ width, height });
  });

  test.each([
    ['a side that follows', { width: 10, height: 20_000 }, { width: 16_000, enlarge: true }, 'side-too-long'],
    ['all pixels together', source, { width: 16_000, enlarge: true }, 'too-many-pixels'],
    ['a border', source, { width: 16_000, height: 16_000, fit: 'contain' }, 'too-many-pixels'],
  ])('%s past the limit is refused for good', (_name, from, variant, code) => {
    const refused = expect.objectContaining({ code, retry: 'no' }) as unknown as Error;
    expect(() => variantSize(from, parse(variant)[0]!)).toThrow(refused);
  });
});

test('what cover cuts off may be longer than a variant may', () => {
  const panorama = { width: 20_000, height: 2 };
  const [cover, inside] = parse({ width: 100, height: 100, fit: 'cover' }, { width: 20_000 - 4_000 });
  expect(variantSize(panorama, cover!).final).toEqual({ width: 100, height: 2 });
  expect(variantSize(panorama, inside!).final).toEqual({ width: 16_000, height: 2 });
});

describe('the share of the source that is decoded', () => {
  test.each([
    ['as large as the variant', { width: 500 }, 0.5],
    ['a cover needs the pixels around its cut', { width: 300, height: 300, fit: 'cover' }, 0.5],
    ['each axis counts when distorted', { width: 100, height: 300, fit: 'fill' }, 0.5],
    [
      'a crop is a small part, so more of the whole',
      { width: 100, crop: { left: 0, top: 0, width: 200, height: 100 } },
      0.5,
    ],
    ['what is turned has its sides exchanged', { width: 300, rotate: 90 }, 0.5],
    ['never above the source', { width: 2000, enlarge: true }, 1],
    ['a trim looks at all pixels', { width: 10, trim: {} }, 1],
  ])('%s', (_name, variant, scale) => {
    expect(decodeScale(source, parse(variant)[0]!)).toBeCloseTo(scale);
  });

  test('an SVG is decoded above its own size', () => {
    expect(decodeScale(source, parse({ width: 2000, enlarge: true })[0]!, Infinity)).toBe(2);
  });
});

describe('a crop', () => {
  const crop = (left: number, top: number, width: number, height: number) => ({
    crop: { left, top, width, height },
  });

  test('that reaches beyond the picture is cut', () => {
    expect(regionOf(source, crop(900, 500, 400, 400))).toEqual({
      left: 900,
      top: 500,
      width: 100,
      height: 100,
    });
  });

  test.each([
    ['to the right', crop(1000, 0, 10, 10)],
    ['below', crop(0, 600, 10, 10)],
  ])('that lies outside, %s, is refused for good', (_where, variant) => {
    const refused = expect.objectContaining({ code: 'crop-outside', retry: 'no' }) as unknown as Error;
    expect(() => regionOf(source, variant)).toThrow(refused);
  });

  test('finds its place in smaller pixels, whole ones, never none', () => {
    const half = { width: 500, height: 300 };
    expect(projected({ left: 101, top: 100, width: 200, height: 51 }, source, half)).toEqual({
      left: 51,
      top: 50,
      width: 100,
      height: 26,
    });
    expect(projected({ left: 999, top: 599, width: 1, height: 1 }, source, { width: 10, height: 6 })).toEqual(
      {
        left: 9,
        top: 5,
        width: 1,
        height: 1,
      },
    );
  });
});

test.each([
  [0, 1000, 600],
  [90, 600, 1000],
  [-90, 600, 1000],
  [180, 1000, 600],
  [45, 1131, 1131],
])('turned by %d° a picture has the size of the box around it', (degrees, width, height) => {
  expect(turnedSize(source, degrees)).toEqual({ width, height });
});

test.each([
  ['centre', 45, 20],
  ['center', 45, 20],
  ['top', 45, 0],
  ['bottom', 45, 40],
  ['left', 0, 20],
  ['right', 90, 20],
  ['top-left', 0, 0],
  ['top-right', 90, 0],
  ['bottom-left', 0, 40],
  ['bottom-right', 90, 40],
  [{ x: 0.5, y: 0.5 }, 45, 20],
  [{ x: 0.2, y: 0.3 }, 15, 8],
  [{ x: 0, y: 1 }, 0, 40],
] as const)('the position %j cuts at %d, %d', (position, left, top) => {
  expect(placed({ width: 100, height: 60 }, { width: 10, height: 20 }, position)).toEqual({ left, top });
});
