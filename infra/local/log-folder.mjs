// @ts-check
// The folder of log files: each is appended to, and put aside when it has grown large.

import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A log above this size (bytes) is renamed to `<name>.old` at the next start; so at most about twice this is kept. */
const LARGE = 20_000_000;

/**
 * @param {string} base
 * @returns {string} the folder
 */
export function openLogFolder(base) {
  const folder = join(base, 'log');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (name.endsWith('.log') && statSync(file).size > LARGE) renameSync(file, `${file}.old`);
  }
  return folder;
}
