import { expect, test } from '@jest/globals';
import { resize, refusal } from '../../../test/support/resize.js';
import { plain } from '../../../test/support/images.js';
import { completeVariant, type Presets } from './complete-variant.js';

const presets: Presets = new Map([
  ['thumb', { width: 20, height: 20, fit: 'cover', format: 'jpeg', quality: 70 }],
  ['moving', { width: 20, format: 'webp', animated: true }],
  ['plain', {}],
]);

test('what is given wins over the preset, which wins over the defaults', () => {
  expect(completeVariant({ preset: 'thumb', quality: 90, height: undefined }, presets)).toEqual({
    width: 20,
    height: 20,
    fit: 'cover',
    format: 'jpeg',
    quality: 90,
    enlarge: false,
    position: 'centre',
  });
});

test.each([
  [presets, 'configured are thumb, moving, plain'],
  [new Map() as Presets, 'none is configured'],
])('an unknown preset is refused for good, the known ones named', (known, message) => {
  const refused = {
    code: 'unknown-preset',
    retry: 'no',
    message: expect.stringContaining(message),
  };
  expect(() => completeVariant({ preset: 'thmub' }, known)).toThrow(expect.objectContaining(refused));
});

test('options that contradict the preset are refused for good', () => {
  const refused = {
    code: 'input-invalid',
    retry: 'no',
    message: 'With the preset moving, animated: an animation is kept in webp, gif and auto only.',
  };
  expect(() => completeVariant({ preset: 'moving', format: 'jpeg' }, presets)).toThrow(
    expect.objectContaining(refused),
  );
});

test('a task may use presets; the name is that of the preset', async () => {
  const image = await plain().png().toBuffer();
  const run = await resize(
    image,
    [{ preset: 'thumb' }, { preset: 'thumb', width: 10, format: 'png' }, { preset: 'plain' }],
    {
      handler: { presets },
    },
  );
  expect(run.result.variants.map(({ file, format, width, height }) => [file, format, width, height])).toEqual(
    [
      ['thumb', 'jpeg', 20, 20],
      ['thumb-w10.png', 'png', 10, 20],
      ['plain', 'webp', 300, 200],
    ],
  );
  expect(await refusal(resize(image, [{ preset: 'other' }], { handler: { presets } }))).toMatchObject({
    code: 'unknown-preset',
  });
});
