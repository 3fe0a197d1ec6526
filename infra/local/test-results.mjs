// @ts-check
// Adds up what passed and failed, over Jest's projects and the checks before them.

import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ title: string, passed: number, failed: number, milliseconds: number }} Result */

/**
 * Reads the file of `jest --json --outputFile`. A suite that could not run at all counts as one failure.
 * @param {string} file
 * @param {boolean} exitedWell  whether Jest ended with code 0
 * @returns {{ passed: number, failed: number }}
 */
export function readJestResults(file, exitedWell) {
  if (!existsSync(file)) return { passed: 0, failed: exitedWell ? 0 : 1 };
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  // For example no test found, or a coverage threshold: Jest is not content, so neither are we.
  const counted = failed === 0 && !exitedWell ? 1 : failed;
  return { passed: results.numPassedTests, failed: counted };
}

/**
 * @param {Result[]} results
 * @param {(milliseconds: number) => string} duration
 * @returns {string} a table, and as its last line `N passed, N failed`, which tools look for
 */
export function resultsText(results, duration) {
  const width = Math.max(0, ...results.map(({ title }) => title.length));
  const rows = results.map(({ title, passed, failed, milliseconds }) => {
    const mark = failed > 0 ? '✗' : '✓';
    return `  ${mark} ${title.padEnd(width)}  ${passed} passed, ${failed} failed  (${duration(milliseconds)})`;
  });
  const sum = (/** @type {'passed' | 'failed'} */ key) => results.reduce((total, one) => total + one[key], 0);
  return ['', 'Summary', ...rows, '', `${sum('passed')} passed, ${sum('failed')} failed`].join('\n');
}
