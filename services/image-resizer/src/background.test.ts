import { expect, test } from '@jest/globals';
import { CSS_COLOURS, colour } from '@offload/contracts/image-resize-colour';
import { backgroundOf } from './background.js';

test('every colour of the contract is known to sharp', async () => {
  expect(CSS_COLOURS.size).toBe(149);
  for (const background of CSS_COLOURS) {
    expect(colour.safeParse(background).success).toBe(true);
    const { border } = await backgroundOf({ format: 'png', background });
    expect(border.alpha).toBe(background === 'transparent' ? 0 : 1);
  }
});

test.each([
  ['jpeg', undefined, { border: [255, 255, 255, 1], behind: [255, 255, 255, 1] }],
  ['jpeg', '#0008', { border: [119, 119, 119, 1], behind: [119, 119, 119, 1] }],
  ['png', undefined, { border: [255, 255, 255, 0], behind: null }],
  ['png', '#00ff00', { border: [0, 255, 0, 1], behind: [0, 255, 0, 1] }],
  ['webp', 'rgba(0, 0, 255, 0)', { border: [0, 0, 255, 0], behind: null }],
  ['auto', 'white', { border: [255, 255, 255, 1], behind: [255, 255, 255, 1] }],
] as const)('%s on %s', async (format, background, expected) => {
  const { border, behind } = await backgroundOf({ format, background });
  expect({ border: Object.values(border), behind: behind && Object.values(behind) }).toEqual(expected);
});
