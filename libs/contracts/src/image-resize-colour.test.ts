import { expect, test } from '@jest/globals';
import { colour } from './image-resize-colour.js';

test.each([
  '#fff',
  '#FFF8',
  '#c04020',
  '#c0402080',
  'rgb(1, 2, 3)',
  'rgb(255,255,255)',
  'rgba(0, 0, 0, 0.5)',
  'RGBA(0,0,0,1)',
  'navy',
  'RebeccaPurple',
  'transparent',
])('%s is a colour', (text) => {
  expect(colour.parse(text)).toBe(text);
});

test.each([
  '',
  '#',
  '#ff',
  '#fffff',
  '#ggg',
  'rgb(256, 0, 0)',
  'rgb(1, 2)',
  'rgba(0, 0, 0, 2)',
  'rgb(-1, 0, 0)',
  'url(http://example.com/)',
  'constructor',
  'navy;',
  ' navy',
])('%j is none', (text) => {
  expect(colour.safeParse(text).success).toBe(false);
});
