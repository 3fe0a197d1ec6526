// @ts-check
// `npm run worker -- TYPE [COUNT]`: more workers of a type for the system that runs, until Ctrl-C.

import { setTimeout as sleep } from 'node:timers/promises';
import { SetupFailure, failureText } from './failure.mjs';
import { checkout, defaultBase } from './folders.mjs';
import { PrefixedOutput, wantsColours } from './prefixed-output.mjs';
import { readProcessTypes, requireType } from './procfile.mjs';
import { runningEnvironment, systemPid } from './running-system.mjs';
import { Supervisor } from './supervisor.mjs';
import { stopSignals } from './stop-signals.mjs';

process.exitCode = await main(process.argv.slice(2));

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined); // see start.mjs
  const print = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);
  try {
    const { type, count } = wantedWorkers(args);
    const env = runningEnvironment(defaultBase);
    if (!env) throw nothingRuns();
    await runWorkers(type, count, env, print);
    return 0;
  } catch (error) {
    print(failureText(error));
    return 1;
  }
}

/**
 * @param {string[]} args
 * @returns {{ type: import('./procfile.mjs').ProcessType, count: number }}
 */
function wantedWorkers(args) {
  const types = readProcessTypes(checkout).filter(({ name }) => name !== 'web');
  const names = types.map(({ name }) => name);
  const [name = '', countText = '1'] = args;
  requireType(name, names);
  const type = types.find((one) => one.name === name);
  const count = Number(countText);
  if (type && args.length <= 2 && Number.isInteger(count) && count >= 1 && count <= 99)
    return { type, count };
  throw new SetupFailure(
    `\`${args.slice(1).join(' ')}\` is not a number of workers`,
    'It is a number from 1 to 99.',
    ['for example: `npm run worker -- feed-fetcher 2`'],
  );
}

function nothingRuns() {
  const pid = systemPid(defaultBase);
  const why = pid
    ? `Process ${pid} is starting or stopping it.`
    : 'Workers are added to the system of this checkout; it does not run.';
  return new SetupFailure('There is no system to add a worker to', why, [
    'run `npm start` in another terminal, wait until it is ready, and try again',
  ]);
}

/**
 * @param {import('./procfile.mjs').ProcessType} type
 * @param {number} count
 * @param {NodeJS.ProcessEnv} env  of the running system
 * @param {(line: string) => void} print
 */
async function runWorkers(type, count, env, print) {
  const { stop, kill } = stopSignals();
  const suffix = `extra-${process.pid}.`; // `npm start` knows them by it, see EXTRA_WORKER in run-system.mjs
  const output = new PrefixedOutput(print, {
    coloured: wantsColours(process.stdout, process.env),
    width: `${type.name}.${suffix}${count}`.length,
  });
  const supervisor = new Supervisor({
    root: checkout,
    base: defaultBase,
    suffix,
    output: (name, line) => output.line(name, line),
    say: (name, text) => output.line(name, `! ${text}`),
  });
  supervisor.start(type, count, { ...process.env, ...env, PORT: undefined });
  print(
    `${count} × ${type.name} added. Ctrl-C stops ${count === 1 ? 'it' : 'them'}; their tasks are handed back.`,
  );
  while (!stop.aborted && runningEnvironment(defaultBase)) await pause(stop);
  if (!stop.aborted) print('The system is being stopped; so are these workers.');
  kill.addEventListener('abort', () => supervisor.kill());
  await supervisor.stop();
  print('Stopped.');
}

/**
 * Half a second, or less when `signal` is aborted.
 * @param {AbortSignal} signal
 */
async function pause(signal) {
  try {
    await sleep(500, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
