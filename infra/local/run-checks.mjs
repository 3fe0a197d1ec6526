// @ts-check
// The checks before the tests: format, lint, types, generated files. Each counts as one passed or failed.

import { join } from 'node:path';
import { buildAll } from './build.mjs';
import { failureText } from './failure.mjs';
import { checkout } from './folders.mjs';
import { CommandFailed, runCommand } from './run-command.mjs';

/**
 * @typedef {object} CheckOptions
 * @property {string} base
 * @property {import('./test-arguments.mjs').Wanted} wanted
 * @property {import('./steps.mjs').Steps} steps
 * @property {AbortSignal} signal
 * @property {import('./test-results.mjs').Result[]} results  gets one entry a check
 */

/** @param {string} name of a program that npm has installed */
const program = (name) => join(checkout, 'node_modules/.bin', name);

/**
 * @param {CheckOptions} options
 * @returns {Promise<boolean>} whether compiled code is there (if any part needs it)
 */
export async function runChecks(options) {
  const { base, wanted, signal } = options;
  const log = (/** @type {string} */ name) => join(base, 'log', `${name}.log`);
  const tool = (/** @type {string} */ file, /** @type {string[]} */ args) =>
    runCommand(file, args, {
      cwd: checkout,
      signal,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
  if (wanted.checks.includes('format')) {
    await check(options, 'format (prettier)', () => tool(program('prettier'), ['--check', '.']));
  }
  if (wanted.checks.includes('lint')) {
    await check(options, 'lint (eslint)', () => tool(program('eslint'), ['.']));
  }
  let built = true;
  if (wanted.build) {
    built = await check(options, 'types and build (tsc)', (note) =>
      buildAll({ base: join(checkout, '.local'), signal, note, logFile: log('build') }),
    );
  }
  if (wanted.checks.includes('types')) {
    await check(options, 'types of infra/local', () => tool(program('tsc'), ['-p', 'infra/local']));
  }
  if (wanted.checks.includes('generated') && built) {
    await check(options, 'generated files are up to date', () =>
      tool('npm', ['run', '--silent', 'gen:check']),
    );
  }
  return built;
}

/**
 * @param {CheckOptions} options
 * @param {string} title
 * @param {(note: (text: string) => void) => Promise<unknown>} work
 * @returns {Promise<boolean>}
 */
async function check({ steps, signal, results }, title, work) {
  const startedAt = performance.now();
  let passed = true;
  try {
    await steps.run(title, work);
  } catch (error) {
    signal.throwIfAborted();
    passed = false;
    steps.print(error instanceof CommandFailed ? error.output.trim() : failureText(error));
  }
  const milliseconds = performance.now() - startedAt;
  results.push({ title, passed: passed ? 1 : 0, failed: passed ? 0 : 1, milliseconds });
  return passed;
}
