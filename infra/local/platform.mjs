// @ts-check
// Which system this is: the servers come from Debian's packages, so only its releases with a new enough apt
// and keyring, on its two common architectures, are supported (and tested).

import { readFileSync } from 'node:fs';
import { SetupFailure } from './failure.mjs';

/**
 * @typedef {object} Platform
 * @property {string} codename      of the Debian release: `bookworm` or `trixie`
 * @property {string} architecture  Debian's name: `amd64` or `arm64`
 * @property {string} triplet       the folder of its libraries, `x86_64-linux-gnu`
 * @property {string} loader        the ELF interpreter's file name
 */

/** @type {Record<string, Pick<Platform, 'architecture' | 'triplet' | 'loader'>>} */
const architectures = {
  x64: { architecture: 'amd64', triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { architecture: 'arm64', triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

const supportedReleases = new Map([
  ['12', 'bookworm'],
  ['13', 'trixie'],
]);

/**
 * @param {string} osRelease   the text of /etc/os-release (os-release(5)); '' when there is none
 * @param {string} processArch Node's `process.arch`
 * @returns {Platform}
 * @throws {SetupFailure} on anything but Debian 12 or 13 on amd64 or arm64
 */
export function platformOf(osRelease, processArch) {
  /** @type {Map<string, string>} */
  const fields = new Map();
  for (const line of osRelease.split('\n')) {
    const match = /^([A-Z_]+)="?(.*?)"?$/.exec(line);
    if (match) fields.set(match[1] ?? '', match[2] ?? '');
  }
  const codename =
    fields.get('ID') === 'debian' ? supportedReleases.get(fields.get('VERSION_ID') ?? '') : undefined;
  const architecture = architectures[processArch];
  if (codename && architecture) return { codename, ...architecture };
  const name = fields.get('PRETTY_NAME') ?? `an unknown system (${process.platform})`;
  throw new SetupFailure(
    `The local servers cannot be set up on ${name}, ${processArch}`,
    'They are made from Debian packages, which works on Debian 12 or 13 on amd64 or arm64.',
    [
      'with Docker: run `docker compose up` instead (see README.md), or',
      'give the servers yourself: set AMQP_URL, MONGODB_URI, S3_ENDPOINT, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; those that are set are not started here',
    ],
  );
}

/**
 * The platform we run on.
 * @returns {Platform}
 */
export function thisPlatform() {
  let text = '';
  try {
    text = readFileSync('/etc/os-release', 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
  return platformOf(text, process.arch);
}
