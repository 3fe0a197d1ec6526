import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readEnv } from '@offload/runtime/env';
import { imageEnv } from './image-env.js';

const JSON_TEXT = '{"thumb": {"width": 200, "height": 200, "fit": "cover"}, "wide-2": {"width": 1600}}';
const PRESETS = new Map([
  ['thumb', { width: 200, height: 200, fit: 'cover' }],
  ['wide-2', { width: 1600 }],
]);

test('the defaults: no SVG, no presets, a gibibyte and 45 seconds for an image', () => {
  expect(readEnv({}, imageEnv)).toEqual({
    IMAGE_SVG: 'off',
    IMAGE_PRESETS: new Map(),
    IMAGE_PROCESSES: undefined,
    IMAGE_MEMORY_BYTES: 1_073_741_824,
    IMAGE_TIME_MS: 45_000,
  });
});

test('presets are JSON in the variable, or in the file that it names', () => {
  expect(readEnv({ IMAGE_PRESETS: ` ${JSON_TEXT}` }, imageEnv).IMAGE_PRESETS).toEqual(PRESETS);
  const folder = mkdtempSync(join(tmpdir(), 'offload-presets-'));
  try {
    const path = join(folder, 'presets.json');
    writeFileSync(path, JSON_TEXT);
    expect(readEnv({ IMAGE_PRESETS: path }, imageEnv).IMAGE_PRESETS).toEqual(PRESETS);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['{', /IMAGE_PRESETS: is not JSON/],
  ['/nowhere/presets.json', /IMAGE_PRESETS: is neither JSON nor the path/],
  ['{"Thumb": {}}', /lower-case letters/],
  ['{"a": {"width": 0}, "b": {"heigth": 1}}', /a\.width .*; b .*heigth/],
  ['{"a": {"format": "jpeg", "animated": true}}', /a\.animated an animation is kept in webp/],
  ['{"a": {"preset": "b"}}', /preset/],
])('presets %s stop the start with a reason', (IMAGE_PRESETS, reason) => {
  expect(() => readEnv({ IMAGE_PRESETS }, imageEnv)).toThrow(reason);
});

test('every other fault is told, too', () => {
  const env = { IMAGE_SVG: 'yes', IMAGE_PROCESSES: '0', IMAGE_MEMORY_BYTES: '1', IMAGE_TIME_MS: '99999' };
  expect(() => readEnv(env, imageEnv)).toThrow(
    /IMAGE_SVG.*\n.*IMAGE_PROCESSES.*\n.*IMAGE_MEMORY_BYTES.*\n.*IMAGE_TIME_MS/,
  );
});
