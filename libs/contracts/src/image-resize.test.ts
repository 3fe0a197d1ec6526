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

test.each([
  [
    { width: 1, format: 'jpeg', animated: true },
    'animated',
    'an animation is kept in webp, gif and auto only',
  ],
  [{ width: 1, format: 'gif', lossless: true }, 'lossless', 'is for webp, avif and png'],
  [{ width: 1, colours: 8 }, 'colours', 'is for png and gif'],
  [{ width: 1, format: 'png', maxBytes: 1_000 }, 'maxBytes', 'is for jpeg, webp and avif'],
  [{ width: 1, lossless: true, maxBytes: 1_000 }, 'maxBytes', 'has no quality to lower when lossless'],
  [{ width: 1, animated: true, maxBytes: 1_000 }, 'maxBytes', 'is not for animations'],
  [
    { width: 1, trim: {}, crop: { left: 0, top: 0, width: 1, height: 1 } },
    'trim',
    'give trim or crop, not both',
  ],
  [{ width: 1, animated: true, page: 1 }, 'page', 'an animation is all of its frames'],
  [{ width: 1, grayscale: true, keepProfile: true }, 'keepProfile', 'has no colours to keep in grayscale'],
  [{ width: 1, animated: true, keepProfile: true }, 'keepProfile', 'is not for animations'],
])('options that contradict each other are refused at the one to blame: %j', (variant, field, message) => {
  expect(imageResize.input.safeParse({ source, variants: [variant] }).error?.issues).toMatchObject([
    { path: ['variants', 0, field], message },
  ]);
});

test('what a preset will say is not held against a variant before it is known', () => {
  expect(
    imageResize.input.safeParse({ source, variants: [{ preset: 'moving', animated: true }] }).success,
  ).toBe(true);
});

test('names are made from the preset; what is not known yet has no extension', () => {
  expect(
    names([
      { preset: 'thumb' },
      { preset: 'thumb', format: 'png' },
      { preset: 'thumb', width: 9 },
      { width: 9, format: 'auto' },
      { preset: 'thumb' },
    ]),
  ).toEqual(['thumb', 'thumb.png', 'thumb-w9', 'w9', 'thumb-2']);
});
