// @ts-check
// `npm test`: set-up, checks, servers of its own, every test; nothing is left running. Its last line is
// `N passed, N failed`.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { failureText } from './failure.mjs';
import { checkout, testBase } from './folders.mjs';
import { runChecks } from './run-checks.mjs';
import { TestRun } from './run-tests.mjs';
import { claimBase, releaseBase } from './running-system.mjs';
import { stopLeftovers } from './leftovers.mjs';
import { openLogFolder } from './log-folder.mjs';
import { installDependencies } from './dependencies.mjs';
import { durationText, Steps } from './steps.mjs';
import { stopSignals } from './stop-signals.mjs';
import { parseTestArguments } from './test-arguments.mjs';
import { resultsText } from './test-results.mjs';

process.exitCode = await main(process.argv.slice(2));

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  // Plain lines: Jest writes to the same terminal while servers are being built.
  const steps = new Steps(process.stdout, { live: false });
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined); // see start.mjs
  const { stop, kill } = stopSignals();
  const startedAt = performance.now();
  /** @type {import('./test-results.mjs').Result[]} */
  const results = [];
  /** @type {TestRun | undefined} */
  let run;
  let claimed = false;
  kill.addEventListener('abort', () => run?.kill());
  try {
    const wanted = parseTestArguments(args);
    claimBase(testBase);
    claimed = true;
    await prepare(steps, stop);
    run = new TestRun({ base: testBase, wanted, steps, signal: stop, results });
    run.prepareServers();
    const built = await runChecks({ base: testBase, wanted, steps, signal: stop, results });
    await run.runProjects(built);
  } catch (error) {
    const stopped = stop.aborted;
    steps.print(stopped ? '\nStopped.' : `\n${failureText(error)}`);
    results.push({ title: stopped ? 'stopped' : 'set-up', passed: 0, failed: 1, milliseconds: 0 });
  }
  steps.quiet();
  await run?.stop();
  if (claimed) releaseBase(testBase);
  steps.print(`\nTests took ${durationText(performance.now() - startedAt)}.`);
  steps.print(resultsText(results, durationText));
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

/**
 * Empties the base folder of an earlier run and installs the dependencies.
 * @param {Steps} steps
 * @param {AbortSignal} signal
 */
async function prepare(steps, signal) {
  await stopLeftovers(testBase, (text) => steps.print(text));
  for (const name of [
    'rabbitmq',
    'postgresql',
    'ferretdb',
    'mongod',
    'versitygw',
    'log',
    'results',
    'secrets.json',
  ]) {
    rmSync(join(testBase, name), { recursive: true, force: true });
  }
  const logFile = join(openLogFolder(testBase), 'npm-ci.log');
  // In the checkout's own `.local`, so that a start at the same moment does not install at the same time.
  const base = join(checkout, '.local');
  await steps.run('npm dependencies', (note) => installDependencies({ base, signal, note, logFile }));
}
