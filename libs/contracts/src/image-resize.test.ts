import { expect, test } from '@jest/globals';
import { imageResize, variantNames } from './image-resize.js';

const source = { url: 'https://example.com/photo.jpg' };
const names = (variants: Record<string, unknown>[]): string[] =>
  variantNames(imageResize.input.parse({ source, variants }).variants);

test('a variant without a name gets one made from what was asked', () => {
  expect(
    names([
      { width: 64 },
      { height: 32, format: 'png' },
      { width: 64, height: 32, format: 'jpeg' },
      { name: 'own.webp', width: 8 },
    ]),
  ).toEqual(['w64.webp', 'h32.png', 'w64-h32.jpg', 'own.webp']);
});

test('names that are made never meet each other or a given one', () => {
  expect(
    names([
      { width: 64, quality: 90 },
      { width: 64, quality: 40 },
      { name: 'w64-2.webp', width: 9 },
    ]),
  ).toEqual(['w64.webp', 'w64-3.webp', 'w64-2.webp']);
});

test('a name given twice is refused at the second one', () => {
  const variants = [
    { name: 'a.webp', width: 1 },
    { name: 'a.webp', width: 2 },
  ];
  expect(imageResize.input.safeParse({ source, variants }).error?.issues).toMatchObject([
    { path: ['variants', 1, 'name'], message: 'another variant has this name' },
  ]);
});

test('a variant without a side is refused', () => {
  expect(imageResize.input.safeParse({ source, variants: [{ format: 'png' }] }).error?.issues).toMatchObject([
    { path: ['variants', 0, 'width'] },
  ]);
});
