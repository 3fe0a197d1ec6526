// @ts-check
// Turns what a tool printed when it failed into a message that says what to do. The patterns are the tools' own
// words: apt, npm, Go and the C library's resolver.

import { SetupFailure } from './failure.mjs';
import { CommandFailed } from './run-command.mjs';

/**
 * @typedef {object} FailedStep
 * @property {string} step       what was being done, for example `RabbitMQ`
 * @property {string} [variable] the environment variable that names a server of one's own
 * @property {string} [logFile]
 */

const noNetwork =
  /Temporary failure resolving|Could not resolve|Temporary failure in name resolution|ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|ETIMEDOUT|dial tcp.*(lookup|i\/o timeout|network is unreachable|connection refused)|Could not connect to|Failed to connect|Network is unreachable|unable to connect|network (request|connectivity)/i;

const diskFull =
  /ENOSPC|No space left on device|not enough free (disk )?space|You don't have enough free space/i;

/**
 * @param {unknown} error
 * @param {FailedStep} failed
 * @returns {unknown} a SetupFailure where there is something to say, else the error itself
 */
export function explainFailure(error, failed) {
  const code = error instanceof Error ? /** @type {NodeJS.ErrnoException} */ (error).code : undefined;
  if (code === 'ENOSPC') return diskIsFull(failed, /** @type {Error} */ (error).message);
  if (!(error instanceof CommandFailed)) return error;
  const { command, output, ending } = error;
  const tool = command.split(' ')[0]?.split('/').at(-1) ?? '';
  if (ending === 'ENOENT') return toolMissing(failed, tool);
  if (diskFull.test(output)) return diskIsFull(failed, matchingLine(output, diskFull));
  if (noNetwork.test(output)) return networkIsDown(failed, matchingLine(output, noNetwork));
  if (tool === 'apt-get') return aptFailed(failed, output);
  if (tool === 'npm') return npmFailed(failed, output);
  return commandFailed(failed, error);
}

/**
 * @param {FailedStep} failed
 * @returns {string[]}
 */
function otherWays({ variable, logFile }) {
  return [
    ...(variable ? [`or run a server of your own and set ${variable}`] : []),
    'or use Docker: `docker compose up` (see README.md)',
    ...(logFile ? [`everything it printed is in ${logFile}`] : []),
  ];
}

/**
 * @param {string} output
 * @param {RegExp} pattern
 */
function matchingLine(output, pattern) {
  const lines = output.split('\n').filter((line) => pattern.test(line));
  return lines.reduce((longest, line) => (line.trim().length > longest.length ? line.trim() : longest), '');
}

/**
 * @param {FailedStep} failed
 * @param {string} detail
 */
function networkIsDown(failed, detail) {
  return new SetupFailure(`${failed.step}: the network cannot be reached`, detail, [
    "check the connection (and a proxy: HTTP_PROXY, HTTPS_PROXY, apt's and npm's own settings), then start again; what was fetched is kept",
    ...otherWays(failed),
  ]);
}

/**
 * @param {FailedStep} failed
 * @param {string} detail
 */
export function diskIsFull(failed, detail) {
  return new SetupFailure(`${failed.step}: the disk is full`, detail, [
    'free about 2.5 GB (`df -h` shows where), then start again',
    'or have the servers elsewhere: set XDG_CACHE_HOME to a folder on a larger disk',
    ...otherWays(failed),
  ]);
}

/**
 * @param {FailedStep} failed
 * @param {string} tool
 */
function toolMissing(failed, tool) {
  return new SetupFailure(
    `${failed.step}: the program ${tool} was not found`,
    `There is no \`${tool}\` on PATH.`,
    [
      `install it (on Debian: \`apt-get install ${tool === 'apt-get' ? 'apt' : tool}\`), then start again`,
      ...otherWays(failed),
    ],
  );
}

/**
 * @param {FailedStep} failed
 * @param {string} output
 */
function aptFailed(failed, output) {
  const errors = output.split('\n').filter((line) => /^(E|W|Err|Ign):/.test(line));
  const detail = errors.join('\n') || lastOf(output);
  if (/Unable to locate package|has no installation candidate/.test(output)) {
    return new SetupFailure(`${failed.step}: Debian does not have the package any more`, detail, [
      'update this checkout: a later commit may know its new name',
      ...otherWays(failed),
    ]);
  }
  if (/NO_PUBKEY|EXPKEYSIG|signatures? (were|was|couldn't|could not)|is not signed/.test(output)) {
    return new SetupFailure(`${failed.step}: the signature of Debian's archive cannot be checked`, detail, [
      'update the keys: `apt-get install debian-archive-keyring`, then start again',
      'check the clock of this machine (`date`)',
      ...otherWays(failed),
    ]);
  }
  return new SetupFailure(`${failed.step}: apt failed`, detail, [
    'start again: a mirror may have been out of step for a moment',
    'or set OFFLOAD_DEBIAN_MIRROR to the URL of another Debian mirror',
    ...otherWays(failed),
  ]);
}

/**
 * @param {FailedStep} failed
 * @param {string} output
 */
function npmFailed(failed, output) {
  const errors = output.split('\n').filter((line) => /^npm (ERR!|error) ./.test(line));
  const usage = errors.findIndex((line) => line.includes('Clean install a project'));
  const detail = errors.slice(0, usage < 0 ? 12 : usage).join('\n') || lastOf(output);
  if (/package\.json and package-lock\.json .*in sync/.test(output)) {
    return new SetupFailure(
      `${failed.step}: package.json and package-lock.json do not belong together`,
      detail,
      [
        'if you changed a dependency: run `npm install`, and commit both files',
        'if not: take both files from the same commit (`git status` shows changes)',
      ],
    );
  }
  if (/EACCES|EPERM/.test(output)) {
    return new SetupFailure(`${failed.step}: npm may not write here`, detail, [
      'have the checkout, node_modules and ~/.npm owned by the user who runs this (`ls -ld` shows the owner)',
    ]);
  }
  return new SetupFailure(`${failed.step}: npm failed`, detail, [
    'start again; if it fails in the same way, remove node_modules first',
    'Node 20.19 or later is needed (`node --version`)',
    ...otherWays(failed),
  ]);
}

/**
 * @param {FailedStep} failed
 * @param {CommandFailed} error
 */
function commandFailed(failed, error) {
  const why = `\`${error.command}\` ended with ${error.ending}:\n${lastOf(error.output)}`;
  return new SetupFailure(`${failed.step} failed`, why, ['see the output above', ...otherWays(failed)]);
}

/** @param {string} output */
function lastOf(output) {
  return output.trim().split('\n').slice(-15).join('\n');
}
