// @ts-check
// What `npm test` is to run: everything, or the parts named by `--only`.

import { SetupFailure } from './failure.mjs';

/** The checks before the tests, in their order. */
export const CHECKS = /** @type {const} */ (['format', 'lint', 'types', 'generated']);

/** Jest's projects, in their order; `long` runs only when it is named. */
export const PROJECTS = /** @type {const} */ (['unit', 'integration', 'e2e', 'browser', 'chaos', 'long']);

/**
 * @typedef {object} Wanted
 * @property {string[]} checks
 * @property {string[]} projects
 * @property {string[]} jestArgs  passed on to Jest
 * @property {boolean} servers    whether a project needs them
 * @property {boolean} build      whether a part needs compiled code
 * @property {boolean} browser
 */

/**
 * @param {string[]} args  `[--only=a,b] [-- jest arguments]`
 * @returns {Wanted}
 * @throws {SetupFailure}
 */
export function parseTestArguments(args) {
  const cut = args.indexOf('--');
  const own = cut < 0 ? args : args.slice(0, cut);
  const jestArgs = cut < 0 ? [] : args.slice(cut + 1);
  /** @type {string[]} */
  const all = [...CHECKS, ...PROJECTS];
  let parts = all.filter((part) => part !== 'long');
  for (const arg of own) {
    const match = /^--only=(.+)$/.exec(arg);
    if (!match) throw unknown(`\`${arg}\` is not an option of npm test`, all);
    parts = (match[1] ?? '').split(',');
    const wrong = parts.find((part) => !all.includes(part));
    if (wrong !== undefined) throw unknown(`There is no part \`${wrong}\` of the tests`, all);
  }
  const checks = CHECKS.filter((check) => parts.includes(check));
  const projects = PROJECTS.filter((project) => parts.includes(project));
  const servers = projects.some((project) => project !== 'unit');
  const build = servers || parts.includes('types') || parts.includes('generated');
  return { checks, projects, jestArgs, servers, build, browser: projects.includes('browser') };
}

/**
 * @param {string} what
 * @param {string[]} all
 */
function unknown(what, all) {
  return new SetupFailure(what, `The parts are: ${all.join(', ')}.`, [
    'for example: `npm test -- --only=unit,integration`',
    'arguments for Jest come after another `--`: `npm test -- --only=unit -- -t "hands back"`',
  ]);
}
