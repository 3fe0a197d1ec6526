// @ts-check
// Debian testing moves on; a server that was never run with this project is refused, not tried on your data.

import { SetupFailure } from './failure.mjs';

/**
 * @param {string} server   its name
 * @param {string} version  what was unpacked
 * @param {boolean} known
 * @param {string} variable the environment variable that names a server of one's own
 * @throws {SetupFailure} when the version is not known to work
 */
export function requireVersion(server, version, known, variable) {
  if (known) return;
  throw new SetupFailure(
    `${server} ${version || '(no version found)'} is not a version that this project knows to work`,
    `Debian now has another version of ${server} than the ones that were tested here.`,
    [
      `update this checkout: a later commit may know ${server} ${version}`,
      'or use Docker, which has fixed versions: `docker compose up`',
      `or run a server of your own and set ${variable}`,
    ],
  );
}
