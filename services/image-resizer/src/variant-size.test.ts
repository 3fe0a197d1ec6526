import { describe, expect, test } from '@jest/globals';
import { imageResize } from '@offload/contracts/image-resize';
import { decodeSize, variantSize, type Variant } from './variant-size.js';

const source = { width: 1000, height: 600 };
const parse = (...variants: Record<string, unknown>[]): Variant[] =>
  imageResize.input.parse({ source: { url: 'https://example.com/a' }, variants }).variants;

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
    expect(variantSize(source, parse(variant)[0]!)).toEqual({ width, height });
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

describe('the size to decode at', () => {
  test.each([
    ['the largest variant decides', [{ width: 100 }, { width: 500 }, { width: 250 }], [500, 300]],
    ['a crop needs the pixels around it', [{ width: 300, height: 300, fit: 'cover' }], [500, 300]],
    ['each axis counts when distorted', [{ width: 100, height: 300, fit: 'fill' }], [500, 300]],
    ['never above the source', [{ width: 2000, enlarge: true }], [1000, 600]],
  ])('%s', (_name, variants, [width, height]) => {
    expect(decodeSize(source, parse(...variants))).toEqual({ width, height });
  });
});
