import { expect, test } from '@jest/globals';
import { imageResize } from '@offload/contracts/image-resize';
import { EMPTY_ROW, faultOfRow, rowOf, savingInWords, urlIn, VARIANT_SETS, variantOf } from './variants.js';

test.each(VARIANT_SETS.map((set) => [set.name, set] as const))(
  'the set %j is accepted, and stays the same as rows',
  (_name, { variants }) => {
    const asRows = variants.map((variant) => variantOf(rowOf(variant)));
    const parse = (given: unknown) =>
      imageResize.input.parse({ source: { url: 'https://example.com/a.png' }, variants: given });
    expect(parse(asRows)).toEqual(parse(variants));
    for (const variant of variants) expect(faultOfRow(rowOf(variant))).toBeNull();
  },
);

test('a row asks for what was typed and nothing else', () => {
  expect(variantOf({ ...EMPTY_ROW, width: ' 64 ' })).toEqual({ width: 64, format: 'webp' });
  expect(variantOf({ ...EMPTY_ROW, preset: 'thumb' })).toEqual({ preset: 'thumb' });
  expect(variantOf({ ...EMPTY_ROW, preset: 'thumb', format: 'png', quality: '60' })).toEqual({
    preset: 'thumb',
    format: 'png',
    quality: 60,
  });
  expect(variantOf({ ...EMPTY_ROW, width: '2', height: '3', fit: 'cover' })).toMatchObject({
    fit: 'cover',
    position: 'attention',
  });
});

test.each([
  [{ width: '0' }, /width/],
  [{ width: '64.5' }, /width/],
  [{ height: '99999' }, /height/],
  [{ width: '64', quality: '101' }, /quality/],
  [{}, /Give a width/],
])('a row with %j is told what is wrong', (given, words) => {
  expect(faultOfRow({ ...EMPTY_ROW, ...given })).toMatch(words);
});

test.each([
  [13, 100, '87 % smaller'],
  [150, 100, '50 % larger'],
  [100, 100, 'as large as the source'],
  [1, 100_000, 'over 99 % smaller'],
  [0, 0, ''],
])('%d bytes of %d are %j', (bytes, source, words) => {
  expect(savingInWords(bytes, source)).toBe(words);
});

test.each([
  ['https://example.com/a.png', 'https://example.com/a.png'],
  ['# a list\r\nhttp://example.com/b\r\nhttp://example.com/c', 'http://example.com/b'],
  ['  https://example.com/ü  ', 'https://example.com/ü'],
  ['see https://example.com', null],
  ['javascript:alert(1)', null],
  ['file:///etc/passwd', null],
  ['https://', null],
  ['', null],
])('the text %j holds the URL %j', (text, url) => {
  expect(urlIn(text)).toBe(url);
});
