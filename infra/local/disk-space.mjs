// @ts-check
// Looks at the free disk space before minutes are spent on filling it.

import { mkdirSync, statfsSync } from 'node:fs';
import { diskIsFull } from './explain-failure.mjs';

const GB = 1_000_000_000;

/** What the first start needs at its worst: downloads and unpacked packages side by side, Go's caches. */
export const FIRST_START_BYTES = 2.5 * GB;

/**
 * @param {string} folder  made when it is not there
 * @param {number} bytes
 * @param {string} step
 * @throws {import('./failure.mjs').SetupFailure}
 */
export function requireDiskSpace(folder, bytes, step) {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const text = (/** @type {number} */ size) => `${(size / GB).toFixed(1)} GB`;
  throw diskIsFull({ step }, `${folder} has ${text(free)} free; about ${text(bytes)} are needed.`);
}
