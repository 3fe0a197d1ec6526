// @ts-check
// `npm start`: everything, until Ctrl-C. Arguments `type=count` set how many processes of a type run.

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { failureText } from './failure.mjs';
import { checkout, defaultBase } from './folders.mjs';
import { PrefixedOutput, wantsColours } from './prefixed-output.mjs';
import { parseCounts, readProcessTypes } from './procfile.mjs';
import { System } from './run-system.mjs';
import { Steps } from './steps.mjs';
import { stopSignals } from './stop-signals.mjs';

/** Something that runs beside the system once it is ready, and is stopped before it. @typedef {{ start: () => void, stop: () => Promise<void> }} Companion */
/** @typedef {(context: import('./code-watcher.mjs').WatcherContext) => Companion} MakeCompanion */

/**
 * @param {string[]} args
 * @param {MakeCompanion} [makeCompanion]
 * @returns {Promise<number>} the exit code
 */
export async function main(args, makeCompanion) {
  const steps = new Steps();
  // A terminal that was closed takes no more text; stopping in good order must go on all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const failed = new AbortController();
  const { stop, kill } = stopSignals();
  /** @type {System | undefined} */
  let system;
  /** @type {Companion | undefined} */
  let companion;
  let code = 0;
  kill.addEventListener('abort', () => {
    steps.print('Killing everything at once.');
    system?.kill();
  });
  try {
    const types = readProcessTypes(checkout);
    const names = types.map(({ name }) => name);
    const prefixed = new PrefixedOutput((line) => steps.print(line), {
      coloured: wantsColours(process.stdout, process.env),
      width: Math.max(...names.map((name) => name.length + 2)),
    });
    const output = (/** @type {string} */ name, /** @type {string} */ line) => prefixed.line(name, line);
    system = new System({
      base: defaultBase,
      types,
      counts: parseCounts(args, names),
      env: process.env,
      steps,
      output,
      say: (name, text) => output(name, `! ${text}`),
      signal: AbortSignal.any([stop, failed.signal]),
    });
    const { supervisor } = system;
    await system.start((banner) => {
      companion = makeCompanion?.({ root: checkout, base: defaultBase, types, supervisor, output });
      companion?.start();
      steps.print(banner);
    });
    await aborted(stop);
  } catch (error) {
    if (!stop.aborted) {
      code = 1;
      steps.print(`\n${failureText(error)}\n`);
      failed.abort(error);
    }
  }
  steps.quiet();
  if (!system?.begun) return code;
  steps.print('Stopping (again Ctrl-C: at once) …');
  await companion?.stop();
  await system.stop();
  steps.print('Stopped.');
  return code;
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function aborted(signal) {
  if (signal.aborted) return Promise.resolve();
  const keep = setInterval(() => undefined, 60_000); // a promise alone does not keep the process
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      clearInterval(keep);
      resolve();
    });
  });
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
